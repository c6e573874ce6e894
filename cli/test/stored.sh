#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# stored.sh - runs that were stored, cut, altered or sent by somebody else: the
# report finds what is missing, and nothing in them does harm.
# Usage: stored.sh MEDLEY   Prints a line an assertion, as cmocka does.
set -u
. "$MEDLEY_HOME/cli/test/common.sh"
vectors=$MEDLEY_HOME/test/vectors/report

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
export PATH="$dir/fake:$PATH" MEDLEY_CACHE="$dir/cache"

# ---- the seal ----

cp -r "$vectors/green" runs/green
expect old_run_passes 0 '^PASS' report runs/green
holds report_seals_no_old_run test ! -e runs/green/seal.json
expect down_of_old_run 0 '0 left' down runs/green
holds down_seals grep -q '"history.jsonl"' runs/green/seal.json
expect sealed_run_passes 0 '^PASS' report runs/green
cp -r runs/green runs/kept

cp -r runs/green down
echo '{"kind":"pod","name":"x","time":"2026-11-21T07:50:12.000Z"}' >down/inventory.jsonl
echo '{"kind":"all-removed","name":"-","time":"2026-11-21T08:01:02.000Z"}' >>down/inventory.jsonl
expect status_of_a_run_that_is_down 0 "^down is down since 2026-11-21T08:01:02.000Z; 'medley up down' boots" status down
expect status_of_a_run_that_is_down_for_machines 0 '"down_since": "2026-11-21T08:01:02.000Z"' status --json down
cp down/phases.jsonl phases
cp down/seal.json sealed
expect down_of_a_run_that_is_down 0 '^down is down since 2026-11-21T08:01:02.000Z; nothing was changed$' down down
holds down_again_keeps_the_proof cmp down/phases.jsonl phases
holds down_again_keeps_the_seal cmp down/seal.json sealed
cp runs/green/seal.json sealed
expect down_again 0 '0 left' down runs/green
holds down_seals_again test "$(grep -c sha256 runs/green/seal.json)" = "$(grep -c sha256 sealed)"
expect sealed_again_passes 0 '^PASS' report runs/green
expect refused_step 64 'no endpoints.json' check runs/green
expect refused_step_keeps_the_seal 0 '^PASS' report runs/green

# What generate writes is no evidence: the run stays as it was sealed.
cp -r runs/green generated
expect generate_of_a_sealed_run 0 '^generate +4 identities' generate generated
holds generate_has_written test -s generated/config/network/namespace.yaml -o -d generated/config
for file in seal.json phases.jsonl network.resolved.yaml history.jsonl; do
	holds "generate_keeps_$file" cmp runs/green/$file generated/$file
done
rm generated/seal.json
expect generate_of_a_run_without_a_seal 0 '^generate +4 identities' generate generated
holds generate_adds_its_phase sh -c 'tail -n 1 generated/phases.jsonl | grep -q generate'
holds generate_seals_no_run test ! -e generated/seal.json

# A run is sealed before it is reported, even one that failed: its own report
# and a later one say the same. This podman has no images and makes none.
printf '#!/bin/sh\nexit 1\n' >fake/podman
printf 'cordapps: finance-4.0\nbanks: [{release: maven:4.8, count: 2}]\nnotaries: [{release: maven:4.8}]\n' >network.yaml
expect run_fails_to_build 65 '^BUILD FAILED' run network.yaml
holds run_reports_its_seal grep -q '"seal": "whole"' runs/latest/results.json
holds run_seals_its_report grep -q '"results.json"' runs/latest/seal.json
cp runs/latest/results.json reported
expect later_report 65 '^BUILD FAILED' report
holds later_report_is_the_same cmp reported runs/latest/results.json
printf '#!/bin/sh\nexit 0\n' >fake/podman

sed -i '$d' runs/green/settlements.jsonl
expect cut_run_is_undecided 2 'changed after it had ended: settlements.jsonl has' report runs/green
expect down_of_cut_run 0 'warning: runs/green was changed after it had ended: settlements.jsonl' down runs/green
expect down_covers_nothing_up 2 '^UNDECIDED' report runs/green

