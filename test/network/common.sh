# SPDX-License-Identifier: Apache-2.0
# common.sh - what every scenario on real nodes shares; sourced by them.
# shellcheck shell=sh disable=SC2034
set -u
medley=$PWD/medley
# The runner says where, to find what a scenario that it killed has left.
runs=$(mktemp -d "${MEDLEY_TEST_DIR:-${TMPDIR:-/tmp}}/medley-test-XXXXXX")
# podman as medley itself uses it on this machine
conf=${MEDLEY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/medley}/containers.conf
[ -n "${CONTAINERS_CONF:-}" ] || [ ! -f "$conf" ] || export CONTAINERS_CONF="$conf"
passed=0 failed=0
background=

finish() {
	[ -z "$background" ] || kill -KILL "$background" 2>/dev/null
	for run in "$runs"/*/; do
		[ -L "${run%/}" ] || [ ! -d "$run" ] ||
			"$medley" down "$run" >/dev/null 2>&1
	done
	if [ "$failed" -eq 0 ]; then
		rm -rf "$runs"
	else
		echo "kept for a look: $runs" >&2
	fi
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ] || exit 1
}
trap finish EXIT
trap 'exit 130' INT TERM

# ok WHAT COMMAND... - one assertion: the command must succeed.
ok() {
	what=$1
	shift
	if "$@" >"$runs/assert.log" 2>&1; then
		passed=$((passed + 1))
		echo "  ok    $what"
	else
		failed=$((failed + 1))
		echo "  FAIL  $what: $*"
		sed 's/^/        /' "$runs/assert.log" | head -n 20
	fi
}

# is WHAT GOT WANTED
is() {
	ok "$1 ($2)" test "$2" = "$3"
}

# holds FILE FILTER: a jq filter that must hold of a JSON document.
holds() {
	[ "$(jq "$2" "$1")" = true ]
}

# some FILE FILTER: how many lines of a JSON lines file fit; none is a failure.
some() {
	[ "$(jq -s "[.[] | select($2)] | length" "$1")" -gt 0 ]
}

# none FILE FILTER: the opposite.
none() {
	[ "$(jq -s "[.[] | select($2)] | length" "$1")" -eq 0 ]
}

# medley_run NAME WANTED-EXIT ARGS...: runs to the end; output in $runs/NAME.*
medley_run() {
	name=$1 wanted=$2
	shift 2
	echo "  ...   medley $*"
	timeout 900 "$medley" "$@" >"$runs/$name.out" 2>"$runs/$name.err"
	code=$?
	[ "$code" -eq "$wanted" ] || tail -n 30 "$runs/$name.err" "$runs/$name.out"
	is "medley $1 ends with $wanted" "$code" "$wanted"
}

# start NAME ARGS...: the same in the background, as $background.
start() {
	name=$1
	shift
	echo "  ...   medley $* &"
	timeout 900 "$medley" "$@" >"$runs/$name.out" 2>"$runs/$name.err" &
	background=$!
}

# interrupt: as ^C does to what start began.
interrupt() {
	kill -INT "$(pgrep -P "$background" medley)"
}

# ends WHAT WANTED-EXIT: waits for what start began.
ends() {
	wait "$background"
	is "$1" $? "$2"
	background=
}

# until_true SECONDS COMMAND...: waits for a condition, bounded.
until_true() {
	end=$(($(date +%s) + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$(date +%s)" -lt "$end" ] || return 1
		sleep 0.2
	done
}

# The run that the last command made or used.
latest() {
	readlink -f "$runs/latest"
}

# payments HISTORY: how many it has.
payments() {
	grep -c '"kind": *"pay"' "$1"
}

# paid HISTORY COUNT: so many payments, or more, are in it.
paid() {
	[ "$(payments "$1")" -ge "$2" ]
}

# verdict RUN PAYER PAYEE [NOTARY]: of these releases.
verdict() {
	jq -r --arg a "$2" --arg b "$3" --arg n "${4:-}" '.cells[] |
		select(.payer == $a and .payee == $b and
			($n == "" or .notary == $n)) | .verdict' "$1/results.json"
}

# asked RUN: how many banks its last check has asked, have answered, and agree.
asked() {
	jq -s -r '[.[] | select(.phase == "check")][-1].details.asked |
		"\(.banks) \(.answered) \(.agree)"' "$1/phases.jsonl"
}

# speaks RUN POD: the pod's container runs, and has said something.
speaks() {
	podman ps --format '{{.Names}}' --filter "label=medley.run=$(basename "$1")" |
		grep -F -- "-$2-" | while read -r name; do podman logs "$name"; done 2>&1 | grep -q .
}

# What podman still has of a run, by its label or by its id in the name.
left_of() {
	id=$(basename "$1")
	podman ps -a --pod --format '{{.Names}} {{.PodName}}' --filter "label=medley.run=$id"
	podman pod ls --format '{{.Name}}' --filter "label=medley.run=$id"
	podman volume ls --format '{{.Name}}' --filter "label=medley.run=$id"
	podman network ls --format '{{.Name}}' --filter "label=medley.run=$id"
	podman secret ls --format '{{.Name}}' | grep -F "$id"
	podman ps -a --format '{{.Names}}' | grep -F "$id"
	jq -r 'select(.kind == "directory") | .name' "$1/inventory.jsonl" |
		while read -r d; do [ ! -e "$d" ] || echo "$d"; done
}

nothing_left() {
	left=$(left_of "$1")
	[ -z "$left" ] || { echo "$left"; false; }
}

# The container of a node, from the run's endpoints.
container_of() {
	jq -r --arg n "$2" '.nodes[$n].container' "$1/endpoints.json"
}

# refused WORD COMMAND...: it must fail, and say so.
refused() {
	word=$1
	shift
	# Seen once, on a busy machine: podman exec ended without the words of
	# the program. No word is no answer.
	for try in 1 2 3; do
		! "$@" >"$runs/refused.log" 2>&1 || return 1
		[ ! -s "$runs/refused.log" ] || break
	done
	grep -q "$word" "$runs/refused.log"
}

# sql_as_node RUN NODE DATABASE STATEMENT: with what stands in the node's own
# configuration, over the network's address of the database.
sql_as_node() {
	podman exec "$(container_of "$1" "$2")" cat /var/lib/corda/node.conf >"$runs/node.conf"
	as=$(sed -n 's/.*dataSource.user = "\(.*\)"/\1/p' "$runs/node.conf")
	echo "$4" | PGPASSWORD=$(sed -n 's/.*dataSource.password = "\(.*\)"/\1/p' "$runs/node.conf") \
		podman exec -i -e PGPASSWORD "$(jq -r .database.container "$1/endpoints.json")" \
		/usr/lib/postgresql/15/bin/psql -h database -U "$as" -d "$3" -qAt -v ON_ERROR_STOP=1
}

# sql RUN DATABASE STATEMENT: as the databases' owner, inside the database pod.
sql() {
	echo "$3" | PGPASSWORD=$(jq -r .database_password "$1/secrets.json") \
		podman exec -i -e PGPASSWORD "$(jq -r .database.container "$1/endpoints.json")" \
		/usr/lib/postgresql/15/bin/psql -h /tmp -U corda -d "$2" -qAt -v ON_ERROR_STOP=1
}
