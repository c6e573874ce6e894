#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# One node of a release is upgraded in a network that is up: the other keeps
# its release, also in a pod made anew; they pay each other, and at last both
# are upgraded.
#
# track: kubernetes
# when: cli/cmd_upgrade.c cli/job_nodes.c deploy/network_change.c engine/kubernetes/kubernetes_change.c
# needs: root kubernetes
. "$(dirname "$0")/common.sh"

up
enter_site database cordapps:finance-4.0 node:maven:4.5 node:maven:4.8
cat >network.yaml <<'END'
banks: [{release: maven:4.5, count: 2}]
notaries: [{release: maven:4.8}]
cordapps: finance-4.0
seed: 42
gates: {settled: 2}
END
run=$site/runs/latest

# of POD PATH: what the cluster says of it.
of() {
	kubectl -n corda get pod "$1" -o "jsonpath=$2"
}
image() {
	of "$1" '{.spec.containers[0].image}'
}
volume() {
	kubectl -n corda get pvc "data-$1" -o 'jsonpath={.metadata.uid}'
}
set_of() {
	kubectl -n corda get statefulset bank-4-5 -o "jsonpath=$1"
}
# The image of a release's nodes, as it was published.
published() {
	awk -F'\t' -v word="$1" '$2 == "node" && $3 == word { print $1 }' "$images"
}

step up 0 "$medley" up network.yaml --engine kubernetes -n corda -s "$medley_storage_class" \
	--context test-token --docker-registry "$medley_registry/net"
step before 0 "$medley" drive
ok "they paid each other" some "$run/history.jsonl" \
	'.kind == "pay" and .outcome == "ok" and .payer == "bank-4.5-1"'

# ---- the wrong one ----

cp "$run/network.resolved.yaml" "$runs/resolved"
generation=$(set_of '{.metadata.generation}')
step refused 64 "$medley" upgrade bank-4.5-0 maven:4.8
ok "what can be upgraded is named" said refused "'medley upgrade bank-4.5-1 maven:4.8' upgrades the next node"
ok "nothing has changed" cmp "$runs/resolved" "$run/network.resolved.yaml"
is "nor in the cluster" "$(set_of '{.metadata.generation}')" "$generation"

# ---- the right one ----

other=$(of bank-4-5-0 '{.metadata.uid}')
had=$(volume bank-4-5-1)
step upgrade 0 "$medley" upgrade bank-4.5-1 maven:4.8
is "it has the new image" "$(image bank-4-5-1)" "$(published maven:4.8)"
is "on its volume" "$(volume bank-4-5-1)" "$had"
is "the other was not touched" "$(of bank-4-5-0 '{.metadata.uid}')" "$other"
step none 64 "$medley" scale bank-4.5=0
kubectl -n corda delete pod bank-4-5-0 >/dev/null
step again 0 "$medley" scale bank-4.5=2
ok "the other's pod is made anew" test "$(of bank-4-5-0 '{.metadata.uid}')" != "$other"
is "with the image that it had" "$(image bank-4-5-0)" "$(published maven:4.5)"
step after 0 "$medley" drive
step check 0 "$medley" check
is "without a finding" "$(wc -l <"$run/findings.jsonl")" 0
step report 0 "$medley" report
for pair in "4.5 4.5-to-4.8" "4.5-to-4.8 4.5"; do
	ok "$pair passes" holds "$run/results.json" '[.cells[] | select(.verdict == "pass" and
		.payer == "'"${pair% *}"'" and .payee == "'"${pair#* }"'")] | length == 1'
done
ok "the contracts jar of each release is told" holds "$run/results.json" \
	'[.releases[] | select(.contracts_sha256 | test("^[0-9A-F]{64}$"))] | length == 3'

# ---- and the rest ----

step rest 0 "$medley" upgrade bank-4.5-0 maven:4.8
is "it has the new image, too" "$(image bank-4-5-0)" "$(published maven:4.8)"
is "the set is whole" "$(set_of '{.spec.updateStrategy.rollingUpdate.partition}')" 0
is "and of one release" "$(grep -c 'label: "*4.5-to-4.8' "$run/network.resolved.yaml")" 1
step down 0 "$medley" down
cd "$OLDPWD" || exit 70
down
