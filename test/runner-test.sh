#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# runner-test.sh - tests run-scenarios and select-scenarios with small scenarios
# in a repository of its own: which run, side by side or not, and the results.
# Usage: runner-test.sh   Prints a line an assertion, as cmocka does.
set -u
here=$(cd "$(dirname "$0")" && pwd)
dir=$(mktemp -d "${TMPDIR:-/tmp}/medley-runner-XXXXXX") || exit 70
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 70
unset MEDLEY_BASE MEDLEY_TEST_SECONDS
export MEDLEY_CACHE="$dir/cache" MEDLEY_TEST_GRACE=20 TMPDIR="$dir/tmp"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
export MAKE=make MAKEFLAGS='' DIR="$dir"
bad=0

# check NAME COMMAND...
check() {
	name=$1
	shift
	if "$@" >why 2>&1; then
		echo "[       OK ] $name"
	else
		echo "$*"
		cat why out
		echo "[  FAILED  ] $name"
		bad=1
	fi
}

# scenario NAME TRACK WHEN NEEDS <SCRIPT
scenario() {
	case $2 in
	build) in=build-and-publish/test ;;
	podman) in=test/network ;;
	*) in=test/kubernetes ;;
	esac
	{
		printf '#!/bin/sh\n# %s\n#\n# track: %s\n# when: %s\n# needs: %s\n' "$@"
		cat
	} >repo/$in/$1.sh
}

# A repository with nothing but the runner, a Makefile and two scenarios.
fresh() {
	rm -rf repo cache tmp
	mkdir -p tmp repo/test/network repo/test/kubernetes repo/build-and-publish/test repo/lib
	cp "$here/run-scenarios" "$here/select-scenarios" repo/test/
	printf 'kubernetes-ready good:\n\t@echo made\nbad:\n\t@false\ntests:\n\t@echo "7 passed, 0 failed"\n' >repo/Makefile
	echo build/ >repo/.gitignore
	echo code | tee repo/lib/code.c >repo/docs-index
	echo '# no scenario' >repo/test/network/common.sh
	echo 'echo "2 passed, 0 failed"' | scenario 10-good podman always -
	echo 'echo "3 passed, 0 failed"' | scenario 20-path podman 'docs lib/' -
	echo 'echo "4 passed, 0 failed"' | scenario 30-night podman nightly -
	git init -q -b main repo
	commit
}

commit() {
	git -C repo add -A
	git -C repo -c user.name=t -c user.email=t@t commit -q -m fresh
}

# runs CODE ARGS...: run-scenarios ends so; its output is in out.
runs() {
	wanted=$1
	shift
	repo/test/run-scenarios "$@" >out 2>&1 </dev/null
	code=$?
	[ "$code" -eq "$wanted" ] || {
		echo "exit code $code, not $wanted"
		return 1
	}
}

# selects WHICH NAME...: exactly these.
selects() {
	which=$1
	shift
	# shellcheck disable=SC2086
	repo/test/select-scenarios $which >plan 2>out || return 1
	got=$(sed 's,.*/\([^/]*\)\.sh\t.*,\1,' plan | paste -sd' ')
	[ "$got" = "$*" ] || {
		echo "selected: $got"
		return 1
	}
}

last_line() {
	[ "$(tail -n 1 out)" = "$1" ]
}

said() {
	grep -qE -- "$1" out
}

# row NAME TRACK RESULT PASSED FAILED: of the table.
row() {
	said "^$1 +$2 +$3 +$4 +$5 +[0-9]+"
}

# gone FILE: the process whose number is in the file has ended, or ends soon.
gone() {
	i=0
	while ps -o stat= -p "$(cat "$1")" | grep -v '^Z'; do
		[ $((i += 1)) -lt 100 ] || return 1
		sleep 0.1
	done
}

not() {
	! "$@"
}

# before TEXT TEXT: in this order in the output.
before() {
	[ "$(grep -nE -m 1 "$1" out | cut -d: -f1)" -lt "$(grep -nE -m 1 "$2" out | cut -d: -f1)" ]
}

git_repo() {
	git -C repo "$@" >/dev/null 2>&1
}

# ---- which ----

fresh
# Since a commit that is named, committed or not.
head=$(git -C repo rev-parse HEAD)
check all_selects_all selects all 10-good 20-path 30-night
check without_base_only_always selects gate 10-good
check without_base_says_so said '^base: unknown'
check by_name selects test/network/2 20-path
check by_names selects 'test/network/3 test/network/1' 10-good 30-night
check by_no_name not selects test/network/4
export MEDLEY_BASE="$head"
check nothing_changed selects gate 10-good
echo more >>repo/lib/code.c
check uncommitted_counts selects gate 10-good 20-path
check path_is_the_reason grep -q 'changed: lib/$' plan
check the_reason_is_told said '20-path.sh runs: changed: lib/$'
git_repo checkout lib
echo new >repo/docs-of-it
check untracked_counts selects gate 10-good 20-path
rm repo/docs-of-it
echo new >repo/other
commit
check other_path_does_not selects gate 10-good
check base_is_told said "^base: .*, MEDLEY_BASE; 1 files"
MEDLEY_BASE=nothing
check bad_base_is_refused not selects gate 10-good
unset MEDLEY_BASE

