#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# One notary of three nodes with one identity: it pays, it pays on when one of
# them is killed, and the check proves that the one that comes back has
# forgotten what was spent before. docs/notaries.md has what else was seen.
#
# track: podman
# when: always
# needs: -
. "$(dirname "$0")/common.sh"

medley_run run 0 run test/network/raft.yaml --runs "$runs" --keep
run=$(latest)
results=$run/results.json
node=notary-4.8-raft

# map NODE: how many nodes it has in its network map.
map() {
	sql "$run" "$1" 'select count(*) from node_infos'
}
is "nodes in the map of 4.5" "$(map bank_4_5_0)" 5
is "nodes in the map of 4.10" "$(map bank_4_10_0)" 5
ok "both cells passed" holds "$results" \
	'[.cells[] | select(.notary == "4.8+raft" and .verdict == "pass")] | length == 2'
ok "nothing was found" none "$run/findings.jsonl" true

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
	 (.summary | contains(\"has forgotten what it spent\"))"
ok "the others have forgotten nothing" none "$run/findings.jsonl" \
	".kind != \"stuck-flow\" and .node != \"$node-0\""
ok "the run fails, and says of whom" grep -q "$node-0, of the notary's" "$runs/report.out"

medley_run down 0 down "$run"
ok "nothing is left" nothing_left "$run"
