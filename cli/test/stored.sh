#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# stored.sh - runs that were stored, cut, altered or sent by somebody else: the
# report finds what is missing, and nothing in them does harm.
# Usage: stored.sh MEDLEY   Prints a line an assertion, as cmocka does.
set -u
medley=$(readlink -f "$1")
dir=$(mktemp -d "${TMPDIR:-/tmp}/medley-stored-XXXXXX") || exit 70
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 70
vectors=$MEDLEY_HOME/test/vectors/report
bad=0

# say NAME RESULT
say() {
	if [ "$2" -eq 0 ]; then
		echo "[       OK ] $1"
	else
		echo "[  FAILED  ] $1"
		bad=1
	fi
}

# expect NAME CODE PATTERN ARGS...: exit code, and a line of the output, within
# 20 seconds and 1 GB of memory.
expect() {
	name=$1 code=$2 pattern=$3
	shift 3
	timeout 20 sh -c "${limit-}"' exec "$@"' - "$medley" "$@" >out 2>&1 </dev/null
	got=$?
	if [ "$got" -eq "$code" ] && grep -qE -- "$pattern" out; then
		say "$name" 0
	else
		echo "medley $*: exit $got, expected $code and '$pattern' in:"
		cat -v out
		say "$name" 1
	fi
}

# holds NAME COMMAND...
holds() {
	name=$1
	shift
	"$@"
	say "$name" $?
}

# A sanitizer reserves more addresses than any limit.
if ! grep -q __asan_init "$medley"; then
	limit='ulimit -v 1000000;'
fi

# Nothing of these runs is up.
mkdir fake runs
printf '#!/bin/sh\nexit 0\n' >fake/podman
chmod +x fake/podman
export PATH="$dir/fake:$PATH"

# ---- the seal ----

cp -r "$vectors/green" runs/green
expect old_run_passes 0 '^PASS' report runs/green
holds report_seals_no_old_run test ! -e runs/green/seal.json
expect down_of_old_run 0 '0 left' down runs/green
holds down_seals grep -q '"history.jsonl"' runs/green/seal.json
expect sealed_run_passes 0 '^PASS' report runs/green
cp -r runs/green runs/kept

cp runs/green/seal.json sealed
expect down_again 0 '0 left' down runs/green
holds down_seals_again test "$(grep -c sha256 runs/green/seal.json)" = "$(grep -c sha256 sealed)"
expect sealed_again_passes 0 '^PASS' report runs/green
expect refused_step 64 'no endpoints.json' check runs/green
expect refused_step_keeps_the_seal 0 '^PASS' report runs/green

sed -i '$d' runs/green/settlements.jsonl
expect cut_run_is_undecided 2 'changed after it had ended: settlements.jsonl has' report runs/green
expect down_of_cut_run 0 'warning: runs/green was changed after it had ended: settlements.jsonl' down runs/green
expect down_covers_nothing_up 2 '^UNDECIDED' report runs/green

# ---- kinds and sizes of files ----

for file in history.jsonl settlements.jsonl findings.jsonl phases.jsonl \
	network.resolved.yaml expected.yaml; do
	rm -rf runs/fifo
	cp -r "$vectors/green" runs/fifo
	rm -f runs/fifo/$file
	mkfifo runs/fifo/$file
	expect "fifo_for_$file" 64 "$file: not a regular file" report runs/fifo
	rm runs/fifo/$file
	truncate -s 3G runs/fifo/$file
	expect "sparse_$file" 64 "$file: larger than" report runs/fifo
	truncate -s 1000M runs/fifo/$file
	expect "empty_$file" 64 "$file:" report runs/fifo
done
rm -rf runs/fifo
cp -r "$vectors/green" runs/fifo
for file in inventory.jsonl phases.jsonl lock; do
	rm -f runs/fifo/$file
	mkfifo runs/fifo/$file
	timeout 20 "$medley" down runs/fifo >out 2>&1 </dev/null
	holds "down_with_fifo_$file" test $? -ne 124
	rm -f runs/fifo/$file
done
echo mine >mine
rm -f runs/fifo/phases.jsonl
ln -s "$dir/mine" runs/fifo/phases.jsonl
timeout 20 "$medley" down runs/fifo >out 2>&1 </dev/null
holds down_follows_no_link test "$(cat mine)" = mine

exit $bad
