#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# history.sh - the verdicts of cells over many runs, and which runs are removed.
# Usage: history.sh MEDLEY   Prints a line an assertion, as cmocka does.
set -u
. "$MEDLEY_HOME/cli/test/common.sh"
LC_ALL=C
export LC_ALL
unset MEDLEY_HISTORY_DATABASE

# run_of NAME ANSWER: a judged run of that name, written long ago; green, or red
# in one cell.
run_of() {
	cp -r "$MEDLEY_HOME/test/vectors/report/green" "runs/$1"
	"$medley" report "runs/$1" >out 2>&1
	[ "$2" = green ] || {
		jq '.answer = "FAIL" | .exit_code = 1 |
			(.cells[] | select(.payer == "4.0" and .payee == "4.10")) |=
			(.verdict = "fail" | .reason = "1 payment was lost")' \
			"runs/$1/results.json" >out
		mv out "runs/$1/results.json"
	}
	[ -s "runs/$1/results.json" ] || exit 70
	find "runs/$1" -exec touch -d '2026-10-20' {} +
}
has() {
	grep -qE -- "$1" out
}

expect no_directory 0 'no run was judged' history
mkdir runs
expect no_runs 0 'no run was judged' history
for day in 01 02 03; do
	run_of "202610$day-000000" green
done
run_of 20261004-000000 red
run_of 20261005-000000 red
ln -s 20261005-000000 runs/latest

# ---- all cells ----

expect cells 0 '^green: 5 runs, the newest is 20261005-000000 \(FAIL\)$' history
cp out cells
ok cells_head grep -qE '^cell +last runs +red since +runs +p50/p95 seconds$' cells
ok red_cell grep -qE '^4.0:4.10:4.8 +[+][+][+]xx +2026-10-04 +2 ' cells
ok green_cell grep -qE '^4.10:4.0:4.8 +[+]{5}  ' cells
red=4.0:4.10:4.8 green=4.10:4.0:4.8
ok ascii sh -c "! LC_ALL=C grep -q '[^ -~]' cells"
expect last 0 '^4[.0-9]+:4[.0-9]+:4.8 +[+]xx +2026-10-04' history --last 3
LC_ALL=C.UTF-8 "$medley" history >out 2>&1
ok utf8 has '✓✓✓✗✗'
expect json 0 '"red_since": "20261004-000000"' history --json
ok json_is_valid sh -c "'$medley' history --json | jq -e '.runs | length == 5' >/dev/null"
ok json_red sh -c "'$medley' history --json | jq -e '[.cells[] | select(.red_runs == 2 and .stable_runs == 0)] | length > 0' >/dev/null"
ok json_green sh -c "'$medley' history --json | jq -e '[.cells[] | select(.red_since == null and .stable_runs == 5)] | length > 0' >/dev/null"

# ---- one cell ----

expect cell 0 '^20261005-000000 fail ' history --cell "$red"
ok cell_red_since has '^  red since 20261004-000000 \(2026-10-04\), in 2 runs$'
ok cell_commits has '^  payer maven:4[.0-9]+, payee maven:4[.0-9]+, notary maven:4.8 in the last run$'
ok cell_reason has '^20261004-000000 fail +[0-9]+/[0-9]+ [0-9./]+ 1 payment was lost$'
ok cell_newest_first sh -c "[ \$(grep -c '^2026' out) = 5 ] && grep '^2026' out | sort -rc"
expect cell_green 0 '^  passed in 5 runs in a row$' history --cell "$green"
expect cell_json 0 '"commit": "maven:4' history --cell "$red" --json
expect cell_bad 64 "cell 4.0: not a valid cell; expected the names of three releases" history --cell 4.0
expect cell_bad_four 64 'not a valid cell' history --cell 4.0:4.5:4.8:4.8
expect cell_bad_empty 64 'not a valid cell' history --cell 4.0::4.8
expect cell_unknown 64 "no run has the cell '${red}0'; did you mean '$red'" history --cell "${red}0"
expect network_unknown 64 "no run has the network 'nowhere'" history --network nowhere
expect network 0 '^green: 5 runs' history --network green
expect network_typed 64 "did you mean 'green'" history --network gren

# ---- a terminal of 60 columns ----

# shows WORDS...: what it shows, in `out`.
shows() {
	script -qec "stty cols 60; '$medley' $*" /dev/null </dev/null 2>&1 | tr -d '\r' >out
}
fits() {
	[ -s out ] && [ "$(wc -L <out)" -le 60 ]
}
shows history
ok cells_fit fits
ok cells_fit_on_a_line has '^4.0:4.10:4.8 +[+][+][+]xx +2026-10-04 +2 [0-9.]+/[0-9.]+$'
shows history --cell "$red"
ok cell_fits fits
ok cell_fits_on_a_line has '^20261005-000000 fail +[0-9]/[0-9] [0-9.]+/[0-9.]+ +1 payment was lost$'

# ---- the file ----

