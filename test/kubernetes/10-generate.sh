#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What medley generate writes for a cluster is taken by one as it is: applied,
# without a difference, scaled, with nodes that start; as a chart and as a base
# it is the same.
#
# track: kubernetes
# when: generate/manifests generate/output.c generate/template.c generate/values.c test/kubernetes/build-helm
# needs: root kubernetes
. "$(dirname "$0")/common.sh"
helm=$("$PWD/test/kubernetes/build-helm") || exit 65
generate=$PWD/bin/generate_config
tab=$(printf '\t')

up
enter_site database cordapps:finance-4.0 node:maven:4.0 node:maven:4.8
cat >network.yaml <<'END'
banks:
  - {release: maven:4.0, count: 2}
  - {release: maven:4.8}
notaries: [{release: maven:4.8}]
cordapps: finance-4.0
END
write() {
	"$generate" -n corda -s "$medley_storage_class" \
		--docker-registry "$medley_registry/net" "$@"
}
ok "a network is generated" write
ok "as a chart" write -o chart --format helm
ok "as a base" write -o base --format kustomize

# same NAME: the objects of NAME.yaml, in an order and a form of kubectl's; what
# is in loose.yaml is left out.
same() {
	mkdir -p "same/$1"
	cp "$1.yaml" "same/$1/all.yaml"
	{
		printf 'resources: [all.yaml]\nsortOptions: {order: legacy}\n'
		cat loose.yaml
	} >"same/$1/kustomization.yaml"
	kubectl kustomize "$site/same/$1" >"same/$1.canon" &&
		[ -s "same/$1.canon" ]
}
# A chart has short addresses, banks that do not run, and one kind of Secret.
loose() {
	cat <<-'END'
	patches:
	- target: {kind: Secret}
	  patch: |-
	    - {op: remove, path: /metadata/labels}
	END
	while read -r version kind what; do
		cat <<-END
		- target: {kind: $kind}
		  patch: |-
		    {apiVersion: $version, kind: $kind, $what}
		END
	done <<-'END'
	v1 ConfigMap metadata: {name: any}, data: null, binaryData: null
	apps/v1 StatefulSet metadata: {name: any}, spec: {replicas: null}
	END
}
for part in config/*/*.yaml; do
	echo ---
	cat "$part"
done >plain.yaml
# The three have keys of their own unless they share them.
for other in chart base; do
	cp config/.medley/identities.jks config/.medley/passwords "$other/.medley/"
done
ok "as a chart, with the same keys" write -o chart --format helm
ok "as a base, with the same keys" write -o base --format kustomize
"$helm" template medley chart -n corda -f chart/.medley/secrets.yaml --skip-tests \
	--set createNamespace=true >chart.yaml
kubectl kustomize "$site/base" >base.yaml
: >loose.yaml
for form in plain base; do
	ok "$form is read" same $form
done
ok "kustomize builds the same objects" cmp same/plain.canon same/base.canon
loose >loose.yaml
for form in plain chart; do
	ok "$form is read, but for what differs" same $form
done
ok "helm renders the same objects" cmp same/plain.canon same/chart.canon

all="network bank-4-0 bank-4-8"
for part in $all; do
	ok "$part applies" kubectl apply -f "$site/config/$part"
	cat "$runs/assert.log" >>applied.log
	ok "$part has no difference" kubectl diff -f "$site/config/$part"
done
ok "no pod breaks a rule of security" test -z "$(grep -i warning applied.log)"
# 250 nodes a release: objects must stay below what kubectl annotates.
sed 's/count: 2/count: 500/; s/maven:4.8}$/maven:4.8, count: 500}/' \
	network.yaml >large.yaml
ok "1,000 nodes are generated" write -f large.yaml -o large
ok "and would be applied" kubectl apply --dry-run=server -R -f "$site/large"

# Kubernetes has started one node of each release; it may be asked for it, too.
ok "both releases scale" kubectl -n corda scale statefulset bank-4-0 bank-4-8 --replicas=1
began=$(date +%s)
for set in bank-4-0 bank-4-8 notary-4-8; do
	ok "$set comes up" timeout 400 $cluster exec kubectl -n corda \
		rollout status statefulset/$set --timeout=390s
done
echo "  ...   $(($(date +%s) - began)) s"
ok "the 4.8 node knows all nodes" sh -c "$cluster exec kubectl -n corda exec bank-4-8-0 -c node -- \
	ls /var/lib/corda/additional-node-infos | grep -c nodeInfo- | grep -qE '^[4-9]'"

# migrated POD: seconds that its migration took at its last start.
migrated() {
	kubectl -n corda get pod "$1" -o json | jq '.status.initContainerStatuses[]
		| select(.name == "migrate").state.terminated
		| (.finishedAt | fromdate) - (.startedAt | fromdate)'
}
ok "nodes go on when their manifests apply again" kubectl apply -f "$site/config/bank-4-8"
is "as many as before" "$(kubectl -n corda get statefulset bank-4-8 -o jsonpath='{.spec.replicas}')" 1
first=$(migrated bank-4-8-0)
ok "it can be stopped" kubectl -n corda scale statefulset bank-4-8 --replicas=0
ok "and is gone" kubectl -n corda wait --for=delete pod/bank-4-8-0 --timeout=90s
ok "it starts again" kubectl -n corda scale statefulset bank-4-8 --replicas=1
ok "and comes up" timeout 400 $cluster exec kubectl -n corda \
	rollout status statefulset/bank-4-8 --timeout=390s
again=$(migrated bank-4-8-0)
echo "  ...   migration ${first} s, then ${again} s"
ok "tables are made once" test "$first" -gt 5 -a "$again" -le 3

ok "the 4.0 node stops" kubectl -n corda scale statefulset bank-4-0 --replicas=0
ok "a node that was not generated is asked for" kubectl -n corda patch statefulset bank-4-0 \
	--type=merge -p '{"spec":{"ordinals":{"start":2},"replicas":1}}'
says() {
	kubectl -n corda logs bank-4-0-2 -c boot 2>&1 | grep -q 'no node was generated for ordinal 2'
}
ok "and says so" until_true 60 says
cd "$OLDPWD" || exit 70
down
