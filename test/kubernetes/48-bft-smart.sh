#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# One notary of four nodes by BFT-SMaRt in a cluster, where each finds the others
# by their names as they start.
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
	notaries: [{release: maven:4.8, cluster: bft-smart}]
	cordapps: finance-4.0
	seed: 42
	gates: {settled: 3}
END
kept_run
ok "both cells of 4.8+bft-smart passed" holds "$run/results.json" \
	'[.cells[] | select(.notary == "4.8+bft-smart" and .verdict == "pass")] | length == 2'
ok "nothing was found" none "$run/findings.jsonl" true
is "pods of the notary" "$(kubectl -n corda get statefulset notary-4-8-bft-smart \
	-o jsonpath='{.status.readyReplicas}')" 4
for n in 0 1 2 3; do
	ok "node $n has what was spent" test "$(of_database "notary_4_8_bft_smart_$n" \
		'SELECT count(*) FROM node_bft_committed_states')" -gt 0
done
step down 0 "$medley" down
ok "nothing is left" nothing_in_cluster
cd "$OLDPWD" || exit 70
down