# Since origin/main, when HEAD is another commit.
git_repo update-ref refs/remotes/origin/main HEAD
check at_origin_is_unknown selects gate 10-good
echo more >>repo/lib/code.c
commit
check since_origin selects gate 10-good 20-path
git_repo update-ref -d refs/remotes/origin/main

# Since a commit that has passed and is an ancestor.
check passing_is_recorded runs 0 -r gate
check commit_is_recorded grep -qx "$(git -C repo rev-parse HEAD)" cache/gate/passed
check since_the_recorded selects gate 10-good
check recorded_is_told said 'the last commit that passed'
echo more >>repo/lib/code.c
commit
check changed_since_recorded selects gate 10-good 20-path
passed=$(cat cache/gate/passed)
echo dirty >repo/dirty
check a_dirty_tree_passes runs 0 -r gate
check a_dirty_tree_is_not_recorded test "$(cat cache/gate/passed)" = "$passed"
rm repo/dirty
check unasked_it_is_not_recorded runs 0 gate
check so_the_record_is_the_same test "$(cat cache/gate/passed)" = "$passed"
check some_scenarios_pass runs 0 -r test/network/2
check some_are_not_recorded test "$(cat cache/gate/passed)" = "$passed"
git_repo checkout --orphan elsewhere
commit
check no_ancestor_is_unknown selects gate 10-good

# ---- headers ----

fresh
printf '#!/bin/sh\n# track: podman\n# needs: -\n' >repo/test/network/40-bare.sh
check missing_header_is_refused runs 64 all
check missing_header_is_named said '^test/network/40-bare.sh: expected a line "# when'
rm repo/test/network/40-bare.sh
echo | scenario 40-track other always -
check wrong_track_is_refused runs 64 all
check wrong_track_is_named said 'test/kubernetes/40-track.sh: track: expected podman'
rm repo/test/kubernetes/40-track.sh
echo | scenario 40-needs podman always luck
check wrong_needs_are_refused runs 64 all
rm repo/test/network/40-needs.sh
echo | scenario 40-path podman gone/ -
check path_of_no_file_is_refused runs 64 gate
check path_of_no_file_is_named said '40-path.sh: when: no file begins with gone/'

# ---- results ----

fresh
check good_passes runs 0 gate
check good_has_a_row row test/network/10-good podman pass 2 0
check good_closes last_line "2 passed, 0 failed"
check nothing_is_kept test -z "$(ls tmp)"
check output_is_shown_once test "$(grep -c '^2 passed, 0 failed$' out)" -eq 2
check twice_is_the_same runs 0 gate
scenario 11-fails podman always - <<'END'
echo evidence >"$MEDLEY_TEST_DIR/node.log"
echo "  FAIL  money is there"
echo "1 passed, 1 failed"
exit 1
END
echo 'echo "  ok    half"' | scenario 12-breaks-off podman always -
printf 'echo "5 passed, 0 failed"\nexit 3\n' | scenario 13-code podman always -
echo 'echo "0 passed, 0 failed"' | scenario 14-empty podman always -
check a_failure_fails runs 1 -r gate
check failed_has_a_row row test/network/11-fails podman FAIL 1 1
check its_log_is_told said '^log: build/test-logs/test/network/11-fails.log'
check its_log_is_kept grep -q 'money is there' repo/build/test-logs/test/network/11-fails.log
kept=$(sed -n '/11-fails.log$/{n;s/^files: //p}' out)
check its_files_are_kept grep -q evidence "$kept/node.log"
check without_closing_line row test/network/12-breaks-off podman FAIL 0 1
check of_a_bad_exit_code row test/network/13-code podman FAIL 5 1
check its_code_is_told said '13-code: exit code 3'
check of_nothing_asserted row test/network/14-empty podman FAIL 0 1
check failures_add_up last_line "8 passed, 4 failed"
check a_failure_is_not_recorded test ! -e cache/gate/passed

# ---- time ----

fresh
scenario 11-slow podman always - <<'END'
trap 'echo "1 passed, 0 failed"; exit 130' TERM
sleep 300 &
echo $! >"$DIR/slow.pid"
wait
END
scenario 12-deaf podman always - <<'END'
trap '' TERM
echo $$ >"$DIR/deaf.pid"
while :; do sleep 0.1; done
END
export MEDLEY_TEST_SECONDS=3
check too_slow_fails runs 1 test/network/10-good.sh test/network/11-slow.sh
check slow_has_a_row row test/network/11-slow podman FAIL 1 1
check slow_is_told said '11-slow: not done within 3 s'
check what_it_began_is_gone gone slow.pid
check slow_closes last_line "3 passed, 1 failed"
MEDLEY_TEST_GRACE=1
check deaf_fails runs 1 test/network/12-deaf.sh
check deaf_has_a_row row test/network/12-deaf podman FAIL 0 1
check deaf_is_gone gone deaf.pid
unset MEDLEY_TEST_SECONDS
MEDLEY_TEST_GRACE=20

