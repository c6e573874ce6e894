#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Two notaries of two releases in one network: the matrix has cells of each, and
# a commit counts only where the notary that the transaction names has it.
#
# track: podman
# when: always
# needs: -
. "$(dirname "$0")/common.sh"

medley_run run 0 run test/network/notaries.yaml --runs "$runs" --keep
run=$(latest)
results=$run/results.json

# verdict PAYER PAYEE NOTARY
verdict() {
	jq -r ".cells[] | select(.payer == \"$1\" and .payee == \"$2\" and
		.notary == \"$3\") | .verdict" "$results"
}

for notary in 4.0 4.8; do
	is "4.5 -> 4.10 by notary $notary" "$(verdict 4.5 4.10 $notary)" pass
	is "4.10 -> 4.5 by notary $notary" "$(verdict 4.10 4.5 $notary)" pass
	ok "payments by notary $notary" some "$run/history.jsonl" \
		".kind == \"pay\" and .outcome == \"ok\" and .notary == \"notary-$notary-0\""
	ok "the matrix of notary $notary" grep -q "^notary $notary" "$runs/run.out"
done
is "cells that were paid in" "$(jq '[.cells[] | select(.settled > 0)] | length' "$results")" 4
ok "nothing was found" test ! -s "$run/findings.jsonl"

# commits DATABASE: how many transactions the notary has committed.
commits() {
	sql "$run" "$1" 'select count(*) from node_notary_committed_txs'
}
before=$(commits notary_4_0_0)
ok "4.0 has committed ($before)" test "$before" -gt 0
ok "4.8 has committed ($(commits notary_4_8_0))" test "$(commits notary_4_8_0)" -gt 0

tx=$(jq -r 'select(.kind == "pay" and .outcome == "ok" and
	.notary == "notary-4.0-0" and .payer == "bank-4.5-0") | .tx' \
	"$run/history.jsonl" | tail -n 1)
echo "  ...   planting: the commit of $tx goes from notary 4.0 to 4.8"
rows=$(sql "$run" notary_4_0_0 "select format('(%L, %s, %L)', transaction_id,
	output_index, consuming_transaction_id) from node_notary_committed_states
	where consuming_transaction_id = '$tx'" | paste -sd,)
ok "it has spent" test -n "$rows"
ok "4.8 learns it" sql "$run" notary_4_8_0 "insert into node_notary_committed_states
	(transaction_id, output_index, consuming_transaction_id) values $rows;
	insert into node_notary_committed_txs values ('$tx')"
ok "4.0 forgets it" sql "$run" notary_4_0_0 "delete from node_notary_committed_states
	where consuming_transaction_id = '$tx';
	delete from node_notary_committed_txs where transaction_id = '$tx'"
medley_run check 0 check "$run"
medley_run report 1 report "$run"
ok "4.0 has not committed it" some "$run/findings.jsonl" \
	".kind == \"not-recorded\" and .tx == \"$tx\" and .notary == \"notary-4.0-0\""
is "the cell of 4.0 fails" "$(verdict 4.5 4.10 4.0)" fail
is "that of 4.8 does not" "$(verdict 4.5 4.10 4.8)" pass

medley_run down 0 down "$run"
ok "nothing is left" nothing_left "$run"
