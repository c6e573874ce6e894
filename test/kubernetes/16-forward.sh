#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A pod's port on this machine, by kube/forward, beside kubectl's.
#
# track: kubernetes
# when: kube/forward kube/tunnel lib/proto/websocket test/kubernetes/forward test/kubernetes/echo.yaml
# needs: root kubernetes
. "$(dirname "$0")/common.sh"

up
# shellcheck disable=SC2154
sed "s,IMAGE,$medley_image," test/kubernetes/echo.yaml >"$runs/echo.yaml"
ok "an echo is applied" kubectl apply -f "$runs/echo.yaml"
ok "it is ready" kubectl wait --for=condition=Ready pod/echo --timeout=60s
ok "the forwarder is built" make -s build/test/kubernetes/forward_live

# client ARGS...: test/kubernetes/forward.py in the cluster's network.
client() {
	timeout 120 $cluster exec python3 test/kubernetes/forward.py "$@"
}

# forwarder COMMAND...: runs until its input ends; $port is what it forwards.
forwarder() {
	rm -f "$runs/in" "$runs/out"
	mkfifo "$runs/in"
	$cluster exec "$@" <"$runs/in" >"$runs/out" 2>"$runs/err" &
	forwarder=$!
	exec 9>"$runs/in"
	for _ in $(seq 100); do
		grep -q '[0-9]' "$runs/out" && break
		sleep 0.1
	done
	port=$(sed -n '1s/.*127.0.0.1:\([0-9]*\).*/\1/; 1s/^\([0-9]*\)$/\1/; 1p' "$runs/out")
}

# ours NAMESPACE POD PORT
ours() {
	forwarder build/test/kubernetes/forward_live "$@"
}

ended() {
	exec 9>&-
	wait "$forwarder"
}

ours default echo 9000
for round in 1 2 3; do
	ok "100 MB there and back, equal" client echo "$port" 100
	echo "  ...   $(client echo "$port" 100) MB/s each way, round $round"
done
ok "50 connections at once" client many "$port" 50
(sleep 3 && kubectl delete pod echo --grace-period=1) >"$runs/delete.log" 2>&1 &
ok "a pod that goes ends its connections" client until-reset "$port"
wait $!
ok "the pod comes back" kubectl apply -f "$runs/echo.yaml"
ok "it is ready again" kubectl wait --for=condition=Ready pod/echo --timeout=60s
ok "the same forward works again" client echo "$port" 1
ok "it ends" ended

ours default echo 9999
is "nothing listens: reset" "$(client until-reset "$port")" reset
ok "it ends, too" ended
ok "and says why" grep -q 'why: .*port 9999.*connection refused' "$runs/out"

ours default nobody 9000
is "no such pod: reset" "$(client until-reset "$port")" reset
ok "it ends as well" ended
ok "and names the pod" grep -q 'why: .*nobody.*not found' "$runs/out"

database() {
	image=$(podman images --format '{{.Repository}}:{{.Tag}}' \
		--filter reference=localhost/medley/database | head -n 1)
	podman save -q -o "$runs/database.tar" "$image" &&
		timeout 120 $cluster exec skopeo copy --dest-tls-verify=false \
			"docker-archive:$runs/database.tar" \
			"docker://$medley_registry/test/database:1"
}
ok "the database's image is there" "$medley" build database
ok "the cluster has it" database
sed "s,IMAGE,$medley_registry/test/database:1," \
	test/kubernetes/forward-database.yaml >"$runs/database.yaml"
ok "a database is applied" kubectl apply -f "$runs/database.yaml"
ok "it is ready" kubectl wait --for=condition=Ready pod/database --timeout=90s

# sql TEXT: in a session of its own, through the forward.
sql() {
	timeout 60 $cluster exec psql -h 127.0.0.1 -p "$port" -U trial -d postgres \
		-AtXc "$1"
}
rows="select repeat(md5(n::text), 32) as x from generate_series(1, 20000) n"
ours default database 5432
is "a session answers" "$(sql "select sum(length(x)) from ($rows) t")" 20480000
is "20 MB come whole" "$(sql "copy ($rows) to stdout" | wc -c)" 20500000
ok "the forward ends" ended

forwarder sh -c 'kubectl port-forward pod/echo :9000 & cat >/dev/null; kill $!; wait $! || :'
for round in 1 2 3; do
	echo "  ...   kubectl: $(client echo "$port" 100) MB/s each way, round $round"
done
ok "kubectl ends" ended
down
