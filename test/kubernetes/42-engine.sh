#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Faults under a load, by the engine's own calls: a bank stands still for 20 s
# and goes on, is killed and started again by its kubelet; its volume is saved,
# and put back while it stands still; its pod is made anew. Afterwards the
# network is as sound as before.
#
# track: kubernetes
# when: engine/engine engine/volume_file engine/kubernetes/kubernetes_signal engine/kubernetes/kubernetes_volumes test/network/engine_live.c
# needs: root kubernetes
. "$(dirname "$0")/common.sh"

bank=bank-4.5-1 pod=bank-4-5-1
# A bank that is killed as a flow ends may keep the soft lock of that flow.
others=".kind != \"soft-lock-left\" or .node != \"$bank\""
live=$PWD/build/test/network/engine_live

# act CODE ARGS...: on the bank; what it says is in act.log.
act() {
	wanted=$1
	shift
	in_cluster 400 "$live" "$run" "$bank" "$@" >"$runs/act.log" 2>&1
	code=$?
	[ "$code" -eq "$wanted" ] || {
		echo "it ended with $code, not $wanted"
		cat "$runs/act.log"
		return 1
	}
}

# of POD PATH: what the cluster says of it.
of() {
	kubectl -n corda get pod "$1" -o "jsonpath=$2"
}
restarts() {
	of "$pod" '{.status.containerStatuses[0].restartCount}'
}
restarted() {
	[ "$(restarts)" = "$1" ]
}
ready() {
	kubectl -n corda wait --for=condition=Ready "pod/$pod" --timeout=5s
}

now() {
	date +%s%6N
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
up
enter_site database cordapps:finance-4.0 node:maven:4.5 node:maven:4.8
cat >network.yaml <<'END'
banks: [{release: maven:4.5, count: 2}]
notaries: [{release: maven:4.8}]
cordapps: finance-4.0
seed: 42
load: {mix: {issue: 1, pay: 9}, in_flight: 2}
gates: {settled: 2}
END
cat >long.yaml <<'END'
load: {seconds: 120, in_flight: 4}
timeouts: {flow: 10}
END
run=$site/runs/latest

step up 0 "$medley" up network.yaml --engine kubernetes -n corda -s "$medley_storage_class" \
	--context test-token --docker-registry "$medley_registry/net"
step before 0 "$medley" drive

# ---- a bank stands still, and dies, under a load ----

had=$(payments "$run/history.jsonl")
in_cluster 400 "$medley" drive --load long.yaml >"$runs/load.out" 2>"$runs/load.err" &
load=$!
ok "payments flow" until_true 120 paid "$run/history.jsonl" $((had + 4))
ok "STOP" act 0 stop
stopped=$(now)
sleep 20
ok "its container still runs" act 0 is running
continued=$(now)
ok "CONT" act 0 cont
ok "payments of the bank are made again" until_true 60 some "$run/history.jsonl" \
	"$(of_bank ".outcome == \"ok\" and .sent_us > $continued")"
ok "while it stood still, none was" none "$run/history.jsonl" \
	"$(of_bank ".outcome == \"ok\" and .sent_us > $stopped and .done_us < $continued")"
is "it was not started again" "$(restarts)" 0
ok "KILL" act 0 kill
killed=$(now)
ok "it is started again" until_true 60 restarted 1
ok "it is ready" until_true 180 ready
wait $load
is "the load ends" $? 0
echo "  ...   $(jq -s "[.[] | select($(of_bank ".sent_us > $stopped and .outcome != \"ok\""))] | length" "$run/history.jsonl") payments of it were not ok, $(jq -s "[.[] | select($(of_bank ".sent_us > $killed and .outcome == \"ok\""))] | length" "$run/history.jsonl") were after KILL"
step check 0 "$medley" check
ok "nothing else is found" none "$run/findings.jsonl" "$others"

# ---- its volume ----

ok "STOP" act 0 stop
ok "the volume is saved" act 0 save "$runs/one.tar"
ok "it has the node's files" sh -c "tar -tf '$runs/one.tar' | grep -q certificates/nodekeystore.jks"
ok "a file more" kubectl -n corda exec "$pod" -c node -- touch /var/lib/corda/stale
ok "the volume is put back" act 0 load "$runs/one.tar"
ok "and saved again" act 0 save "$runs/two.tar"
inside "$runs/one.tar" >"$runs/one"
inside "$runs/two.tar" >"$runs/two"
ok "it is as it was" cmp "$runs/one" "$runs/two"
uid=$(of "$pod" '{.metadata.uid}')
ok "its pod is made anew" act 0 restart
ok "by that name" test "$(of "$pod" '{.metadata.uid}')" != "$uid"
ok "it is ready" until_true 240 ready
step after 0 "$medley" drive
step check 0 "$medley" check
ok "nothing else is found" none "$run/findings.jsonl" "$others"

# ---- what cannot be ----

ok "a volume that it has not" act 64 save "$runs/no.tar" tmp
ok "is named" grep -q 'has no volume tmp' "$runs/act.log"
step down 0 "$medley" down
ok "what is gone gets no signal" act 66 kill
ok "which is said" grep -q 'not found' "$runs/act.log"
ok "nor is it started" act 66 restart
cd "$OLDPWD" || exit 70
down
