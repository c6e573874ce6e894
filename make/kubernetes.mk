# SPDX-License-Identifier: Apache-2.0
# kubernetes.mk - a real Kubernetes for the tests; see HACKING.md.

# Into medley's cache: minutes the first time, nothing later.
kubernetes-binaries: setup-kubernetes
	@test/kubernetes/build-binaries

# The client against a real server, for the scenarios.
KUBE_LIVE = $(OUT)/lib/kube/test/client_live
$(KUBE_LIVE): $(KUBE_LIVE).o $(OUT)/libmedley.a
	@$(CC) $(ALL_CFLAGS) -o $@ $^ $(LDLIBS)

# On clusters of its own, as root: S=20 runs one scenario.
test-kubernetes: kubernetes-binaries medley $(KUBE_LIVE)
	@test/run-network $(if $(S),$(wildcard $(S:%=test/kubernetes/%*.sh)),\
		test/kubernetes/smoke.sh $(wildcard test/kubernetes/[0-9]*.sh))

# What `make test` runs of them: the main job, and what is left of dead ones.
check-kubernetes: medley $(KUBE_LIVE)
	@if [ "$$(id -u)" -ne 0 ]; then \
		echo '  skip  a test cluster needs root'; echo '0 passed, 0 failed'; \
	else \
		$(MAKE) --no-print-directory kubernetes-binaries && \
		test/run-network test/kubernetes/25-sweep.sh test/kubernetes/30-run.sh; \
	fi

setup-kubernetes:
	@./setup kubernetes

.PHONY: kubernetes-binaries test-kubernetes check-kubernetes setup-kubernetes

# lib/kube as a program: what 16-forward.sh and 17-exec.sh try.
$(OUT)/test/kubernetes/%: $(OUT)/test/kubernetes/%.o $(OUT)/libmedley.a
	@$(CC) $(ALL_CFLAGS) -o $@ $^ $(LDLIBS)
