# SPDX-License-Identifier: Apache-2.0
# boot.sh - what a boot of 100 banks takes while it waits for them: threads and
# processor time. Nodes that pretend to run are never ready: the boot waits
# until it is interrupted. BANKS says how many.
# shellcheck shell=sh

boot_bench() {
	cluster="test/kubernetes/cluster -d $work/cluster"
	banks=${BANKS:-100}
	$cluster up --no-node --kwok 20 >&2
	boot_database
	boot_network
	boot_volumes $((banks + 1))
	$cluster exec ./medley up "$work/boot/config" --runs "$work/boot/runs" \
		>"$work/boot/out" 2>&1 &
	booting=$!
	boot_measure
	kill -INT $booting && wait $booting || true
	$cluster exec ./medley down "$work/boot/runs/latest" >&2
	$cluster exec runuser -u postgres -- "$pg/pg_ctl" -s -D "$work/boot-pg" -m immediate stop
	$cluster down >&2
}

# A PostgreSQL in the cluster's network, since pods there only pretend.
boot_database() {
	pg=/usr/lib/postgresql/15/bin
	mkdir "$work/boot-pg"
	echo not-a-secret >"$work/boot-password"
	chown postgres "$work/boot-pg" "$work/boot-password"
	runuser -u postgres -- "$pg/initdb" -D "$work/boot-pg" -U corda -A scram-sha-256 \
		--pwfile "$work/boot-password" >/dev/null
	$cluster exec runuser -u postgres -- "$pg/pg_ctl" -s -w -D "$work/boot-pg" \
		-l "$work/boot-pg/log" -o "-c listen_addresses=127.0.0.1 -k $work/boot-pg" start
	$cluster exec kubectl create namespace bench >&2
	$cluster exec kubectl -n bench create secret generic db-login \
		--from-literal=database-user=corda \
		--from-literal=database-password=not-a-secret >&2
}

# Banks of 4.0 make their own tables: no job of a pretending node has to end.
boot_network() {
	mkdir -p "$work/boot/built"
	cp test/vectors/images/node-images.txt "$work/boot/built/"
	cat >"$work/boot/network.yaml" <<-END
		banks: [{release: maven:4.0, count: $banks}]
		notaries: [{release: maven:4.0}]
		cordapps: finance-4.0
		external_database: {host: 127.0.0.1, secret: db-login}
		timeouts: {boot: 600}
	END
	(cd "$work/boot" && "$OLDPWD/medley" generate -n bench -s bench) >&2
}

# A volume for each claim, as if an administrator had made them.
boot_volumes() {
	seq "$1" | awk '{ printf "---\napiVersion: v1\nkind: PersistentVolume\n" \
		"metadata: {name: boot-%d}\nspec: {storageClassName: bench, " \
		"accessModes: [ReadWriteOnce], capacity: {storage: 100Gi}, " \
		"hostPath: {path: /nowhere}}\n", $1 }' >"$work/volumes.yaml"
	$cluster exec kubectl apply -f "$work/volumes.yaml" >/dev/null
}

# boot_running: how many pods of nodes run, as the cluster says.
boot_running() {
	$cluster exec kubectl -n bench get pods --no-headers 2>/dev/null | grep -c Running
}

# used: hundredths of a second of a processor that the boot has used.
used() {
	awk '{ print $14 + $15 }' "/proc/$booting/stat"
}

# When all run, the boot only waits: 20 s of that, five looks a second.
boot_measure() {
	until [ "$(boot_running)" -gt "$banks" ]; do
		[ -d "/proc/$booting" ] || { cat "$work/boot/out" >&2; exit 70; }
		sleep 1
	done
	sleep 5
	began=$(used)
	for _ in $(seq 100); do
		set -- "/proc/$booting/task"/*
		echo $#
		sleep 0.2
	done >"$work/boot/threads"
	jq -nc --argjson banks "$banks" --slurpfile threads "$work/boot/threads" \
		--argjson ticks $(($(used) - began)) \
		'{$banks, threads: ($threads | sort | .[length / 2 | floor]),
		 threads_max: ($threads | max), cpu_percent: ($ticks / 20)}' |
		tee -a "$work/boot.json"
}

if [ "$(id -u)" -ne 0 ]; then
	say "boot: skipped, only root can start a cluster"
elif [ ! -e "${MEDLEY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/medley}/kubernetes" ]; then
	say "boot: skipped, its binaries are not there: make kubernetes-binaries"
else
	boot_bench
fi
