#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Scale without machines: 50 nodes that pretend to run 200 pods with volumes.
#
# track: kubernetes
# when: nightly
# needs: root kubernetes
. "$(dirname "$0")/common.sh"

up --no-node --kwok 50
is "all nodes are ready" "$(kubectl get nodes --no-headers | grep -c ' Ready ')" 50
sed "s,IMAGE,registry.invalid/app:1,; s/replicas: .*/replicas: 200/" \
	test/kubernetes/smoke.yaml >"$runs/app.yaml"
began=$(date +%s)
ok "manifests apply" kubectl apply --server-side -f "$runs/app.yaml"
ok "200 pods are ready" kubectl -n trial rollout status statefulset/app --timeout=110s
echo "  ...   $(($(date +%s) - began)) s"
is "each has its volume" "$(kubectl -n trial get pvc --no-headers | grep -c Bound)" 200
began=$(date +%s)
ok "the namespace is deleted" kubectl delete namespace trial --timeout=110s
echo "  ...   $(($(date +%s) - began)) s"
down