# ---- operations, phases and names that no run has written ----

cp -r "$vectors/green" runs/twice
cat "$vectors/green/history.jsonl" >>runs/twice/history.jsonl
expect operations_twice_are_undecided 2 'history.jsonl:40: a second operation with the id 1' report runs/twice
expect show_warns_of_operations_twice 0 'warning: runs/twice/history.jsonl:40: a second operation' show tx 6B86B273 runs/twice
cp -r "$vectors/green" runs/failed
sed -i '/"check"/s/"ok":true/"ok":false/' runs/failed/phases.jsonl
expect phase_that_failed_without_error 64 'the text of its error is missing' report runs/failed
cp -r "$vectors/green" runs/shell
sed -i 's/^file: .*/file: "a b;touch pwned"/; /^database_image:/d' runs/shell/network.resolved.yaml
expect again_is_quoted 0 "medley run 'a b;touch pwned' --seed" report runs/shell
cp -r "$vectors/red" "runs/a b"
expect again_names_the_run 1 "again: medley reproduce 'runs/a b'" report "runs/a b"
expect look_is_quoted 1 "look: medley show tx [0-9A-F]{8} 'runs/a b'" report "runs/a b"
holds look_is_quoted_on_the_page grep -q "show tx [0-9A-F]* &#39;runs/a b&#39;\|show tx [0-9A-F]* 'runs/a b'" "runs/a b/report.html"
expect no_run_at_all 64 '/etc is not a run' report /etc

# An inventory of 200000 things is read, and told, in a moment.
cp -r "$vectors/green" runs/long
mkdir runs/long/engine
printf medley-20261121-075012-3f1a >runs/long/engine/prefix
awk 'BEGIN { for (i = 0; i < 200000; i++) printf "{\"kind\":\"pod\",\"name\":\"other-%d\"}\n", i % 150000
	print "{\"kind\":\"pod\",\"name\":\"medley-20261121-075012-3f1a-bank\"}" }' >runs/long/inventory.jsonl
expect down_of_a_long_inventory 0 '1 made, 1 removed, 0 left; 150000 objects in inventory.jsonl .* lists 100 of them' down runs/long

# ---- a directory that cannot be written: the answer, then the error ----

# full ARGS...: the command on a disk without room for a byte.
full() {
	# shellcheck disable=SC2016 # of the inner shell
	sh -c 'trap "" XFSZ; ulimit -f 0; "$@"; echo "exit $?"' - "$medley" "$@" 2>&1 | cat >out
}

cp -r "$vectors/green" runs/full
full report runs/full
holds answer_on_a_full_disk grep -q '^PASS' out
holds error_comes_after_the_answer sh -c 'tail -n 2 out | grep -q "^medley: .*runs/full/results.json"'
holds full_disk_is_an_error_of_the_machine grep -qx 'exit 70' out
full report --json runs/full
holds json_on_a_full_disk grep -q '"answer": "PASS"' out
rm -rf runs/full

# ---- kinds and sizes of files ----

for file in history.jsonl settlements.jsonl findings.jsonl balances.jsonl \
	phases.jsonl network.resolved.yaml expected.yaml; do
	rm -rf runs/fifo
	cp -r "$vectors/green" runs/fifo
	rm -f runs/fifo/$file
	mkfifo runs/fifo/$file
	expect "fifo_for_$file" 64 "$file: not a regular file" report runs/fifo
	rm runs/fifo/$file
	truncate -s 3G runs/fifo/$file
	case $file in
	history.jsonl | settlements.jsonl) # of any size: read line by line
		large="$file:1: a line of more than" ;;
	*)
		large="$file: larger than" ;;
	esac
	expect "sparse_$file" 64 "$large" report runs/fifo
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


# ---- what others wrote ----

