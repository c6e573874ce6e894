# SPDX-License-Identifier: Apache-2.0
# cluster.sh - a network's objects into a cluster and out of it, against
# kubectl side by side; nodes that pretend to run, until all are ready.
# APPLY_ROUNDS and READY_ROUNDS say how often (3), NODES how large (10 100 1000).
# shellcheck shell=sh

cluster_bench() {
	cluster="test/kubernetes/cluster -d $work/cluster"
	$cluster up --no-node --kwok 20 >&2
	mkdir -p "$work/objects/built"
	cp test/vectors/images/node-images.txt "$work/objects/built/"
	cluster_warm
	for round in $(seq "${APPLY_ROUNDS:-3}"); do
		for n in ${NODES:-10 100 1000}; do
			[ "$round" -gt 1 ] || cluster_write $n 0
			cluster_apply $n kubectl kubectl apply -f "$work/objects/$n-0.yaml"
			cluster_apply $n medley $bin/apply_bench "$work/objects/$n-0.yaml" bench
		done
	done
	for n in ${NODES:-10 100 1000}; do
		cluster_write $n $((n / 2))
		for round in $(seq "${READY_ROUNDS:-3}"); do
			cluster_ready $n
		done
	done
	$cluster down >&2
}

# cluster_write NODES REPLICAS: all objects of a network of so many, a file; of
# each of the two releases so many are started.
cluster_write() {
	(
		cd "$work/objects"
		cat >"$1.network.yaml" <<-END
			banks:
			  - {release: maven:4.0, count: $(($1 / 2))}
			  - {release: maven:4.10, count: $(($1 / 2))}
			notaries: [{release: maven:4.8}]
			cordapps: finance-4.0
		END
		"$OLDPWD/medley" generate -f "$1.network.yaml" -n bench -s bench -o "$1" >&2
		for part in network bank-4-0 bank-4-10; do
			for file in "$1/$part"/*.yaml; do
				echo ---
				sed "s/^  serviceName: \"*bank-.*/&\n  replicas: $2/" "$file"
			done
		done >"$1-$2.yaml"
	)
}

# The first requests of a server's life are slower: they are nobody's.
cluster_warm() {
	cluster_write 10 0
	$cluster exec kubectl apply -f "$work/objects/10-0.yaml" >/dev/null
	cluster_empty
	$cluster exec "$bin/apply_bench" "$work/objects/10-0.yaml" bench >/dev/null
	cluster_empty
}

cluster_empty() {
	$cluster exec kubectl delete namespace bench --timeout=200s >/dev/null
	# what controllers still have to do about it is nobody's
	sleep 3
}

# ticks PART: hundredths of a second of a processor that it has used.
ticks() {
	$cluster enter awk '{print $14 + $15}' "/proc/$(cat "$work/cluster/pids/$1")/stat"
}

# cluster_apply NODES WHO COMMAND...
cluster_apply() {
	nodes=$1 who=$2
	shift 2
	api=$(ticks kube-apiserver) store=$(ticks etcd)
	$cluster exec "$bin/timed" "$@" >"$work/apply.out" 2>"$work/apply.err" ||
		{ cat "$work/apply.out" "$work/apply.err" >&2; exit 70; }
	tail -n 1 "$work/apply.err" | jq -c --arg who "$who" --argjson nodes "$nodes" \
		--argjson objects "$(grep -c '^kind:' "$work/objects/$nodes-0.yaml")" \
		--argjson ticks $(($(ticks kube-apiserver) + $(ticks etcd) - api - store)) \
		'. + {$who, $nodes, $objects, server_seconds: ($ticks / 100)}' |
		tee -a "$work/cluster-apply.json"
	cluster_empty
}

# cluster_volumes N: a volume for each claim, as if an administrator made them.
# Those of a round before may still be on their way out.
cluster_volumes() {
	$cluster exec kubectl delete pv -l bench=1 --wait=false >/dev/null 2>&1
	seq "$1" | awk -v round="$round" '{ printf "---\napiVersion: v1\nkind: PersistentVolume\n" \
		"metadata: {name: bench-%d-%d, labels: {bench: \"1\"}}\n" \
		"spec: {storageClassName: bench, accessModes: [ReadWriteOnce], " \
		"capacity: {storage: 100Gi}, hostPath: {path: /nowhere}, " \
		"persistentVolumeReclaimPolicy: Retain}\n", round, $1 }' >"$work/volumes.yaml"
	$cluster exec "$bin/apply_bench" "$work/volumes.yaml" bench >&2
}

# cluster_ready NODES: applied, waited for, taken away.
cluster_ready() {
	live=build/kube/test/client_live labels=app.kubernetes.io/managed-by=medley
	cluster_volumes $(($1 + 2))
	began=$(date +%s.%N)
	$cluster exec "$bin/apply_bench" "$work/objects/$1-$(($1 / 2)).yaml" bench >&2
	$cluster exec "$bin/timed" $live ready bench $labels 900 >&2 2>"$work/ready.err"
	ended=$(date +%s.%N)
	# by the clock of who made them ready, cut to the second
	last=$($cluster exec kubectl -n bench get pods -o json | jq '[.items[].status.conditions[]
		| select(.type == "Ready" and .status == "True").lastTransitionTime | fromdate] | max')
	pods=$($cluster exec kubectl -n bench get pods --no-headers | wc -l)
	swept=$(date +%s.%N)
	$cluster exec "$bin/timed" $live sweep bench $labels 600 >&2 2>"$work/sweep.err"
	gone=$(date +%s.%N)
	left=$($cluster exec $live left bench $labels 60 | wc -l)
	jq -nc --argjson nodes "$1" --argjson pods "$pods" --argjson began "$began" \
		--argjson ended "$ended" --argjson last "$last" --argjson swept "$swept" \
		--argjson gone "$gone" --argjson left "$left" \
		--argjson wait "$(tail -n 1 "$work/ready.err")" \
		--argjson sweep "$(tail -n 1 "$work/sweep.err")" \
		'{$nodes, $pods, seconds: ($ended - $began), controllers: ($last - $began),
		 wait_cpu: $wait.cpu_seconds, wait_kib: $wait.peak_kib,
		 sweep: ($gone - $swept), sweep_cpu: $sweep.cpu_seconds,
		 sweep_kib: $sweep.peak_kib, $left}' | tee -a "$work/cluster-ready.json"
	cluster_empty
}

if [ "$(id -u)" -ne 0 ]; then
	say "cluster: skipped, only root can start a cluster"
elif [ ! -e "${MEDLEY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/medley}/kubernetes" ]; then
	say "cluster: skipped, its binaries are not there: make kubernetes-binaries"
else
	cluster_bench
fi
