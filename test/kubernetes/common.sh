# SPDX-License-Identifier: Apache-2.0
# common.sh - what every scenario on a test cluster shares; sourced by them.
# shellcheck shell=sh disable=SC2034,SC2154
. "$(dirname "$0")/../network/common.sh"
cluster="$PWD/test/kubernetes/cluster -d $runs/cluster"

# The cluster's logs are kept where something failed.
end_cluster() {
	if [ "$failed" -ne 0 ] && [ -d "$runs/cluster/logs" ]; then
		cp -r "$runs/cluster/logs" "$runs/cluster-logs"
	fi
	[ ! -d "$runs/cluster" ] || $cluster down
}
trap 'end_beside; end_cluster; finish' EXIT

# beside NAME COMMAND...: a function of the scenario runs beside what follows,
# with $runs/NAME for its files. together shows and counts its assertions.
besides=
beside() {
	part=$1
	shift
	mkdir -p "$runs/$part"
	(
		runs=$runs/$part passed=0 failed=0 besides=
		began_beside=$(date +%s)
		"$@"
		echo "  ...   $(($(date +%s) - began_beside)) s in all"
		echo "$passed $failed" >"$runs/tally"
	) >"$runs/$part.log" 2>&1 &
	besides="$besides $part:$!"
}

# together - waits for all that runs beside.
together() {
	for each in $besides; do
		part=${each%:*}
		wait "${each#*:}"
		echo "$part:"
		cat "$runs/$part.log"
		if { read -r good bad <"$runs/$part/tally"; } 2>/dev/null; then
			passed=$((passed + good)) failed=$((failed + bad))
		else
			failed=$((failed + 1))
			echo "  FAIL  $part did not come to its end"
		fi
	done
	besides=
}

# family PID: the process, and all that it started.
family() {
	echo "$1"
	for child in $(pgrep -P "$1"); do
		family "$child"
	done
}

# A client that lives on would keep the cluster's network.
end_beside() {
	for each in $besides; do
		# shellcheck disable=SC2046
		kill -KILL $(family "${each#*:}") 2>/dev/null
	done
}

# up ARGS...: a cluster, and $medley_registry, $medley_image … of it.
up() {
	began=$(date +%s)
	ok "a cluster is up $*" $cluster up "$@"
	echo "  ...   $(($(date +%s) - began)) s"
	eval "$($cluster env | grep '^medley_')"
}

# A directory to work in, with the images that a cluster pulls.
site=$runs/site
images=$site/built/node-images.txt

