#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# An interrupt in the middle of deploy, and one in the middle of the load:
# nothing is left behind, and what is on disk can be read.
#
# track: podman
# when: always
# needs: -
. "$(dirname "$0")/common.sh"

a_pod_is_up() {
	[ -n "$(podman pod ls -q --filter "label=medley.run=$(basename "$(latest)")")" ]
}

start deploy run test/network/two-releases.yaml --runs "$runs"
ok "deploy has begun" until_true 300 a_pod_is_up
sleep 3
kill -INT "$(pgrep -P "$background" medley)"
wait "$background"
is "an interrupted deploy ends with 130" $? 130
background=
ok "nothing is left of it" nothing_left "$(latest)"

first=$(latest)
start load run test/network/long-load.yaml --runs "$runs"
ok "another run has begun" until_true 60 sh -c "[ \"\$(readlink -f '$runs/latest')\" != '$first' ]"
run=$(latest)
ok "payments flow" until_true 400 lines "$run/history.jsonl" 12
kill -INT "$(pgrep -P "$background" medley)"
wait "$background"
is "an interrupted load ends with 130" $? 130
background=
ok "nothing is left of it" nothing_left "$run"
ok "every line of history is whole" none "$run/history.jsonl" '.outcome | IN("ok", "fail", "unknown") | not'
ok "logs of the nodes were kept" test -s "$run/logs/bank-4.0-0.log"
medley_run down 0 down "$run"
