#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# logs.sh - medley logs: of containers that a stand-in for podman has, followed
# and from a time on, and of runs that are down.
# Usage: logs.sh MEDLEY   Prints a line an assertion, as cmocka does.
set -u
. "$MEDLEY_HOME/cli/test/common.sh"

shown="out said"
# prints CODE TEXT ARGS...: what medley logs prints, all of it.
prints() {
	code=$1 text=$2
	shift 2
	"$medley" logs "$@" >out 2>said </dev/null
	[ $? -eq "$code" ] && [ "$(cat out)" = "$text" ] && [ ! -s said ]
}
# refuses CODE PATTERN ARGS...: one line on standard error, and no other.
refuses() {
	code=$1 pattern=$2
	shift 2
	"$medley" logs "$@" >out 2>said </dev/null
	[ $? -eq "$code" ] && [ ! -s out ] && grep -q -- "$pattern" said
}

# A run that is up, as far as this podman says.
mkdir -p built fake runs/one/engine
cp "$MEDLEY_HOME/test/vectors/images/node-images.txt" built/
printf 'banks: [{release: maven:4.0, count: 2}]\nnotaries: [{release: maven:4.8}]\ncordapps: finance-4.0\n' >network.yaml
"$medley" generate -n corda -f network.yaml >out 2>&1 || exit 70
cp -r config runs/one/
sed 's/^engine:.*/engine: podman/' config/.medley/resolved >runs/one/network.resolved.yaml
ln -s one runs/latest
printf medley-one-3f1a >runs/one/engine/prefix
cat >fake/podman <<'EOF2'
#!/bin/sh
echo "$*" >>asked
case $* in
"ps "*)
	[ -e down ] && echo '[]' && exit
	echo '[{"Names":["medley-one-3f1a-bank-4-0-0-node"],"State":"running","Ports":[]}]'
	;;
"logs --follow "*) exec sh ./follow ;;
"logs "*) echo one; echo two; echo three ;;
esac
EOF2
chmod +x fake/podman
PATH=$dir/fake:$PATH
export PATH
node=bank-4.0-0
lines='one
two
three'

ok log_so_far prints 0 "$lines" $node
ok log_since_a_time prints 0 "$lines" --since 2026-11-21T07:50:12Z $node
ok podman_gets_the_time grep -qx 'logs --since 2026-11-21T07:50:12.000Z -- medley-one-3f1a-bank-4-0-0-node' asked
ok no_time refuses 64 '--since soon: not a valid time; expected a duration before now, such as 90s' --since soon $node
ok no_unit refuses 64 '--since 5: not a valid time' --since 5 $node

# What comes later, in parts of lines.
cat >follow <<'EOF2'
echo one; echo two; printf thr; sleep 0.2; echo ee; echo error >&2; sleep 1.5; echo five
EOF2
ok followed_to_the_end prints 0 "$lines
error
five" -f $node
ok followed_from_the_last_lines prints 0 "two
three
error
five" -f -n 2 $node
ok followed_since prints 0 "$lines
error
five" --follow --since 5m $node
ok podman_gets_a_time_before_now grep -q '^logs --follow --since 20..-..-..T..:..:..\....Z -- ' asked
echo 'echo one; exit 3' >follow
"$medley" logs -f $node >out 2>said
ok a_podman_that_fails test $? -eq 70 -a "$(cat out)" = one
ok says_who_failed grep -qx 'medley: podman logs medley-one-3f1a-bank-4-0-0-node failed' said

# ^C ends it, and podman with it, and nothing is said.
cat >follow <<'EOF2'
echo $$ >pid
echo one
exec sleep 60
EOF2
# gone: podman has ended.
gone() {
	! kill -0 "$(cat pid)" 2>/dev/null
}
"$medley" logs -f $node >out 2>said &
for i in $(seq 200); do
	[ ! -s out ] || break
	sleep 0.05
done
kill -INT $!
wait $!
ok interrupted_ends_by_130 test $? -eq 130
ok interrupted_is_quiet test "$(cat out)" = one -a ! -s said
ok interrupted_ends_podman gone
# A reader that ends, as head does, while nothing is logged.
{ timeout 20 "$medley" logs -f $node 2>said; echo $? >code; } | head -n 1 >out
ok part_of_a_log test "$(cat out)" = one
ok part_of_a_log_is_quiet test ! -s said
ok part_of_a_log_ends_by_signal test "$(cat code)" = 141
ok part_of_a_log_ends_podman gone

# On a terminal, line by line, without what a terminal would obey.
printf "printf 'a\\\\033]0;x\\\\007b\\\\n\\\\n'; sleep 0.1; printf cut" >follow
script -qec "'$medley' logs -f $node" /dev/null >out 2>&1 </dev/null
ok terminal_has_lines test "$(tr -d '\r' <out | wc -l)" -eq 3
ok terminal_has_the_last_part grep -q '^cut' out
ok terminal_is_not_told_what_to_do sh -c '! grep -q "$(printf "\033")" out'

# The run is down.
touch down
mkdir runs/one/logs
ok down_without_a_log refuses 64 'runs/one: no log of bank-4.0-0: the node is not running, and no log was saved' -f $node
echo banner >runs/one/logs/$node.log
ok down_is_not_followed refuses 64 'runs/one: bank-4.0-0 does not run, so its log cannot be followed; without -f you see the saved log' -f $node
ok saved prints 0 banner $node
ok saved_has_no_times refuses 64 "the saved log of bank-4.0-0 has no times; leave out --since, or see 'medley logs bank-4.0-0.node.log'" --since 1h $node
cat >runs/one/logs/$node.node.log <<'END'
==> node-bank.log <==
[INFO ] 2026-11-21T07:50:12,443Z [main] a - old
[WARN ] 2026-11-21T07:50:13,001Z [main] a - new
java.lang.Exception
END
ok own_log_since_a_time prints 0 '==> node-bank.log <==
[WARN ] 2026-11-21T07:50:13,001Z [main] a - new
java.lang.Exception' --since 2026-11-21T07:50:13Z $node.node.log
ok own_log_since_and_lines prints 0 java.lang.Exception -n 1 --since 2026-11-21T08:50:13+01:00 $node.node.log
ok own_log_is_not_followed refuses 64 "bank-4.0-0.node.log cannot be followed: medley saves it when the network goes down; see 'medley logs -f bank-4.0-0'" -f $node.node.log
ok no_file_is_left test -z "$(ls runs/one/engine | grep -v '^prefix$')"
exit $bad