# ---- tracks ----

# A scenario that waits until the other one runs, too.
meet='touch "$DIR/$me"
i=0
until [ -e "$DIR/$other" ] || [ $((i += 1)) -gt 300 ]; do sleep 0.1; done
echo "$me: one"
sleep 0.3
echo "$me: two"
[ -e "$DIR/$other" ] && echo "1 passed, 0 failed"'
fresh
printf 'me=first other=second\n%s\n' "$meet" | scenario 40-left podman always -
printf 'me=second other=first\n%s\n' "$meet" | scenario 40-right kubernetes always -
cat >alone <<'END'
sleep 0.3
ls "$DIR"/first "$DIR"/second 2>/dev/null || echo "1 passed, 0 failed"
END
scenario 40-build build always - <alone
check tracks_pass runs 0 gate
check left_met_right row test/network/40-left podman pass 1 0
check right_met_left row test/kubernetes/40-right kubernetes pass 1 0
check build_ran_before row build-and-publish/test/40-build build pass 1 0
check output_is_whole test "$(grep -A1 'first: one' out | tail -n 1)" = "first: two"
check each_begin_is_told said '^test/kubernetes/40-right begins'
check tracks_close last_line "5 passed, 0 failed"

# ---- needs ----

mkdir -p shims
printf '#!/bin/sh\necho "${FAKE_ID:-0}"\n' >shims/id
chmod +x shims/id
fresh
echo 'echo "1 passed, 0 failed"' | scenario 40-root podman always root
echo 'echo "1 passed, 0 failed"' | scenario 40-kube kubernetes always 'root kubernetes'
commit
with_path() {
	(PATH="$dir/shims:$PATH" && export PATH && "$@")
}
export FAKE_ID=1000
check without_root_is_well with_path runs 0 -r gate
check root_is_skipped row test/network/40-root podman skip 0 0
check why_is_told said '40-root .* needs root'
check kubernetes_is_skipped row test/kubernetes/40-kube kubernetes skip 0 0
check skipped_is_not_recorded test ! -e cache/gate/passed
FAKE_ID=0
check with_root with_path runs 0 -r gate
check cluster_is_made_first row kubernetes-ready make pass 1 0
check kubernetes_has_run row test/kubernetes/40-kube kubernetes pass 1 0
check all_is_recorded test -s cache/gate/passed
sed -i 's/@echo made/@false/' repo/Makefile
check without_cluster with_path runs 1 gate
check cluster_has_failed row kubernetes-ready make FAIL 0 1
check cluster_scenario_is_skipped row test/kubernetes/40-kube kubernetes skip 0 0

fresh
echo 'echo "1 passed, 0 failed"' | scenario 40-user podman always rootless
printf '#!/bin/sh\n[ -z "${NO_TUN:-}" ] || { echo "no tun"; exit 1; }\n' >repo/test/rootless-ready
chmod +x repo/test/rootless-ready
commit
export NO_TUN=1
check without_users_is_well runs 0 -r gate
check user_is_skipped row test/network/40-user podman skip 0 0
check why_no_user_is_told said '40-user .* needs rootless: no tun'
check no_user_is_not_recorded test ! -e cache/gate/passed
unset NO_TUN
check user_has_run runs 0 -r gate
check user_is_recorded test -s cache/gate/passed

# ---- targets ----

fresh
check a_bad_target_fails runs 1 -m good -m tests -m bad gate
check a_good_target_is_one row good make pass 1 0
check a_closing_line_counts row tests make pass 7 0
check a_bad_target_is_one row bad make FAIL 0 1
check targets_close last_line "10 passed, 1 failed"
check targets_come_first before '^good$' '^test/network/10-good$'
check targets_log said '^log: build/test-logs/bad.log'
printf 'me=first other=second\n%s\n' "$meet" | scenario 40-build build always -
cat >>repo/Makefile <<'END'
beside:
	@touch "$$DIR/second"
	@timeout 30 sh -c 'until [ -e "$$DIR/first" ]; do sleep 0.1; done'
END
rm -f first second
check targets_are_made_beside_builds runs 0 -m beside gate

# ---- an interrupt ----

fresh
scenario 05-long podman always - <<'END'
trap 'touch "$DIR/torn-down"; echo "0 passed, 0 failed"; exit 130' INT TERM
touch "$DIR/long"
while :; do sleep 0.1; done
END
rm -f long torn-down
env --default-signal=INT repo/test/run-scenarios -r gate >out 2>&1 </dev/null &
runner=$!
i=0
until [ -e long ] || [ $((i += 1)) -gt 300 ]; do sleep 0.1; done
kill -INT "$runner"
wait "$runner"
check an_interrupt_ends_with_130 test $? -eq 130
check what_runs_is_ended test -e torn-down
check what_does_not_is_told row test/network/10-good podman FAIL 0 1
check an_interrupt_closes said '^0 passed, [1-9] failed$'
exit $bad
