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

# ---- against an earlier run ----

# has NAME FILE PATTERN: a line of the file.
has() {
	if grep -qE -- "$3" "$2"; then
		echo "[       OK ] $1"
	else
		echo "$3 is not in $2"
		echo "[  FAILED  ] $1"
		bad=1
	fi
}

# Of one network: the runs of three nights, of which the last is red.
mkdir nightly
for run in 20261101-010000 20261102-010000 20261103-010000 20261105-010000; do
	cp -r "$MEDLEY_HOME/test/vectors/report/red" nightly/$run
	sed -i 's,^file: .*,file: "night.yaml",' nightly/$run/network.resolved.yaml
done
for run in 20261101-010000 20261102-010000; do
	: >nightly/$run/findings.jsonl
	sed -i 's/"findings":[0-9]*,"notes":[0-9]*/"findings":0,"notes":0/' nightly/$run/phases.jsonl
	sed -i 's/"payee_has":false/"payee_has":true/' nightly/$run/settlements.jsonl
	expect "judge_$run" 0 '^PASS' report --runs nightly $run
done
sed -i 's/sha256:[0-9a-f]\{8\}/sha256:00000000/' nightly/20261103-010000/network.resolved.yaml
expect against_last_green 1 '^against run 20261102-010000 [(]PASS[)]: 1 new failure, 6 new findings, 3 releases changed$' report --runs nightly 20261103 --against last-green
has against_new_failure out '^  new failure    4.10[+]finance-4.10 -> 4.0[+]finance-4.0 [(]notary 4.8[)]: was pass'
has against_new_finding out '^  new finding    not-recorded 4.10'
has against_release out '^  release        4.8: image d314f6e0793e -> 00000000793e'
has against_times out '^  Service times of [0-9] cells were compared with 2 runs'
has against_last_line out 'again: medley reproduce nightly/20261103-010000'
has against_markdown nightly/20261103-010000/matrix.md '^## Against run 20261102-010000$'
has against_markdown_row nightly/20261103-010000/matrix.md '^[|] new failure [|] 4.10[+]finance-4.10 -\\> 4.0[+]finance-4.0'
has against_page nightly/20261103-010000/report.html '<h2>Against run 20261102-010000</h2>'
has against_page_row nightly/20261103-010000/report.html '<th scope="row" class="change bad">new failure</th>'
has against_results nightly/20261103-010000/results.json '"new-failure": 1'
expect against_json 1 '"against": [{]' report --runs nightly 20261103 --against 20261102 --json
expect against_two 1 'compared with 2 runs' report --runs nightly 20261103 --against 20261102 --against nightly/20261101-010000/results.json
expect without_against 1 '^FAIL' report --runs nightly 20261103
if grep -q '"against"' nightly/20261103-010000/results.json; then
	echo '[  FAILED  ] report_forgets_the_comparison'
	bad=1
else
	echo '[       OK ] report_forgets_the_comparison'
fi
expect against_still_failing 1 '^  still failing  4.10' report --runs nightly 20261105 --against 20261103
expect against_fixed 0 '^  fixed          4.10' report --runs nightly 20261102 --against 20261103
expect against_nothing_changed 0 '^against run 20261101-010000 [(]PASS[)]: no differences$' report --runs nightly 20261102 --against 20261101
expect against_no_green 64 '^medley: --against last-green: no earlier run of night.yaml in nightly has the answer PASS' report --runs nightly 20261101 --against last-green
cp -r nightly/20261105-010000 nightly/20261104-010000
rm -f nightly/20261104-010000/results.json
expect against_not_judged 64 '^medley: --against: nightly/20261104-010000/results.json does not exist' report --runs nightly 20261103 --against 20261104
: >nightly/20261104-010000/results.json
expect against_empty_file 64 '^medley: nightly/20261104-010000/results.json' report --runs nightly 20261103 --against 20261104
rm -f nightly/20261104-010000/results.json
mkfifo nightly/20261104-010000/results.json
expect against_fifo 64 'results.json: not a regular file' report --runs nightly 20261103 --against 20261104
printf '{"version":4}' >later.json
expect against_later_version 64 'later.json: expected results of version 1 to 3' report --runs nightly 20261103 --against ./later.json
for old in red green version-2; do
	expect "against_stored_$old" 1 '^against run' report --runs nightly 20261103 --against "$MEDLEY_HOME/test/vectors/results/$old.json"
done
expect against_unknown 64 "there is no run 'last-gren' here or in nightly" report --runs nightly 20261103 --against last-gren
expect against_empty 64 '^medley: --against: expected RUN, not an empty value' report --against=
expect against_twice 64 'the run 20261102-010000 is named twice' report --runs nightly 20261103 --against 20261102 --against last-green --against 20261102
exit $bad
