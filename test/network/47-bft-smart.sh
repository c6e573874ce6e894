#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# One notary of four nodes with one identity that is made of their keys: it pays
# while all of them are there, and not without one. docs/notaries.md has what
# else was seen.
#
# track: podman
# when: vault/quiet.c vault/finding_evidence.c corda/composite generate/identities.c generate/node-conf.yaml test/network/bft-smart.yaml
# needs: -
. "$(dirname "$0")/common.sh"

medley_run run 0 run test/network/bft-smart.yaml --runs "$runs" --keep
run=$(latest)
node=notary-4.8-bft-smart
ok "both cells passed" holds "$run/results.json" \
	'[.cells[] | select(.notary == "4.8+bft-smart" and .verdict == "pass")] | length == 2'
ok "nothing was found" none "$run/findings.jsonl" true

# spent N: how many spent states the node has.
spent() {
	sql "$run" "notary_4_8_bft_smart_$1" 'select count(*) from node_bft_committed_states'
}
before=$(spent 0)
ok "states were spent ($before)" test "$before" -gt 0
for n in 1 2 3; do
	is "node $n has as many" "$(spent $n)" "$before"
done

podman kill -s KILL "$(container_of "$run" "$node-3")" >/dev/null
echo "  ...   $node-3 is killed"
paid=$(wc -l <"$run/history.jsonl")
medley_run three 0 drive "$run"
tail -n "+$((paid + 1))" "$run/history.jsonl" >"$runs/after.jsonl"
ok "three are asked" some "$runs/after.jsonl" '.kind == "pay"'
ok "and do not answer" none "$runs/after.jsonl" '.kind == "pay" and .outcome == "ok"'
is "nothing was spent" "$(spent 0)" "$before"
medley_run check 0 check "$run"
ok "those who ask still wait" some "$run/findings.jsonl" '.kind == "stuck-flow"'
ok "nothing that was paid is wrong" none "$run/findings.jsonl" \
	'.kind != "stuck-flow" and .kind != "soft-lock-left"'
medley_run down 0 down "$run"
ok "nothing is left" nothing_left "$run"
