#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Faults under a load, by the engine's own calls: a bank stands still for 20 s
# and goes on, is killed and starts again; its volume is saved, and put back
# while it is stopped. Afterwards the network is as sound as before.
#
# track: podman
# when: engine/engine engine/volume_file engine/podman/podman_signal engine/podman/podman_volumes test/network/engine_live.c
# needs: -
. "$(dirname "$0")/common.sh"

bank=bank-4.10-0
# A bank that is killed as a flow ends may keep the soft lock of that flow.
others=".kind != \"soft-lock-left\" or .node != \"$bank\""

# act CODE ARGS...: on the bank; what it says is in act.log.
act() {
	wanted=$1
	shift
	timeout 400 build/test/network/engine_live "$run" "$bank" "$@" >"$runs/act.log" 2>&1
	code=$?
	[ "$code" -eq "$wanted" ] || {
		echo "it ended with $code, not $wanted"
		cat "$runs/act.log"
		return 1
	}
}

now() {
	date +%s%6N
}

# ready: the bank answers.
ready() {
	"$medley" status "$run" --json | jq -e --arg n "$bank" '.nodes[] | select(.name == $n) | .ready' >"$runs/ready"
}

# of_bank CONDITION: for payments that it makes or gets.
of_bank() {
	echo ".kind == \"pay\" and (.payer == \"$bank\" or .payee == \"$bank\") and $1"
}

# Names, sizes, owners and rights, of which no time changes.
inside() {
	tar --numeric-owner -tvf "$1" | awk '{ print $1, $2, $3, $6 }' | sort
}

ok "the program is built" make -s build/test/network/engine_live
medley_run run 0 run test/network/two-releases.yaml --runs "$runs" --keep
run=$(latest)

# ---- a bank stands still, and dies, under a load ----

had=$(payments "$run/history.jsonl")
start load drive "$run" --load test/network/long-load.yaml
ok "payments flow" until_true 120 paid "$run/history.jsonl" $((had + 4))
ok "STOP" act 0 stop
stopped=$(now)
ok "its container still runs" act 0 is running
sleep 20
continued=$(now)
ok "CONT" act 0 cont
ok "payments of the bank are made again" until_true 60 some "$run/history.jsonl" \
	"$(of_bank ".outcome == \"ok\" and .sent_us > $continued")"
ok "while it stood still, none was" none "$run/history.jsonl" \
	"$(of_bank ".outcome == \"ok\" and .sent_us > $stopped and .done_us < $continued")"
ok "KILL" act 0 kill
killed=$(now)
ok "it has ended" act 0 is exited
ok "it starts again" act 0 restart
ok "it runs" act 0 is running
ok "the loop went on meanwhile" grep -q 'the loop has turned' "$runs/act.log"
ok "it answers" until_true 180 ready
ends "the load ends" 0
echo "  ...   $(jq -s "[.[] | select($(of_bank ".sent_us > $stopped and .outcome != \"ok\""))] | length" "$run/history.jsonl") payments of it were not ok, $(jq -s "[.[] | select($(of_bank ".sent_us > $killed and .outcome == \"ok\""))] | length" "$run/history.jsonl") were after KILL"
medley_run check 0 check "$run"
ok "nothing else is found" none "$run/findings.jsonl" "$others"

# ---- its volume ----

ok "STOP" act 0 stop
ok "the volume is saved" act 0 save "$runs/one.tar"
ok "it has the node's files" sh -c "tar -tf '$runs/one.tar' | grep -q certificates/nodekeystore.jks"
ok "KILL" act 0 kill
ok "it has ended" act 0 is exited
mount=$(podman volume inspect --format '{{.Mountpoint}}' "$(container_of "$run" "$bank" | sed 's/-node$/-data/')")
[ "$(id -u)" -ne 0 ] || ok "a file more" touch "$mount/stale"
ok "the volume is put back" act 0 load "$runs/one.tar"
ok "and saved again" act 0 save "$runs/two.tar"
inside "$runs/one.tar" >"$runs/one"
inside "$runs/two.tar" >"$runs/two"
ok "it is as it was" cmp "$runs/one" "$runs/two"
ok "it starts on it" act 0 restart
ok "it answers" until_true 180 ready
medley_run drive 0 drive "$run"
medley_run check 0 check "$run"
ok "nothing else is found" none "$run/findings.jsonl" "$others"

# ---- what cannot be ----

ok "a volume that it has not" act 64 save "$runs/no.tar" boot
ok "is named" grep -q 'has no volume boot' "$runs/act.log"
ok "a file that is no tar" act 64 load "$run/history.jsonl"
ok "KILL" act 0 kill
ok "it has ended" act 0 is exited
ok "what has ended gets no signal" act 66 stop
ok "which is said" grep -q 'the container is not running, its state is exited' "$runs/act.log"
medley_run down 0 down "$run"
ok "nothing is left" nothing_left "$run"
ok "nor what is gone" act 66 kill
ok "which is said, too" grep -q 'no such container' "$runs/act.log"
ok "nor is it started" act 66 restart