ok index_is_there test -s runs/history.sqlite
rm runs/history.sqlite
"$medley" history >out 2>&1
ok rebuilt cmp out cells
printf 'xxxx' | dd of=runs/history.sqlite bs=1 seek=5000 conv=notrunc 2>/dev/null
"$medley" history >out 2>&1
ok damaged cmp out cells
truncate -s 5000 runs/history.sqlite
"$medley" history >out 2>&1
ok cut cmp out cells
mv runs/history.sqlite kept
echo mine >runs/history.sqlite
expect foreign 64 'runs/history.sqlite is not an index of runs that medley made; move or remove this file' history
ok foreign_stays grep -q mine runs/history.sqlite
mv kept runs/history.sqlite
echo x >runs/20261003-000000/results.json
expect unreadable 0 'warning: 1 run is left out; of 20261003-000000: .*results.json' history
"$medley" report 20261003 >out 2>&1
"$medley" history >out 2>&1
ok readable_again cmp out cells
find runs/20261003-000000 -exec touch -d '2026-10-20' {} +

# ---- pruning ----

expect prune_needs_keep 64 'prune needs --keep, such as' history --prune
expect keep_needs_prune 64 'keep needs --prune' history --keep 3d
expect dry_run_alone 64 'dry-run is for --prune only' history --dry-run
expect prune_of_a_cell 64 'leave out --cell' history --prune --keep 1d --cell "$red"
expect keep_bad 64 "keep 30x: '30x' is not a valid term; expected a time such as 30d" history --prune --keep 30x
expect dry_run 0 '^20261001-000000 .* would be removed: no term keeps it$' history --prune --keep last-green,last=1 --dry-run
ok dry_run_keeps has '^20261003-000000 .* kept: last-green$'
ok dry_run_keeps_last has '^20261005-000000 .* kept: last$'
ok dry_run_removes_nothing test -d runs/20261001-000000
expect dry_run_json 0 '"why": "last-green"' history --prune --keep last-green,last=1 --dry-run --json
# Of a run that is up, or that a process holds, nothing is removed.
echo '{"kind":"pod","name":"p"}' >runs/20261002-000000/inventory.jsonl
touch -d '2026-10-20' runs/20261002-000000/inventory.jsonl
mkdir -p elsewhere
echo mine >elsewhere/file
touch -d '2026-10-20' elsewhere/file elsewhere
ln -s ../../elsewhere runs/20261001-000000/logs
touch -hd '2026-10-20' runs/20261001-000000/logs runs/20261001-000000
mkdir -p runs/.removing-20260901-000000/logs
expect prune 0 '^20261001-000000 .* removed: no term keeps it$' history --prune --keep last-green
ok prune_up has '^20261002-000000 .* kept: its network is up: medley down$'
ok prune_finishes has '^finished 1 interrupted removals$'
ok prune_removed test ! -e runs/20261001-000000
ok prune_removed_red test ! -e runs/20261005-000000
ok prune_kept test -f runs/20261003-000000/results.json
ok prune_rest test ! -e runs/.removing-20260901-000000
ok prune_follows_no_link grep -q mine elsewhere/file
ok prune_mends_latest test "$(readlink runs/latest)" = 20261003-000000
expect history_after 0 ': 2 runs, the newest is 20261003-000000 \(PASS\)' history
run_of 20261006-000000 red
touch runs/20261006-000000/results.json
expect prune_fresh 0 '^20261006-000000 .* kept: a file of it was written a moment ago$' history --prune --keep last-green

# One that cannot be removed (here: directories too deep) keeps no other.
run_of 20260901-000000 red
run_of 20260902-000000 red
deep=runs/20260901-000000/$(seq -s/ 300)
mkdir -p "$deep"
find runs/20260901-000000 -exec touch -d '2026-10-20' {} +
expect prune_fails 64 '^medley: removing .*20260901-000000: ' history --prune --keep last-green
ok prune_names_it has '^20260901-000000 .* cannot be removed'
ok prune_removes_the_other test ! -e runs/20260902-000000
run_of 20260903-000000 red
expect prune_fails_again 64 '^20260903-000000 .* removed: ' history --prune --keep last-green
ok prune_goes_on test ! -e runs/20260903-000000
rm -r runs/.removing-20260901-000000

# ---- a database ----

expect record_needs_database 64 'record needs --database or .MEDLEY_HISTORY_DATABASE' history --record
expect database_password 64 'database: the address contains a password; put it into ~/.pgpass' history --database postgresql://u:secret@127.0.0.1:1/d
ok password_unsaid sh -c '! grep -q secret out'
expect database_bad 64 'database: expected postgresql://USER@HOST:PORT/DATABASE' history --database nowhere
MEDLEY_HISTORY_DATABASE=nowhere
export MEDLEY_HISTORY_DATABASE
expect database_bad_variable 64 'MEDLEY_HISTORY_DATABASE: expected postgresql://' history
MEDLEY_HISTORY_DATABASE=postgresql://u@127.0.0.1:1/d
expect database_down 70 'the history database: database: connecting: .*127.0.0.1' history
unset MEDLEY_HISTORY_DATABASE
printf 'banks: [{release: maven:4.0, count: 2}]\nnotaries: [{release: maven:4.8}]\ncordapps: finance-4.0\nhistory: {database: "postgresql://u:secret@h/d"}\n' >network.yaml
expect network_yaml 64 '^network.yaml:4:21: history.database: the address contains a password' validate network.yaml
exit $bad
