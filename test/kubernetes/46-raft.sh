#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# One notary of three nodes in a cluster: a StatefulSet with one identity beside
# its nodes' own. It pays, and goes on when a pod is deleted by force.
#
# track: kubernetes
# when: nightly
# needs: root kubernetes
. "$(dirname "$0")/common.sh"

up
enter_site database cordapps:finance-4.0 node:maven:4.5 node:maven:4.8 \
	"driver:$(git rev-parse HEAD)"
cat >network.yaml <<-END
	banks: [{release: maven:4.5}, {release: maven:4.8}]
	notaries: [{release: maven:4.8, cluster: raft}]
	cordapps: finance-4.0
	seed: 42
	gates: {settled: 3}
END
kept_run
ok "both cells of 4.8+raft passed" holds "$run/results.json" \
	'[.cells[] | select(.notary == "4.8+raft" and .verdict == "pass")] | length == 2'
is "pods of the notary" "$(kubectl -n corda get statefulset notary-4-8-raft \
	-o jsonpath='{.status.readyReplicas}')" 3

uid() {
	kubectl -n corda get pod notary-4-8-raft-1 -o jsonpath='{.metadata.uid}'
}
had=$(uid)
# It comes back at another address. Java keeps the old one for 30 s, and a leader
# that is asked to take it back meanwhile keeps that for good: so long it is held.
holds() {
	kubectl -n corda patch pod notary-4-8-raft-1 --type merge \
		-p "{\"metadata\":{\"finalizers\":$1}}" >/dev/null
}
holds '["medley.test/hold"]'
kubectl -n corda delete pod notary-4-8-raft-1 --force --grace-period=0 \
	--wait=false >/dev/null 2>&1
killed=$(date +%s)
step drive 0 "$medley" drive
ok "all payments are good" none "$run/history.jsonl" \
	'.kind == "pay" and .outcome != "ok"'
forgotten() {
	[ $(($(date +%s) - killed)) -gt 30 ]
}
ok "its address is forgotten" until_true 40 forgotten
is "it is not back yet" "$(uid)" "$had"
holds null
ready() {
	[ "$(uid)" != "$had" ] && [ "$(kubectl -n corda get statefulset notary-4-8-raft \
		-o jsonpath='{.status.readyReplicas}')" = 3 ]
}
ok "the pod came back" until_true 180 ready
# read_to N: how far the node has read the cluster's log.
read_to() {
	of_database "notary_4_8_raft_$1" \
		'SELECT max(state_index) FROM node_raft_committed_states'
}
# A node that is ready has not read yet what it missed.
caught_up() {
	to=$(read_to 1)
	[ -n "$to" ] && [ "$to" = "$(read_to 0)" ]
}
ok "it has read what the others have" until_true 60 caught_up
step check 0 "$medley" check
step report 1 "$medley" report
ok "and has forgotten what was spent before" some "$run/findings.jsonl" \
	'.node == "notary-4.8-raft-1" and (.summary | contains("has lost the states"))'
step upgrade 64 "$medley" upgrade notary-4.8-raft maven:4.5
ok "it is not started with another release" said upgrade "lose the list of spent states"
step down 0 "$medley" down
ok "nothing is left" nothing_in_cluster
cd "$OLDPWD" || exit 70
down
