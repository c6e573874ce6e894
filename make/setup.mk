# SPDX-License-Identifier: Apache-2.0
# setup.mk - the Debian packages that are needed, and the first command of README.

run: setup
	@$(MAKE) --no-print-directory -j2 medley
	./medley run examples/quickstart/network.yaml

setup:
	@./setup

setup-test:
	@./setup test

setup-kubernetes:
	@./setup kubernetes

.PHONY: run setup setup-test setup-kubernetes
