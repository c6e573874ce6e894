#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# schemas.sh - the files for machines, and what --json prints, are as
# docs/schemas describes them.
# Usage: schemas.sh MEDLEY   Prints a line an assertion, as cmocka does.
set -u
. "$MEDLEY_HOME/cli/test/common.sh"
vectors=$MEDLEY_HOME/test/vectors
mkdir runs
set --

# add SCHEMA FILE...
add() {
	schema=$1
	shift
	for file in "$@"; do
		[ ! -s "$file" ] || pairs="$pairs $schema:$file"
	done
}
pairs=

# Stored runs, as they are.
for kind in history settlements findings balances; do
	add $kind "$vectors"/report/*/$kind.jsonl "$vectors"/runs/*/$kind.jsonl \
		"$vectors"/schemas/quickstart/$kind.jsonl
done
for kind in phases inventory; do add $kind "$vectors/schemas/quickstart/$kind.jsonl"; done
add bisect "$vectors"/bisect/*.json
for kind in endpoints seal; do add $kind "$vectors/schemas/$kind.json"; done
for kind in status clean doorman-list; do add json-$kind "$vectors/schemas/$kind.json"; done

# print NAME ARGS...: what the command prints with --json, into NAME.json.
print() {
	name=$1
	shift
	"$medley" "$@" --json >"$name.json" 2>errors
	[ -s "$name.json" ] || {
		cat errors
		echo "[  FAILED  ] medley $* --json prints nothing"
		bad=1
	}
}

# What this medley writes.
cp -r "$vectors"/report/* "$vectors/schemas/quickstart" runs/
for run in runs/*; do
	run=$(basename "$run")
	print "report-$run" report "runs/$run"
	add results "runs/$run/results.json" "report-$run.json"
done
print merged report --merge runs/green runs/red -o all
add results merged.json all/results.json
cp -r runs/red runs/earlier
print earlier report runs/earlier
print against report runs/red --against runs/earlier --against runs/green
add results against.json
rm -r runs/earlier
print list list
add json-list list.json
print status status runs/quickstart
add json-status status.json
print tx show tx 4E07 runs/red
print issue show tx "$(sed -n 's/.*"kind":"issue".*"tx":"\([0-9A-F]*\)".*/\1/p' runs/quickstart/history.jsonl | head -1)" runs/quickstart
add json-show-tx tx.json issue.json
print state show state "$(jq -r .tx tx.json)(0)" runs/red
add json-show-state state.json
print node show node bank-4.0-finance-4.0-0 runs/red
print notary show node notary-4.8-0 runs/quickstart
add json-show-node node.json notary.json
print validate validate "$MEDLEY_HOME/examples/quickstart/network.yaml"
echo 'x: 1' >bad.yaml
print invalid validate bad.yaml
add json-validate validate.json invalid.json
print version version
add json-version version.json
print doctor doctor
add json-doctor doctor.json
print health health tcp://127.0.0.1:1/optional
add json-health health.json
mkdir built
printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "localhost/medley/node@sha256:$(printf '%064d' 1)" node maven:4.10 maven:4.10 12 2026-11-30T19:15:27Z - >built/node-images.txt
print images build --list
add json-build-list images.json
# What they print is in the details of the phases.
phase() { jq -c "select(.phase == \"$1\").details" "$vectors/schemas/quickstart/phases.jsonl"; }
phase check >check.json
phase build >build.json
add json-check check.json
add json-build build.json

# shellcheck disable=SC2086
/usr/bin/python3 "$MEDLEY_HOME/cli/test/schemas.py" "$MEDLEY_HOME/docs/schemas" $pairs || bad=1
exit $bad
