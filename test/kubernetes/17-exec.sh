#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Commands in a container, by kube/exec, beside kubectl's; on a server that
# knows how to end a command's input, and on one that does not.
#
# track: kubernetes
# when: kube/exec kube/tunnel lib/proto/websocket test/kubernetes/exec_live.c
# needs: root kubernetes
. "$(dirname "$0")/common.sh"

# pod_of NAME: it ends when a file appears in it.
pod_of() {
	cat >"$runs/$1.yaml" <<-END
	apiVersion: v1
	kind: Pod
	metadata: {name: $1, namespace: default}
	spec:
	  restartPolicy: Never
	  terminationGracePeriodSeconds: 1
	  containers:
	  - name: main
	    image: $medley_image
	    command: [sh, -c, "until [ -f /end ]; do sleep 0.2; done"]
	END
	kubectl apply -f "$runs/$1.yaml" &&
		kubectl wait --for=condition=Ready "pod/$1" --timeout=60s
}

# ours POD CONTAINER SECONDS COMMAND...
ours() {
	timeout 120 $cluster exec env ${context:+KUBE_CONTEXT="$context"} \
		${input:+KUBE_INPUT=1} build/test/kubernetes/exec_live "$@"
}

# ends CODE COMMAND...: with this code; what it says is in said.log.
ends() {
	wanted=$1
	shift
	"$@" >"$runs/said.log" 2>&1
	code=$?
	[ "$code" -eq "$wanted" ] || {
		echo "it ended with $code, not $wanted"
		cat "$runs/said.log"
		return 1
	}
}

# says CODE WORDS COMMAND...
says() {
	code=$1 words=$2
	shift 2
	ok "it says: $words" ends "$code" "$@"
	sed 's/^/  ...   /' "$runs/said.log" | cut -c 1-200
	ok "in these words" grep -q "$words" "$runs/said.log"
}

up
ok "a pod runs" pod_of one
ok "the program is built" make -s build/test/kubernetes/exec_live

bytes=$((50 * 1024 * 1024))
sum=$(ours one main 60 sh -c "head -c $bytes /dev/urandom >/bytes; sha256sum </bytes")
ok "50 MB are made" test ${#sum} -ge 64
for round in 1 2 3; do
	began=$(date +%s%N)
	is "they come whole" "$(ours one main 60 cat /bytes | sha256sum)" "$sum"
	middle=$(date +%s%N)
	kubectl exec one -- cat /bytes | sha256sum >"$runs/kubectl.sum"
	echo "  ...   $(((middle - began) / 1000000)) ms; by kubectl" \
		"$((($(date +%s%N) - middle) / 1000000)) ms, round $round"
done
slowly() {
	ours one main 60 cat /bytes | (sleep 3 && sha256sum)
}
is "also to a slow reader" "$(slowly)" "$sum"

# codes_and_input HOW: what holds with and without v5.
codes_and_input() {
	for code in 0 1 3 124 255; do
		ok "exit code $code, $1" ends $code ours one main 20 sh -c "exit $code"
	done
	ok "killed by a signal, $1" ends 137 ours one main 20 sh -c 'kill -9 $$'
	is "its words as they are, $1" "$(ours one main 20 printf %s, 'a b' '' 'c&d=%41"$')" \
		'a b,,c&d=%41"$,'
	is "5 MB of input come whole, $1" \
		"$(ours one main 60 head -c 5000000 /bytes | input=1 ours one main 60 sha256sum)" \
		"$(ours one main 60 sh -c 'head -c 5000000 /bytes | sha256sum')"
	is "an empty input ends, $1" "$(input=1 ours one main 20 wc -c </dev/null)" 0
	# With more of it, the server never tells the end; nor to kubectl.
	is "input that nobody reads, $1" \
		"$(head -c 30000 /dev/zero | input=1 ours one main 20 echo done)" done
}
codes_and_input "v5"
ok "its complaints come apart" ends 3 sh -c "$cluster exec \
	build/test/kubernetes/exec_live one main 20 sh -c 'echo out; echo oh >&2; exit 3' >$runs/out"
is "from its output" "$(cat "$runs/out")$(cat "$runs/said.log")" outoh

says 125 'pods "nobody" not found' ours nobody main 20 true
says 125 'container other is not valid' ours one other 20 true
says 125 'no such file\|not found' ours one - 20 no-such-command
says 125 'has not ended in 2 s' ours one main 2 sleep 100
context=test-restricted says 125 'RBAC' ours one main 20 true
context=test-exec is "who a plugin says" "$(context=test-exec ours one main 20 echo yes)" yes

# shellcheck disable=SC2086
timeout 60 $cluster exec build/test/kubernetes/exec_live one main 60 \
	sh -c 'echo begun; sleep 50' >"$runs/interrupt.log" 2>&1 &
ok "a command has begun" until_true 30 grep -q begun "$runs/interrupt.log"
began=$(date +%s)
kill -TERM $!
wait $!
is "an interrupt ends it" "$(tail -n 1 "$runs/interrupt.log" | grep -c interrupted)" 1
ok "it is not waited for" test $(($(date +%s) - began)) -le 20

longer_than() {
	[ "$(wc -c <"$2")" -gt "$1" ]
}
# What it prints for as long as it may; $1 ends its container.
dies() {
	ours "$2" main 60 sh -c 'while :; do echo line; done' >"$runs/half" 2>"$runs/died.log" &
	pid=$!
	ok "it prints" until_true 30 longer_than 1000 "$runs/half"
	$1
	wait $pid
	code=$?
	sed 's/^/  ...   /' "$runs/died.log"
	echo "  ...   it ended with $code"
	ok "no success" test $code -ne 0
}
end_one() {
	ours one main 20 touch /end
}
dies end_one one
says 125 'one' ours one main 20 true
ok "another pod runs" pod_of two
remove_two() {
	kubectl delete pod two --grace-period=0 --force
}
dies remove_two two

ok "a third pod runs" pod_of one-more
hang() {
	$cluster pause kube-apiserver 8
}
ours one-more main 4 sh -c 'while :; do echo line; sleep 1; done' >"$runs/half" 2>"$runs/hang.log" &
sleep 1
hang
wait $!
is "a server that hangs is not waited for" "$(grep -c 'has not ended in 4 s' "$runs/hang.log")" 1

echo --feature-gates=TranslateStreamCloseWebsocketRequests=false >"$runs/cluster/kube-apiserver.flags"
ok "the server forgets v5" $cluster restart kube-apiserver
ok "a pod runs there" pod_of old
kubectl delete pod one --ignore-not-found >/dev/null
ok "a pod of the first name, too" pod_of one
sum=$(ours one main 60 sh -c "head -c $bytes /dev/urandom >/bytes; sha256sum </bytes")
is "50 MB come whole, v4" "$(ours one main 60 cat /bytes | sha256sum)" "$sum"
codes_and_input "v4"
says 125 'pods "nobody" not found' ours nobody main 20 true
down
