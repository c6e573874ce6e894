# SPDX-License-Identifier: Apache-2.0
# setup.mk - the two commands of README, and what they need.

run: setup
	@$(MAKE) --no-print-directory -j2 medley
	./medley run examples/quickstart/network.yaml

test: setup
	@$(MAKE) --no-print-directory -j2 medley WERROR=-Werror
	@MAKE=$(MAKE) test/all check check-network check-kubernetes

# Boots real networks: S=30 runs one scenario.
check-network: medley
	@test/run-network $(wildcard $(S:%=test/network/%*.sh))

setup:
	@./setup

.PHONY: run test check-network setup
