#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Two notaries of two releases in one network: the matrix has cells of each, and
# a commit counts only where the notary that the transaction names has it. One
# of them is three nodes with one identity, which agree by Raft: it pays, it
# pays on when one of them is killed, and the check proves that the one that
# comes back has forgotten what was spent before. docs/notaries.md has what else
# was seen.
#
# track: podman
# when: always
# needs: -
. "$(dirname "$0")/common.sh"

medley_run run 0 run test/network/notaries.yaml --runs "$runs" --keep
run=$(latest)
results=$run/results.json
node=notary-4.8-raft

# ---- each pair of banks pays by way of both ----

for notary in 4.0 4.8+raft; do
	is "4.5 -> 4.10 by notary $notary" "$(verdict "$run" 4.5 4.10 $notary)" pass
	is "4.10 -> 4.5 by notary $notary" "$(verdict "$run" 4.10 4.5 $notary)" pass
	ok "payments by notary $notary" some "$run/history.jsonl" \
		".kind == \"pay\" and .outcome == \"ok\" and .notary == \"notary-$(echo $notary | tr + -)-0\""
	ok "the matrix of notary $notary" grep -qF "notary $notary" "$runs/run.out"
done
is "cells that were paid in" "$(jq '[.cells[] | select(.settled > 0)] | length' "$results")" 4
ok "nothing was found" none "$run/findings.jsonl" true

# map NODE: how many nodes it has in its network map.
map() {
	sql "$run" "$1" 'select count(*) from node_infos'
}
is "nodes in the map of 4.5" "$(map bank_4_5_0)" 6
is "nodes in the map of 4.10" "$(map bank_4_10_0)" 6
ok "4.0 has committed" test "$(sql "$run" notary_4_0_0 'select count(*) from node_notary_committed_txs')" -gt 0

# spent N: how many spent states the node has.
spent() {
	sql "$run" "notary_4_8_raft_$1" 'select count(*) from node_raft_committed_states'
}
before=$(spent 0)
ok "states were spent ($before)" test "$before" -gt 0
is "the second has as many" "$(spent 1)" "$before"
is "the third as well" "$(spent 2)" "$before"
# answered N: how many transactions the node has answered for.
answered() {
	podman exec "$(container_of "$run" "$node-$1")" sh -c 'cat /var/lib/corda/logs/node-*.log' |
		grep -c 'input states of transaction .* have been committed'
}
echo "  ...   answered for: $(answered 0), $(answered 1), $(answered 2)"
ok "more than one of them is asked" test \
	"$( (answered 0; answered 1; answered 2) | grep -vc '^0$')" -gt 1

# ---- two of three go on ----

# read_to N: how far the node has read the cluster's log.
read_to() {
	sql "$run" "notary_4_8_raft_$1" 'select max(state_index) from node_raft_committed_states'
}
caught_up() {
	to=$(read_to 0)
	[ -n "$to" ] && [ "$to" = "$(read_to 1)" ]
}
container=$(container_of "$run" "$node-0")
started() {
	[ "$(podman logs "$container" 2>&1 | grep -c 'started up and registered')" -ge "$1" ]
}
ok "the first has started once" started 1
podman kill -s KILL "$container" >/dev/null
killed=$(date +%s)
echo "  ...   $node-0 is killed"
medley_run two 0 drive "$run"
ok "all payments by two are good" none "$run/history.jsonl" \
	'.kind == "pay" and .outcome != "ok"'
medley_run behind 0 check "$run"
# What the killed one was asked may never be answered to the others.
echo "  ...   flows left: $(jq -s '[.[] | select(.kind == "stuck-flow")] | length' "$run/findings.jsonl")"
ok "one that is down has forgotten nothing" none "$run/findings.jsonl" \
	'.kind != "stuck-flow" and .kind != "behind"'
ok "it is behind" some "$run/findings.jsonl" ".kind == \"behind\" and .note and .node == \"$node-0\""
is "it has what it had" "$(spent 0)" "$before"
ok "the others have more ($(spent 1))" test "$(spent 1)" -gt "$before"

# ---- meanwhile, a commit goes from the notary 4.0, and is put back ----

tx=$(jq -r 'select(.kind == "pay" and .outcome == "ok" and
	.notary == "notary-4.0-0" and .payer == "bank-4.5-0") | .tx' \
	"$run/history.jsonl" | tail -n 1)
echo "  ...   planting: notary 4.0 forgets the commit of $tx"
rows=$(sql "$run" notary_4_0_0 "select format('(%L, %s, %L)', transaction_id,
	output_index, consuming_transaction_id) from node_notary_committed_states
	where consuming_transaction_id = '$tx'" | paste -sd,)
ok "it has spent" test -n "$rows"
ok "4.0 forgets it" sql "$run" notary_4_0_0 "delete from node_notary_committed_states
	where consuming_transaction_id = '$tx';
	delete from node_notary_committed_txs where transaction_id = '$tx'"
medley_run check 0 check "$run"
medley_run report 1 report "$run"
ok "4.0 has not committed it" some "$run/findings.jsonl" \
	".kind == \"not-recorded\" and .tx == \"$tx\" and .notary == \"notary-4.0-0\""
is "the cell of 4.0" "$(verdict "$run" 4.5 4.10 4.0)" fail
is "that of 4.8" "$(verdict "$run" 4.5 4.10 4.8+raft)" pass
ok "4.0 learns it again" sql "$run" notary_4_0_0 "insert into node_notary_committed_states
	(transaction_id, output_index, consuming_transaction_id) values $rows;
	insert into node_notary_committed_txs values ('$tx')"

# ---- the one that comes back has forgotten ----

# It may come back at another address. Java keeps the old one for 30 s, and a
# leader that is asked to take it back meanwhile keeps that for good.
forgotten() {
	[ $(($(date +%s) - killed)) -gt 30 ]
}
ok "its address is forgotten" until_true 40 forgotten
podman start "$container" >/dev/null
ok "it comes back" until_true 180 started 2
# It says so some seconds before it has read what it missed.
ok "it has read what the others have" until_true 60 caught_up
medley_run check 0 check "$run"
medley_run report 1 report "$run"
ok "it has forgotten what was spent before" some "$run/findings.jsonl" \
	".kind == \"not-recorded\" and .node == \"$node-0\" and
	 (.summary | contains(\"has lost the states that the transaction spends\"))"
ok "the others have forgotten nothing" none "$run/findings.jsonl" \
	".kind != \"stuck-flow\" and .node != \"$node-0\""
ok "the run fails, and says of whom" grep -q "$node-0, a node of the" "$runs/report.out"

medley_run down 0 down "$run"
ok "nothing is left" nothing_left "$run"
