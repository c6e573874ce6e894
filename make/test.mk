# SPDX-License-Identifier: Apache-2.0
# test.mk - the gate, and scenarios on real nodes; HACKING.md says when each runs.

# The runner makes targets by this make. (Its name in a recipe would have
# `make -n` run the scenarios.)
export MAKE

# What a commit must pass. test-all: every scenario, not only the gate's.
test: WHICH = gate
test-all: WHICH = all
test test-all: export WERROR = -Werror
test test-all: setup-test
	@$(MAKE) --no-print-directory -j$(shell nproc) medley
	@test/run-scenarios -r -m lint -m check -m asan $(WHICH)

# What `make test` would run now, and why.
test-plan:
	@test/select-scenarios gate

# Scenarios by hand. S=30 or S=kill runs those whose names begin so.
check-network: medley
	@test/run-scenarios build-and-publish/test/$(S) test/network/$(S)

test-kubernetes: medley
	@test/run-scenarios test/kubernetes/$(S)

# What the scenarios of a cluster need besides medley.
kubernetes-ready: kubernetes-binaries $(KUBE_LIVE)

.PHONY: test test-all test-plan check-network test-kubernetes kubernetes-ready
