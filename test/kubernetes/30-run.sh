#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The main job in a cluster, by the commands that people type: two releases
# and a notary, pulled from a registry, pay each other, are checked, asked what
# they hold, and deleted, also while the API server hangs. Beside it: what cannot come up says why, by
# name; and what bears a label can be swept away, whatever hinders.
#
# track: kubernetes
# when: always
# needs: root kubernetes
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/sweep-cases.sh"
bin=$PWD/bin

network() {
	cat <<-END
	banks: [{release: maven:4.0}, {release: maven:4.8}]
	notaries: [{release: maven:4.8}]
	cordapps: finance-4.0
	seed: 42
	gates: {settled: 3}
	END
}

# of_ours NAMESPACE: what of medley's is there.
of_ours() {
	kubectl -n "$1" get all,pvc,configmap,secret,ingress -o name \
		-l app.kubernetes.io/managed-by=medley || echo "kubectl ended with $?"
}

# no_volumes NAMESPACE: none is left of its claims.
no_volumes() {
	all=$(kubectl get pv -o json) || return 1
	left=$(echo "$all" | jq -r --arg space "$1" \
		'.items[] | select(.spec.claimRef.namespace == $space) |
		"\(.metadata.name) is \(.status.phase)"') || return 1
	[ -z "$left" ] || { echo "$left"; false; }
}

# nothing_left_of NAMESPACE: medley returns when its objects are gone. The cluster
# removes a volume after that, when it sees that the claim is gone.
nothing_left_of() {
	is "nothing of $1 is left" "$(of_ours "$1")" ""
	began=$(date +%s)
	ok "nor a volume of its claims" until_true 60 no_volumes "$1"
	echo "  ...   $(($(date +%s) - began)) s"
}

# ---- sweeps, while the images are published ----

up
find_kinds
beside sweeps sweeps
enter_site database cordapps:finance-4.0 node:maven:4.0 node:maven:4.8 \
	"driver:$(git rev-parse HEAD)"
network >network.yaml
step generate 0 "$bin/generate_config" -n corda -s "$medley_storage_class" \
	--docker-registry "$medley_registry/net" --context test-token
together

# ---- the main job, in a namespace with a neighbour ----

kubectl create namespace corda >/dev/null
kubectl -n corda create configmap neighbour --from-literal=a=b >/dev/null
sweep_hung step start 0 "$bin/start.sh" --engine kubernetes --context test-token
run=$site/runs/latest
ok "both banks and the notary are up" test "$(in_cluster 60 "$medley" status --json |
	jq '[.nodes[] | select(.ready)] | length')" -eq 3
ok "pods are the StatefulSets'" test "$(kubectl -n corda get pods -o json |
	jq '[.items[] | select(.metadata.ownerReferences[0].kind == "StatefulSet")] | length')" -eq 4
ok "images come from the registry by digest" test "$(kubectl -n corda get pods -o json |
	jq -r '[.items[].spec.containers[].image |
		select(startswith("'"$medley_registry"'/net/") and contains("@sha256:"))] | length')" -eq 4

# ---- beside it, what cannot come up ----

# site_of NAME: a directory of the same network, and a namespace for it, with a
# neighbour.
site_of() {
	mkdir -p "$runs/$1/built"
	cp network.yaml "$runs/$1/"
	cp "$images" "$runs/$1/built/"
	cat <<-END
	---
	apiVersion: v1
	kind: Namespace
	metadata: {name: $1}
	---
	apiVersion: v1
	kind: ConfigMap
	metadata: {name: neighbour, namespace: $1}
	END
}

# fails NAME WORDS: a run of that site ends with 66, says the words, and leaves
# nothing behind.
fails() {
	cd "$runs" || exit 70
	step "$1" 66 "$medley" run network.yaml --engine kubernetes -n "$1" \
		-s "${class:-$medley_storage_class}" --context "${context:-test-token}" \
		--docker-registry "$medley_registry/net"
	ok "it says: $2" said "$1" "$2"
	nothing_left_of "$1"
	ok "the neighbour has seen it all" kubectl -n "$1" get configmap neighbour
}

for case in class rbac memory image quota; do
	site_of $case
done | kubectl apply -f - >/dev/null
echo 'resources: {memory: 64Mi, memory_limit: 64Mi}' >>"$runs/memory/network.yaml"
# Of both releases: no node starts for nothing, here and by the quota, which the
# database uses up.
for release in 4.0 4.8; do
	printf '%s\tnode\tmaven:%s\tmaven:%s\t10\t2026-11-21T07:50:12.345Z\n' \
		"$medley_registry/net/node@sha256:$(echo gone | sha256sum | cut -d' ' -f1)" \
		$release $release
done >>"$runs/image/built/node-images.txt"
kubectl -n quota create quota small --hard=pods=1 >/dev/null

class=no-such beside class fails class \
	'Pod class/database-0 cannot become ready: ProvisioningFailed: storageclass.storage.k8s.io "no-such" not found'
context=test-restricted beside rbac fails rbac \
	'is forbidden: User "test-restricted" cannot list resource'
beside memory fails memory 'cannot become ready: OOMKilled: exit code 137'
beside image fails image 'Pod image/notary-4-8-0, container boot cannot become ready'
beside quota fails quota 'exceeded quota: small'

# ---- the main job goes on ----

step drive 0 "$medley" drive
ok "4.0 paid 4.8" some "$run/history.jsonl" \
	'.kind == "pay" and .outcome == "ok" and .payer == "bank-4.0-0"'
ok "4.8 paid 4.0" some "$run/history.jsonl" \
	'.kind == "pay" and .outcome == "ok" and .payer == "bank-4.8-0"'
ok "by a Job of the cluster" test "$(kubectl -n corda get job driver -o json |
	jq .status.succeeded)" -eq 1
volume() {
	kubectl -n corda get pvc data-bank-4-0-0 -o jsonpath='{.metadata.uid}'
}
had=$(volume)
# A node that has run is started with another release, and paid again.
step down-one 0 "$medley" scale bank-4.0=0
ok "its pod is gone" refused NotFound kubectl -n corda get pod bank-4-0-0
step up-one 0 "$medley" scale bank-4.0=1
step upgrade 0 "$medley" upgrade bank-4.0 maven:4.8
is "its volume is the one that it had" "$(volume)" "$had"
step again 0 "$medley" drive
step check 0 "$medley" check --ask-nodes
is "the banks hold what was proved: asked, answered, agree" "$(asked "$run")" "2 2 2"
step report 0 "$medley" report
ok "both cells passed, one of 4.0 that became 4.8" holds "$run/results.json" \
	'[.cells[] | select(.verdict == "pass")] | length == 2'
step taken 66 "$medley" run network.yaml --engine kubernetes -n corda \
	--context test-token --docker-registry "$medley_registry/net"
ok "another run does not get its names" said taken "contains run corda"
together

# ---- the end ----

# The latest run is the refused one.
first=$(find "$site/runs" -name cluster.json -exec grep -l '"run": "corda"' {} + |
	head -n 1)
hang
step delete 0 "$bin/delete-all.sh" "$(dirname "$(dirname "$first")")"
wait $hanging
nothing_left_of corda
ok "logs of the nodes were kept" test -s "$(dirname "$(dirname "$first")")/logs/bank-4.8-0.log"
ok "the neighbour is still there" kubectl -n corda get configmap neighbour
sweep_other
cd "$OLDPWD" || exit 70
down
