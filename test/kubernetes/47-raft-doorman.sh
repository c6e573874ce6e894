#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# One notary of three nodes that register themselves: each with keys of its own,
# all with the one of their service, which the doorman has certified once.
#
# track: kubernetes
# when: nightly
# needs: root kubernetes
. "$(dirname "$0")/common.sh"

up
enter_site database cordapps:finance-4.0 doorman \
	"driver:$(git rev-parse HEAD)" node:maven:4.5 notary:maven:4.5 \
	node:maven:4.8 notary:maven:4.8 node:maven:4.10 notary:maven:4.10
cat >network.yaml <<-END
	banks: [{release: maven:4.5}, {release: maven:4.10}]
	notaries: [{release: maven:4.8, cluster: raft, count: 3}]
	cordapps: finance-4.0
	identity: doorman
	seed: 42
	gates: {settled: 3}
	timeouts: {boot: 600}
END
# Each of five nodes starts two or three times: it registers, then it runs.
limit=900
kept_run
ok "both cells of 4.8+raft passed" holds "$run/results.json" \
	'[.cells[] | select(.notary == "4.8+raft" and .verdict == "pass")] | length == 2'
is "findings" "$(wc -l <"$run/findings.jsonl")" 0
is "pods of the notary" "$(kubectl -n corda get statefulset notary-4-8-raft \
	-o jsonpath='{.status.readyReplicas}')" 3

for i in 0 1 2; do
	of_database "notary_4_8_raft_$i" 'SELECT state_index, id
		FROM node_raft_committed_states ORDER BY 1, 2' >"$runs/spent-$i"
done
ok "what was spent is there ($(wc -l <"$runs/spent-0"))" test -s "$runs/spent-0"
ok "and the same at the second node" cmp "$runs/spent-0" "$runs/spent-1"
ok "and at the third" cmp "$runs/spent-0" "$runs/spent-2"

kubectl -n corda get secret notary-4-8-raft-keys -o jsonpath='{.data.service\.key}' |
	base64 -d | openssl pkey -pubout -outform DER | tail -c 64 |
	od -An -v -tx1 | tr -d ' \n' >"$runs/service"
is "node infos with the service's key" "$(of_database doorman "SELECT count(*) FROM medley_doorman
	WHERE kind = 'node-info' AND position('\\x$(cat "$runs/service")'::bytea IN value) > 0")" 3
is "nodes in the map" "$(of_database doorman "SELECT count(*) FROM medley_doorman
	WHERE kind = 'node'")" 5
is "certificates: five nodes and a service" "$(of_database doorman "SELECT count(*)
	FROM medley_doorman WHERE kind = 'certificate'")" 6

step down 0 "$medley" down
ok "nothing is left" nothing_in_cluster
cd "$OLDPWD" || exit 70
down
