#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What killed runs left in podman goes; what is alive, younger or not of a run
# stays.
#
# track: podman
# when: always
# needs: -
. "$(dirname "$0")/common.sh"
old=20200101-000000 gone=20200102-000000 live=20200103-000000
dead=medley-$old-0a1b lost=medley-$gone-0a1b alive=medley-$live-0a1b
other=medley-test-$$

# things PREFIX ID DIRECTORY: as a run that was killed leaves them.
things() {
	labels="--label app.kubernetes.io/managed-by=medley --label medley.run=$2"
	# shellcheck disable=SC2086
	podman network create $labels --label "medley.directory=$3" "$1" &&
		podman volume create "$1-conf" &&
		podman volume create $labels "$1-data" &&
		echo secret | podman secret create $labels "$1-keys" - &&
		podman pod create --infra=false $labels --name "$1-bank-0" &&
		podman create $labels --pod "$1-bank-0" --name "$1-bank-0-node" \
			--volume "$1-data:/data" --rootfs "$runs/rootfs" /bin/true
}

# directory ID PREFIX: a run's, last written to long ago.
directory() {
	mkdir -p "$runs/$1/engine"
	printf %s "$2" >"$runs/$1/engine/prefix"
	: >"$runs/$1/lock"
	find "$runs/$1" -exec touch -d 2020-01-01 {} +
}

# there PREFIX: how many things of it podman has.
there() {
	{
		podman pod ps --format '{{.Name}}'
		podman ps --all --format '{{.Names}}'
		podman volume ls --format '{{.Name}}'
		podman secret ls --format '{{.Name}}'
		podman network ls --format '{{.Name}}'
	} | grep -c "^$1"
}

# Others' runs may be on this machine: only those in $ids are meant.
ids="$old $gone $live"
clean() {
	# shellcheck disable=SC2086
	"$medley" clean --runs "$runs" "$@" $ids >"$runs/clean.out" 2>"$runs/clean.err"
	code=$?
	cat "$runs/clean.err" "$runs/clean.out"
	return $code
}

end() {
	exec 7>&-
	for ids in $old $gone $live; do
		clean --older-than 0s >/dev/null 2>&1
	done
	podman volume rm -f "$other" >/dev/null 2>&1
	rm -rf "${runs:?}/$old" "${runs:?}/$live" "${runs:?}/sent"
	finish
}
trap end EXIT

mkdir -p "$runs/rootfs"
directory $old $dead
directory $live $alive
# Somebody sends a run whose prefix is that of the one that is alive.
cp -r "$runs/$live" "$runs/sent"
cp test/vectors/report/green/network.resolved.yaml "$runs/sent"
printf '{"kind":"volume","name":"%s-data"}\n' $alive >"$runs/sent/inventory.jsonl"
ok "things of a dead run" things $dead $old "$runs/$old"
ok "of one whose directory is gone" things $lost $gone "$runs/$gone"
ok "of one that is alive" things $alive $live "$runs/$live"
ok "and of somebody else" podman volume create "$other"
# Another process holds it, as a medley at work does.
python3 -c '
import fcntl, struct, sys, time
f = open(sys.argv[1], "r+")
fcntl.fcntl(f, 37, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0))
print("held", flush=True)
time.sleep(300)' "$runs/$live/lock" >"$runs/held" &
background=$!
ok "it is held" until_true 30 grep -q held "$runs/held"
touch -d 2020-01-01 "$runs/$live" "$runs/$live/lock"

medley_run sent 64 down "$runs/sent"
ok "what a sent run names is another's" grep -q "belong to the run in $runs/$live; nothing was removed" "$runs/sent.err"
ok "nothing is old enough" clean
is "all are there" "$(there medley-2020)" 18
ok "what would go is told" clean --older-than 0s --dry-run
ok "a line for the dead" grep -q "^$old .*podman .* 6  would be removed" "$runs/clean.out"
ok "and for the live" grep -q "^$live .*kept: a medley process works on it" "$runs/clean.out"
is "all are there" "$(there medley-2020)" 18
ok "the dead go" clean --older-than 0s
cat "$runs/clean.out"
is "the dead run has nothing" "$(there $dead)" 0
is "nor has the lost one" "$(there $lost)" 0
is "the live one has all" "$(there $alive)" 6
ok "as somebody else has" podman volume exists "$other"
kill -KILL "$background"
wait "$background" 2>/dev/null
background=
clean >/dev/null
is "one whose last trace is gone is unknown" $? 64
ok "as is told" grep -q "no run has the id '$gone'" "$runs/clean.err"
ids=$live
ok "the last one goes as JSON" clean --older-than 0s --json
ok "which says so" holds "$runs/clean.out" '.runs[0].removed and .runs[0].left == 0'
is "nothing is left" "$(there medley-2020)" 0
ok "a bad time is refused" sh -c "! $medley clean --older-than soon"
