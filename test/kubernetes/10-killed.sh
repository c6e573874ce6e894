#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A cluster whose start is killed half-way goes down without a trace, at
# whatever moment that was; and the same directory takes another one.
#
# track: kubernetes
# when: test/kubernetes/cluster test/kubernetes/init
# needs: root kubernetes
. "$(dirname "$0")/common.sh"

# killed FILE: starts a cluster and kills what starts it once FILE is there.
killed() {
	setsid $cluster up >/dev/null 2>&1 &
	background=$!
	ok "a start has come to $1" until_true 60 test -e "$runs/cluster/$1"
	kill -KILL "-$background"
	wait "$background" 2>/dev/null
	background=
	ok "it goes down" $cluster down
	ok "nothing of it is left" nowhere "$runs/cluster"
	ok "nor its directory" test ! -e "$runs/cluster"
}

for moment in alive init.pid pids/etcd pids/containerd pids/coredns; do
	killed "$moment"
done

up
ok "a second start is refused" refused 'has a cluster already' $cluster up
ok "the first still works" kubectl get nodes
kill -KILL "$(cat "$runs/cluster/init.pid")"
ok "all ends with its first process" until_true 10 flock -n "$runs/cluster/alive" true
up
ok "another takes its place" kubectl get nodes
down
