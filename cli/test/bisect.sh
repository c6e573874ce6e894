#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# bisect.sh - medley reproduce and medley bisect: what they refuse, what they
# leave on disk, and that git reads the log of a bisection. No network runs
# here: cmd_reproduce_test.c and cmd_bisect_test.c play it.
# Usage: bisect.sh MEDLEY   Prints a line an assertion, as cmocka does.
set -u
. "$MEDLEY_HOME/cli/test/common.sh"
vectors=$MEDLEY_HOME/test/vectors
export HOME="$dir" GIT_CONFIG_NOSYSTEM=1 MEDLEY_CACHE="$dir/cache"
unset XDG_CONFIG_HOME GIT_CONFIG_GLOBAL MEDLEY_REPO MEDLEY_ENVIRONMENT
git config --global user.name t
git config --global user.email t@example.com
git config --global init.defaultBranch main
shown='out bisect/bisect.log'

# Storage without images: each build and each look for an image fails.
mkdir bin
cat >bin/podman <<'END'
#!/bin/sh
echo "$*" >>"$HOME/podman-calls"
[ "$1 $2" = "images --filter" ] && echo '[]' && exit 0
exit 1
END
for tool in buildah mmdebstrap mvn skopeo; do
	printf '#!/bin/sh\nexit 1\n' >bin/$tool
