# SPDX-License-Identifier: Apache-2.0
# kubernetes.mk - a real Kubernetes for the tests; see HACKING.md.

# Into medley's cache: minutes the first time, nothing later.
kubernetes-binaries: setup-kubernetes
	@test/kubernetes/build-binaries

# The client against a real server, for the scenarios.
KUBE_LIVE = $(OUT)/kube/test/client_live
$(KUBE_LIVE): $(KUBE_LIVE).o $(OUT)/libmedley.a
	@$(CC) $(ALL_CFLAGS) -o $@ $^ $(LDLIBS)
-include $(KUBE_LIVE).d

# kube/ as a program: what 16-forward.sh and 17-exec.sh try.
$(OUT)/test/kubernetes/%: $(OUT)/test/kubernetes/%.o $(OUT)/libmedley.a
	@$(CC) $(ALL_CFLAGS) -o $@ $^ $(LDLIBS)

# engine/ as a program: what 30-engine.sh of podman and 42-engine.sh of the
# cluster try.
$(OUT)/test/network/%: $(OUT)/test/network/%.o $(OUT)/libmedley.a
	@$(CC) $(ALL_CFLAGS) -o $@ $^ $(LDLIBS)

.PHONY: kubernetes-binaries