esc=$(printf '\033')
cp -r "$vectors/red" runs/hostile
for file in runs/hostile/*.jsonl runs/hostile/network.resolved.yaml; do
	sed -i 's/4\.10+finance-4\.10"/4.10\\u001b]0;x\\u0007\\u009b31m\\u202e<b>"/' "$file"
done
sed -i 's/"error_text":"[^"]*"/"error_text":"\\u001b]0;x\\u0007\\u009b31m\\u202e<b>@all"/' runs/hostile/history.jsonl
sed -i 's/"summary":"[^"]*"/"summary":"\\u001b]0;x\\u0007\\u009b31m\\u202e<b>@all"/' runs/hostile/findings.jsonl
for key in unsupported known_failures; do
	printf '%s:\n  - payer: "4.0+finance-4.0"\n    payee: "%s"\n    reason: "%s"\n    owner: "%s"\n' "$key" \
		'4.10\u001b]0;x\u0007\u009b31m\u202e<b>' '\u001b]0;x\u0007\u009b<b>@all' '\u202e<b>'
done >runs/hostile/expected.yaml
orders="$esc|$(printf '\a|\302\233|\342\200\256')"
none_of_it() { ! LC_ALL=C grep -qE "$orders" "$@"; }
"$medley" report runs/hostile >out 2>&1
holds report_has_hostile_entries grep -q '^warning: expected.yaml' out
holds report_is_plain none_of_it out
holds outputs_are_plain none_of_it runs/hostile/report.html runs/hostile/junit.xml runs/hostile/matrix.md
for name in green red seven; do
	cp -r "$vectors/$name" "runs/junit-$name"
	"$medley" report "runs/junit-$name" >out 2>&1
done
holds junit_has_the_form_that_jenkins_and_surefire_read xmllint --noout \
	--schema "$MEDLEY_HOME/report/test/junit.xsd" runs/hostile/junit.xml \
	runs/junit-green/junit.xml runs/junit-red/junit.xml runs/junit-seven/junit.xml
timed() { xmllint --xpath "count(//testsuite[not(@timestamp)])" "$1" | grep -qx 0; }
holds junit_suites_have_timestamps timed runs/junit-seven/junit.xml
# What the two programs refuse is refused here.
for wrong in 's/<testcase /<testcase timestamp="2026-11-21T07:21:03Z" /' \
	's/1Z"/1"/' 's/ type="fail"/ kind="fail"/' \
	's/<testsuites /<testsuites skipped="0" /'; do
	sed "$wrong" runs/junit-red/junit.xml >altered.xml
	if xmllint --noout --schema "$MEDLEY_HOME/report/test/junit.xsd" altered.xml 2>/dev/null; then held=1; else held=0; fi
	holds "junit_schema_refuses $wrong" test $held -eq 0
done
tx=$(sed -n 's/.*"tx":"\([0-9A-Fa-f]\{8\}\).*/\1/p' runs/hostile/findings.jsonl | head -1)
expect show_of_hostile 0 '^finding ' show tx "$tx" runs/hostile
holds show_is_plain none_of_it out
echo "{\"id\":1$(printf '\033\302\233')}" >>runs/hostile/history.jsonl
"$medley" report runs/hostile >out 2>&1
holds errors_are_plain none_of_it out

# ---- joined results ----

expect merge_of_parts 1 'again: medley report --merge runs/junit-green runs/junit-red -o all$' \
	report --merge runs/junit-green runs/junit-red -o all
