# SPDX-License-Identifier: Apache-2.0
# setup.mk - the two commands of README, and what they need.

test: setup
	+$(MAKE) medley WERROR=-Werror
	+$(MAKE) check

setup:
	@./setup

.PHONY: test setup
