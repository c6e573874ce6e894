# SPDX-License-Identifier: Apache-2.0
# test.mk - the gate, and scenarios on real nodes; HACKING.md says when each runs.

# What a commit must pass. test-all: every scenario, not only the gate's.
test: WHICH = gate
test-all: WHICH = all
test test-all: setup-test
	@$(MAKE) --no-print-directory -j$(shell nproc) medley WERROR=-Werror
	@MAKE='$(MAKE) WERROR=-Werror' test/run-scenarios -r -m lint -m check -m asan $(WHICH)

# What `make test` would run now, and why.
test-plan:
	@test/select-scenarios gate

# Scenarios by hand. S=30 or S=kill runs those whose names begin so.
matching = $(wildcard $(foreach d,$(1),$(d)/$(or $(S),[0-9a-z])*.sh))
check-network: medley
	@MAKE='$(MAKE)' test/run-scenarios $(filter-out %/common.sh,$(call matching,build-and-publish/test test/network))

test-kubernetes: medley
	@MAKE='$(MAKE)' test/run-scenarios $(filter-out %/common.sh %/files.sh %/parts.sh %/sweep-cases.sh,$(call matching,test/kubernetes))

# What the scenarios of a cluster need besides medley.
kubernetes-ready: kubernetes-binaries $(KUBE_LIVE)

.PHONY: test test-all test-plan check-network test-kubernetes kubernetes-ready