holds merge_junit_has_the_form xmllint --noout --schema "$MEDLEY_HOME/report/test/junit.xsd" all/junit.xml
holds merge_is_of_both grep -q '"run": "junit-green"' all/results.json
for file in results.json junit.xml matrix.md report.html; do holds "merge_writes_$file" test -s "all/$file"; done
expect merge_in_a_directory_of_its_own 0 'runs/merged-[0-9]{8}-[0-9]{6}/report.html' report --merge runs/junit-green
expect merge_by_names 1 '^FAIL' report --merge junit-green junit-seven
expect merge_json 1 '"merged": \[' report --json --merge runs/junit-green runs/junit-red -o all
expect merge_is_no_run 64 'network.resolved.yaml' report all
expect merge_of_a_merge 64 'is a joined result itself' report --merge all runs/junit-green -o all2
expect merge_into_a_run 64 'is a run, and its results' report --merge runs/junit-green runs/junit-red -o runs/junit-red
mkdir job
cp runs/junit-green/results.json job
cp job/results.json uploaded
expect merge_into_one_of_its_parts 64 'job: one of the runs that are joined' report --merge job runs/junit-red -o ./job
holds merge_keeps_its_parts cmp job/results.json uploaded
rm -r job uploaded
expect merge_of_nothing 64 'name them: medley report --merge RUN' report --merge
expect merge_forgotten 64 'to join the results of 2 runs add --merge' report runs/junit-green runs/junit-red
expect merge_output_alone 64 'o is for --merge' report -o x runs/junit-green
ln -s /etc/passwd runs/junit-green/link
expect merge_of_links 64 'link' report --merge runs/junit-green -o all3
rm runs/junit-green/link
expect merge_without_a_run 64 "there is no run 'nothing'" report --merge nothing -o all3
holds merge_creates_nothing_then test ! -e all3

# A terminal is given plain lines, a file what the node wrote.
node=$(sed -n 's/.*name: "\(bank[^"]*\)".*/\1/p' "$vectors/red/network.resolved.yaml" | head -1)
cp -r "$vectors/red" runs/logs
mkdir -p runs/logs/logs
printf 'started \033]0;x\a\n' >"runs/logs/logs/$node.log"
"$medley" logs runs/logs "$node" >out 2>&1
holds log_in_a_file_is_as_it_is grep -q "$esc" out
script -qec "'$medley' logs runs/logs '$node'" /dev/null >out 2>&1 </dev/null
holds log_on_a_terminal grep -q started out
holds log_on_a_terminal_is_plain none_of_it out

# Numbers at the ends of what 64 bits hold.
for key in sent_us done_us intended_us; do
	for number in 9223372036854775807 -9223372036854775808; do
		rm -rf runs/far
		cp -r "$vectors/green" runs/far
		sed -i "s/\"$key\":[0-9]*/\"$key\":$number/" runs/far/history.jsonl
		expect "far_${key}_$number" 64 'history.jsonl:1: not a valid operation: a time is out of range' report runs/far
	done
done
cp -r "$vectors/green" runs/amount
sed -i 's/"amount":[0-9]*/"amount":-9223372036854775808/' runs/amount/history.jsonl
expect far_amount 0 '^PASS' report runs/amount
for number in 1e300 -1; do
	rm -rf runs/far
	cp -r "$vectors/green" runs/far
	sed -i "s/\"seconds\":[0-9.]*/\"seconds\":$number/" runs/far/phases.jsonl
	expect "far_seconds_$number" 64 'phases.jsonl:1: not a valid phase: its seconds are out of range' report runs/far
done

# ---- core files ----

# crash COMMAND...: in a directory of its own; true if that wrote a core file.
crash() {
	rm -rf crash
	mkdir crash
	(
		ulimit -c unlimited 2>/dev/null || exit 0
		cd crash || exit 0
		"$@" >../said 2>&1 &
		pid=$!
		# The doorman is at work when it says so; sleep is at once.
		for _ in $(seq 100); do
			grep -q serving ../said && break
			[ "$1" = sleep ] && break
			sleep 0.1
		done
		kill -ABRT $pid
		wait $pid
	) 2>/dev/null
	test -n "$(ls crash | grep core)"
}
if grep -q __asan_init "$medley" || ! crash sleep 60; then
	echo "[  SKIPPED ] no_core_file"
else
	serve() { crash "$medley" doorman --state ../doorman --listen 127.0.0.1:0 --approve hand; }
	if serve; then held=1; else held=0; fi
	holds doorman_was_there grep -q serving said
	holds no_core_file test $held -eq 0
fi

exit $bad
