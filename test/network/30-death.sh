#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A node dies under load: its payments are fail or unknown, never ok, and the
# verdict says so.
#
# track: podman
# when: always
# needs: -
. "$(dirname "$0")/common.sh"

start run run test/network/long-load.yaml --runs "$runs" --keep
ok "the run has begun" until_true 60 test -L "$runs/latest"
run=$(latest)
ok "payments flow" until_true 400 lines "$run/history.jsonl" 16
# Else a container that goes may take the address that others know it by.
bridge=$(podman network inspect "$(cat "$run/engine/prefix")" | jq -r '.[0].network_interface')
# (That is for root alone.)
[ "$(id -u)" -ne 0 ] || is "the network keeps its address" "$(cat "/sys/class/net/$bridge/addr_assign_type")" 3
podman kill "$(container_of "$run" bank-4.10-0)" >/dev/null
killed=$(($(date +%s%6N) + 1000000))
wait "$background"
is "the run fails" $? 1
background=
ok "no payment to or from the dead node is ok after that" none "$run/history.jsonl" \
	".kind == \"pay\" and .outcome == \"ok\" and .sent_us > $killed and (.payer == \"bank-4.10-0\" or .payee == \"bank-4.10-0\")"
ok "some were cut off" some "$run/history.jsonl" '.outcome != "ok"'
ok "the verdict says so" holds "$run/results.json" '[.cells[] | select(.verdict == "fail")] != []'
medley_run down 0 down "$run"
ok "nothing is left" nothing_left "$run"