done
chmod +x bin/*
export PATH="$dir/bin:$PATH"

# ---- reproduce ----

cp -r "$vectors/report" stored
mkdir runs
for name in red green; do
	cp -r stored/$name runs/$name
done
ln -s red runs/latest

expect no_run 64 "no run 'blue'" reproduce blue
expect an_image_is_gone 65 'localhost/medley/database@sha256:00, the image of database, does not exist any more; .medley build database. builds it again' reproduce
ok asks_for_the_digest grep -q 'image exists -- localhost/medley/database@sha256:00' podman-calls
expect no_such_cell 64 "cell '4.0:4.1': the network has no such cell; expected PAYER:PAYEE:NOTARY or PAYER:PAYEE, with the banks 4.0.finance-4.0, 4.10.finance-4.10 and the notaries 4.8" reproduce --cell 4.0:4.1
expect a_cell_alone 65 'cell 4.10.finance-4.10:4.0.finance-4.0:4.8: [0-9] of [0-9] nodes' reproduce red --cell 4.10+finance-4.10:4.0+finance-4.0:4.8
"$medley" report red >/dev/null 2>&1
cp runs/red/results.json results.json
expect results_are_enough 65 'sha256:00, the image of database' reproduce results.json
expect results_of_an_older_medley 64 'red.json has no member reproduce' reproduce "$vectors/results/red.json"
expect no_results 64 'bin/podman:1:1: invalid token' reproduce bin/podman
echo '{"phase":"upgrade","seconds":1,"summary":"","ok":true,"error":null,"details":{}}' >>runs/green/phases.jsonl
expect a_changed_network 64 'green: .medley upgrade. changed the network while it ran' reproduce green
ok nothing_was_made test "$(echo runs/*)" = 'runs/green runs/latest runs/red'

# ---- bisect: the question ----

git init -q clone
for i in 1 2 3 4 5; do
	echo $i >clone/file
	git -C clone add file
	git -C clone commit -q -m "change $i"
done
git -C clone tag good main~4
cat >network.yaml <<'END'
banks:
  - release: main
  - release: maven:4.8
notaries:
  - release: maven:4.8
cordapps: finance-4.8
repo: clone
END
cell=main:4.8:4.8

expect needs_commits 64 'usage: medley bisect GOOD BAD' bisect good
expect needs_a_cell 64 'expected --cell PAYER:PAYEE:NOTARY' bisect good main network.yaml
expect needs_a_network 64 "no run 'nowhere'" bisect good main nowhere --cell $cell
expect needs_a_clone 64 'examples/red/network.yaml names no clone; name the one that has the commits with --repo' bisect good main runs/red --cell 4.10+finance-4.10:4.0+finance-4.0:4.8
expect needs_a_cell_of_it 64 "cell 'main:4.9:4.8': the network has no such cell" bisect good main network.yaml --cell main:4.9:4.8
expect needs_a_commit 64 'clone has no branch, tag or commit "mian"; the nearest names: main' bisect good mian network.yaml --cell $cell
expect needs_a_release 64 'BAD, main~1, is not a release of cell main:4.8:4.8, which has main, maven:4.8' bisect good main~1 network.yaml --cell $cell
expect no_tries 64 'tries' bisect good main network.yaml --cell $cell --tries 0
expect the_wrong_way 64 'BAD, good, is not a release' bisect main good network.yaml --cell $cell
expect nothing_between 64 'GOOD, main, and BAD, main, are the same commit' bisect main main network.yaml --cell $cell
ok no_state_yet test ! -e bisect/bisect.json
ok no_run_yet test "$(echo runs/*)" = 'runs/green runs/latest runs/red'

# ---- bisect: a machine that cannot build ----

expect no_machine 65 "^medley: the database's image: installing packages" bisect good main network.yaml --cell $cell
ok prints_what_it_tests grep -q '^Bisecting: the bad commit must be tested$' out
ok prints_its_subject grep -qE "^.$(git -C clone rev-parse main). change 5$" out
ok state_is_there grep -q '"word": "main"' bisect/bisect.json
ok log_is_git_s grep -qx 'git bisect start' bisect/bisect.log
expect another_question 64 'bisect has another bisection .good main --cell main:4.8:4.8.; remove this directory' bisect main~2 main network.yaml --cell $cell

# ---- bisect: what is on disk continues ----

sha() {
	git -C clone rev-parse "$1"
}
# test COMMIT VERDICT
tested() {
	printf '{"commit":"%s","subject":"","verdict":"%s","run":"runs/%s","reason":null}' "$(sha "$1")" "$2" "$2"
}
# known TESTS: the state with these tests.
known() {
	python3 - "$1" <<'END'
import json, sys
state = json.load(open("bisect/bisect.json"))
state["tests"] = json.loads(sys.argv[1])
json.dump(state, open("bisect/bisect.json", "w"))
END
}
known "[$(tested main bad), $(tested good good)]"
expect halves 65 '^Bisecting: 1 revision left to test after this .roughly 1 step.$' bisect good main network.yaml --cell $cell
git -C clone bisect start main good >git-says 2>&1
ok same_words grep -qxF "$(head -1 git-says)" out
ok same_commit grep -qF "$(sed -n 2p git-says | cut -c 1-42)" out
git -C clone bisect reset >/dev/null 2>&1

known "[$(tested main bad), $(tested good good), $(tested main~2 good), $(tested main~1 bad)]"
expect found 0 "^$(sha main~1) is the first bad commit$" bisect good main network.yaml --cell $cell
ok its_evidence grep -q '^first bad: runs/bad$' out
ok the_last_good_one grep -q "^last good: runs/good  .$(sha main~2)." out
git -C clone bisect replay "$dir/bisect/bisect.log" >git-says 2>&1
ok git_agrees grep -q "^$(sha main~1) is the first bad commit" git-says
git -C clone bisect reset >/dev/null 2>&1
expect again_at_once 0 'is the first bad commit' bisect good main network.yaml --cell $cell
"$medley" bisect good main network.yaml --cell $cell --json 2>/dev/null >document
ok json_has_it python3 -c "import json; assert json.load(open('document'))['first_bad'] == '$(sha main~1)'"

known "[$(tested main bad), $(tested good good), $(tested main~2 skip), $(tested main~1 skip), $(tested main~3 skip)]"
expect only_skipped 2 'There are only skipped commits left to test' bisect good main network.yaml --cell $cell
ok suspects grep -qx "$(sha main~3)" out
known "[$(tested main good)]"
expect bad_is_good 64 'BAD, main .*, is good: cell main:4.8:4.8 passed in runs/good' bisect good main network.yaml --cell $cell
known "[$(tested main bad), $(tested good bad)]"
expect good_is_bad 64 'GOOD, good .*, is bad: cell main:4.8:4.8 failed in runs/bad' bisect good main network.yaml --cell $cell
echo '{' >bisect/bisect.json
expect broken_state 64 'bisect/bisect.json:2:0: ' bisect good main network.yaml --cell $cell

exit $bad