# publish COMPONENT[:RELEASE]: builds or finds the image, and publishes it.
publish() {
	component=${1%%:*}
	word=${1#"$component"}
	word=${word#:}
	mkdir -p "$site/built"
	# shellcheck disable=SC2086
	(cd "$runs" && "$medley" build "$component" $word --json) >"$runs/built.json" ||
		return 1
	local_image=$(jq -r '.images[0].image' "$runs/built.json")
	$cluster exec skopeo copy -q --dest-tls-verify=false \
		--digestfile "$runs/digest" "containers-storage:$local_image" \
		"docker://$medley_registry/net/$component:$(echo "${word:--}" | tr -c 'a-z0-9.\n' _)" ||
		return 1
	image=$medley_registry/net/$component@$(cat "$runs/digest")
	jq -r --arg image "$image" --arg word "${word:--}" '.images[0] |
		[$image, .component, $word, $word, .platform // "-",
		"2026-11-21T07:50:12.345Z", .contracts // "-"] | @tsv' "$runs/built.json" >>"$images"
}

# enter_site IMAGE...: publishes what is named as for publish, and goes there.
enter_site() {
	for each in "$@"; do
		ok "published: $each" publish "$each"
	done
	cd "$site" || exit 70
}

# nothing_in_cluster: of any network's objects, in the namespace corda.
nothing_in_cluster() {
	kubectl -n corda get all,pvc,configmap,secret -o name \
		-l app.kubernetes.io/managed-by=medley >"$runs/left" && [ ! -s "$runs/left" ]
}

# in_cluster SECONDS COMMAND...: where the API server and the registry are.
in_cluster() {
	seconds=$1
	shift
	timeout "$seconds" $cluster exec "$@"
}

# hang - the API server hangs from now on, until $hanging ends. A client gives a
# new connection up after 5 s (CONNECT_MS in lib/net/http_easy.c) and tries again:
# in 12 s that happens twice, and a third connection comes to its end. A call
# that is under way is given up after 20 s: sweep_stalled tests that.
hang() {
	$cluster pause kube-apiserver 12 &
	hanging=$!
	sleep 0.5
}

# step NAME WANTED COMMAND...: its exit code; output in $runs/NAME.*
# It has ten minutes, or $limit seconds.
step() {
	name=$1 wanted=$2
	shift 2
	began=$(date +%s)
	echo "  ...   $(basename "$1") ${2:-}"
	in_cluster "${limit:-600}" "$@" >"$runs/$name.out" 2>"$runs/$name.err"
	code=$?
	[ "$code" -eq "$wanted" ] || tail -n 30 "$runs/$name.err" "$runs/$name.out"
	is "$name ends with $wanted" "$code" "$wanted"
	echo "  ...   $(($(date +%s) - began)) s"
}

# kept_run: a network.yaml in the site is run, and its network kept; $run is the
# run's directory.
kept_run() {
	step run 0 "$medley" run network.yaml --keep --engine kubernetes -n corda \
		--context test-token -s "$medley_storage_class" \
		--docker-registry "$medley_registry/net"
	run=$site/runs/latest
}

# of_database DATABASE STATEMENT: of the network of $run, as the administrator
# of its databases.
of_database() {
	jq -r .database_password "$run/secrets.json" |
		kubectl -n corda exec -i database-0 -c database -- sh -c \
		'read -r PGPASSWORD; export PGPASSWORD; exec /usr/lib/postgresql/15/bin/psql \
		-h /tmp -U corda -d "$0" -At -v ON_ERROR_STOP=1 -c "$1"' "$@"
}

# said NAME WORDS: on standard error, in that step.
said() {
	grep -Fq "$2" "$runs/$1.err"
}

# kubectl ARGS...: as the cluster's administrator, or by the --context given.
kubectl() {
	timeout 120 $cluster exec kubectl "$@"
}

sysctls() {
	sysctl kernel.panic kernel.panic_on_oops vm.overcommit_memory \
		vm.panic_on_oom kernel.keys.root_maxkeys kernel.keys.root_maxbytes
}

# outside - prints what is of a cluster and outside of its directory.
outside() {
	for file in /var/lib/kubelet /var/lib/cni /var/log/pods \
		/var/log/containers /run/containerd /etc/cni/net.d /etc/kubernetes; do
		[ ! -e "$file" ] || find "$file" -newer "$runs/began"
	done
}
touch "$runs/began"
sysctls >"$runs/sysctls"

# nowhere WORD: no mount, cgroup or process has it in its name.
nowhere() {
	! grep -F "$1" /proc/self/mountinfo &&
		! find /sys/fs/cgroup -type d -name "*$1*" | grep . &&
		! pgrep -af "$1"
}

# down - ends the cluster; each kind of thing that it was is gone.
down() {
	inode=$(sed 's/[^0-9]//g' "$runs/cluster/network")
	cgroup=$(sed -n 's,cgroupRoot: /,,p' "$runs/cluster/kubelet.yaml")
	began=$(date +%s)
	ok "it goes down" $cluster down
	echo "  ...   $(($(date +%s) - began)) s"
	ok "its directory is gone" test ! -e "$runs/cluster"
	ok "no process or mount is left" nowhere "$runs/cluster"
	ok "no cgroup is left" nowhere "$cgroup"
	is "no network namespace" "$(lsns -n -t net -o NS | grep -c "$inode")" 0
	is "no sysctl has changed" "$(sysctls)" "$(cat "$runs/sysctls")"
	is "no file outside of its directory" "$(outside)" ""
}
