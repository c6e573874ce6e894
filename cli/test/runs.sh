#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# runs.sh - commands that look at runs from disk: which runs there are, one by a
# short name, and documents of --json.
# Usage: runs.sh MEDLEY   Prints a line an assertion, as cmocka does.
set -u
. "$MEDLEY_HOME/cli/test/common.sh"

# ---- which runs there are ----

mkdir runs
for run in green red; do
	cp -r "$MEDLEY_HOME/test/vectors/report/$run" runs/
done
cp -r runs/green runs/20261121-075012
cp -r runs/green runs/20261122-080000
ln -s 20261122-080000 runs/latest
mkdir runs/no-run
expect report_green 0 '^PASS' report green
expect report_red 1 '^FAIL' report red
expect list_passed 0 '^green +PASS +down +[0-9]+ s +4.0 4.5 4.10 around notary 4.8$' list
expect list_failed 0 '^red +FAIL +down' list
expect list_not_judged 0 '^20261121-075012 +not judged' list
expect list_head 0 '^run +answer +network +age +releases$' list
expect list_newest_first 0 '^red ' list
if [ "$(sed -n 's/^\(2026[0-9]*\)-.*/\1/p' out | paste -sd' ')" = '20261122 20261121' ]; then
	echo '[       OK ] list_order'
else
	echo '[  FAILED  ] list_order'
	bad=1
fi
expect list_json 0 '"answer": "FAIL"' list --json
expect list_json_releases 0 '"releases": "4.0 4.5 4.10 around notary 4.8"' list --json
echo '{"kind":"pod","name":"p"}' >runs/20261121-075012/inventory.jsonl
expect list_up 0 '^20261121-075012 +not judged +up ' list
echo x >runs/20261121-075012/results.json
expect list_unreadable 0 '^20261121-075012 +unreadable .*results.json' list
rm runs/20261121-075012/inventory.jsonl runs/20261121-075012/results.json

# ---- by a short name ----

expect report_short 1 '^FAIL' report re
expect report_stamp 0 '^PASS' report 20261121
expect report_path 0 '^PASS' report runs/green
expect report_ambiguous 64 "2 runs begin with '2026': 20261122-080000, 20261121-075012; type more characters of the name" report 2026
expect report_mistyped 64 "there is no run 'gren' here or in runs; did you mean 'green'" report gren
expect report_no_run 64 'runs/no-run is not a run' report no-run
expect show_short 0 '^payment' show tx 4E074085 red
expect status_ambiguous 64 "2 runs begin with '2026'" status 2026
expect down_ambiguous 64 "2 runs begin with '2026'" down 2026
# ---- in a locale without UTF-8 ----

LC_ALL=C.UTF-8
export LC_ALL
expect utf8_brief 1 '4E074085…49FCE' report red
LC_ALL=C
expect ascii_brief 1 '4E074085[.][.][.]49FCE' report red
if LC_ALL=C grep -q '[^ -~]' out; then
	echo '[  FAILED  ] ascii_alone'
	bad=1
else
	echo '[       OK ] ascii_alone'
fi
unset LC_ALL

# ---- one transaction ----

expect show_json 0 '"has_transaction": false' show tx 4E074085 red --json
expect show_json_finding 0 '"kind": "not-recorded"' show tx 4e074085 red --json

# ---- one state ----

expect state_of_a_run_that_is_down 0 '^The state is not decoded: the network is down' show state 4e074085:0 red
ok state_has_its_whole_id grep -qE '^state 4E074085[0-9A-F]{56}:0$' out
ok state_has_its_operation grep -q '^payment' out
ok state_has_its_findings grep -q '^finding not-recorded' out
expect state_json 0 '"state": null' show state 4E074085:1 red --json
expect state_json_index 0 '"index": 1' show state '4E074085(1)' red --json
expect state_without_index 64 "expected TXID:INDEX, such as 19234D3C:0, not '4E074085'" show state 4E074085 red
expect state_without_id 64 'at least 4 hex digits' show state :0 red
expect state_unknown 64 'has no transaction that begins with 99999999' show state 99999999:0 red

# ---- a node ----

expect node_release 0 '^  release +maven:4.0, platform 4, CorDapps finance-4.0' show node bank-4.0-finance-4.0-0 red
expect node_parts 0 '^  payee +6 ok, 0 failed, 0 unknown$' show node bank-4.0-finance-4.0-0 red
expect node_holds 0 '^  holds +[0-9.]+ USD issued by O=' show node bank-4.0-finance-4.0-0 red
expect node_finding 0 '^finding not-recorded of 4E0740' show node bank-4.0-finance-4.0-0 red
expect node_json 0 '"legal_name": "O=' show node bank-4.0-finance-4.0-0 red --json
expect node_unknown 64 "has no nodes 'bank-9'" show node bank-9 red
cp -r runs/red runs/twice
sed '1s/"tx":"....../"tx":"4E0740/' runs/red/history.jsonl >runs/twice/history.jsonl
expect show_ambiguous 64 'several transactions of runs/twice begin with 4E0740: .*, .*; type more digits' show tx 4E0740 twice
expect state_ambiguous 64 'several transactions of runs/twice begin with 4E0740' show state 4E0740:0 twice
expect show_more_digits 0 '^payment' show tx 4E074085 twice
cp -r runs/red green
expect path_before_name 1 '^FAIL' report green
exit $bad
