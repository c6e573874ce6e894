#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The chart of a network: helm finds no fault with it, its archive has no keys,
# and it installs into a namespace that was not named when it was written, where
# real nodes of two releases find each other and `helm test` passes.
#
# track: kubernetes
# when: generate/chart test/kubernetes/build-helm
# needs: root kubernetes
. "$(dirname "$0")/common.sh"
helm=$("$PWD/test/kubernetes/build-helm") || exit 65

up
enter_site database cordapps:finance-4.0 node:maven:4.0 node:maven:4.8 healthcheck
cat >network.yaml <<'END'
banks:
  - {release: maven:4.0}
  - {release: maven:4.8}
notaries: [{release: maven:4.8}]
cordapps: finance-4.0
END
write() {
	"$medley" generate -f network.yaml -o chart --format helm \
		--docker-registry "$medley_registry/net"
}
helm() {
	timeout 600 $cluster exec "$helm" "$@"
}

ok "a chart is generated" write
ok "helm lint finds nothing" helm lint --strict chart
ok "it is packed" helm package chart -d pack
is "its version is medley's" "$(helm show chart pack/medley-*.tgz | sed -n 's/^version: //p')" \
	"$("$medley" version | sed -n '1s/^medley //p')"
mkdir -p unpacked
tar -xzf pack/medley-*.tgz -C unpacked
ok "the archive has no file of .medley" test ! -e unpacked/medley/.medley
# The values of the Secrets' data, without their names.
sed -n 's/^      [^ ]*: "\(..*\)"$/\1/p' chart/.medley/secrets.yaml | grep -v '^Y29yZGE=$' >secrets
ok "there are keys" test "$(wc -l <secrets)" -ge 8
is "none of them is in the archive" "$(grep -rlFf secrets unpacked)" ""
ok "a value that does not exist is refused" refused "'colour' not allowed" \
	helm template chart --set storage.colour=red
ok "a value of the wrong type is refused" refused 'got string, want integer' \
	helm template chart --set-string replicas.bank-4-0=two

# Another namespace than the one in the network's file (medley).
ok "it installs elsewhere" helm install net pack/medley-*.tgz -n other --create-namespace \
	-f chart/.medley/secrets.yaml --set replicas.bank-4-0=1,replicas.bank-4-8=1 \
	--set storage.className="$medley_storage_class" \
	--set labels.team=ledger,networkPolicy=true,disruptionBudget=true
for set in bank-4-0 bank-4-8 notary-4-8; do
	ok "$set comes up" timeout 400 $cluster exec kubectl -n other \
		rollout status statefulset/$set --timeout=390s
done
is "pods have the label that was set" "$(kubectl -n other get pods -l team!=ledger -o name)" ""
is "there are policies and budgets" "$(kubectl -n other get networkpolicies,poddisruptionbudgets \
	--no-headers | wc -l)" 9
ok "helm test passes" helm test net -n other --timeout 330s
ok "the notary knows a bank by its short address" kubectl -n other exec notary-4-8-0 -c node -- \
	grep -q 'bank-4-0-0.bank-4-0' -r /var/lib/corda/additional-node-infos
ok "an upgrade with the Secrets that are there" helm upgrade net chart -n other \
	--reset-then-reuse-values --set replicas.bank-4-0=0
ok "a node stops" kubectl -n other wait --for=delete pod/bank-4-0-0 --timeout=120s
ok "it uninstalls" helm uninstall net -n other --wait --timeout 120s
ok "its pods end" kubectl -n other wait --for=delete pod --all --timeout=100s
# Claims stay, as those of every StatefulSet.
is "nothing but claims is left" "$(kubectl -n other get all,configmap,secret,networkpolicy,pdb \
	-o name | grep -v kube-root-ca.crt)" ""
cd "$OLDPWD" || exit 70
down
