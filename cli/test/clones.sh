#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# clones.sh - medley build in clones as git leaves them: what a build sees of
# its commit. The component `look` prints that and fails, so that no image is
# made and nothing is fetched.
# Usage: clones.sh MEDLEY   Prints a line an assertion, as cmocka does.
set -u
medley=$(readlink -f "$1")
checkout=$MEDLEY_HOME
dir=$(mktemp -d "${TMPDIR:-/tmp}/medley-clones-XXXXXX") || exit 70
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 70
export HOME="$dir" GIT_CONFIG_NOSYSTEM=1 MEDLEY_CACHE="$dir/cache"
unset XDG_CONFIG_HOME GIT_CONFIG_GLOBAL MEDLEY_REPO MEDLEY_ENVIRONMENT
git config --global user.name t
git config --global user.email t@example.com
git config --global init.defaultBranch main
git config --global protocol.file.allow always
bad=0

# Nothing but the clone and its build is looked at here: no image is listed,
# no system is unpacked.
mkdir bin
printf '#!/bin/sh\necho "[]"\n' >bin/podman
for tool in buildah mmdebstrap mvn skopeo; do
	printf '#!/bin/sh\nexit 1\n' >bin/$tool
done
chmod +x bin/*
export PATH="$dir/bin:$PATH"

mkdir -p recipes/look recipes/none
cat >recipes/none/recipe.yaml <<END
debian: {suite: none, packages: [none]}
END
cat >recipes/look/recipe.yaml <<END
base: none
words:
  - word: "{}"
    command: [/bin/sh, -c, "git rev-parse HEAD; git status --short; find . -name .git -prune -o -type f -print; cat ./*; env; exit 3"]
    files: {out: out}
END
echo 'FROM scratch' | tee recipes/none/Containerfile >recipes/look/Containerfile

# look WORD ARGS...: what medley says in `out`, what the build saw in `log`.
look() {
	rm -rf built log
	"$medley" build look "$@" --recipes "$dir/recipes" >out 2>&1 </dev/null
	cat built/logs/look-*.log >log 2>/dev/null
	rm -rf cache/build/worktrees
}
# says NAME FILE PATTERN: a line of it.
says() {
	if grep -qE -- "$3" "$2"; then
		echo "[       OK ] $1"
	else
		echo "$1: no line '$3' in:"
		cat out log
		echo "[  FAILED  ] $1"
		bad=1
	fi
}
# says_not NAME FILE PATTERN
says_not() {
	if grep -qE -- "$3" "$2"; then
		echo "$1: a line '$3' in:"
		cat "$2"
		echo "[  FAILED  ] $1"
		bad=1
	else
		echo "[       OK ] $1"
	fi
}
# make_clone NAME: with one commit, tagged v1.
make_clone() {
	git init -q "$1"
	echo "file of $1" >"$1/file"
	git -C "$1" add file
	git -C "$1" commit -q -m "$1"
	git -C "$1" tag v1
}

make_clone plain
make_clone other
head=$(git -C plain rev-parse v1)
look v1 --repo plain
says build_sees_its_commit log "^$head"
git -C plain branch fehler/größe v1
git -C plain branch "o'brien" v1
look fehler/größe "o'brien" --repo plain
says build_sees_the_commit_of_any_name log "^$head"
says build_takes_a_quote out "^look +o'brien +$(echo "$head" | cut -c 1-14) "
says build_table_counts_letters out '^look +fehler/größe {18}[0-9a-f]{14} '
git -C plain branch look v1
look look --repo plain
says component_twice_is_told out 'warning: "look" is taken as the component; to build the release of that name, write refs/heads/look'
look v1 --repo plain
says_not component_once_is_not_told out warning
look refs/heads/look --repo plain
says release_in_full log "^$head"
git -C plain branch -D look >/dev/null

# From a hook or an alias, git exports the repository that it works on.
export GIT_DIR="$dir/other/.git" GIT_WORK_TREE="$dir/other" MAKEFLAGS=k
export NOT_CHOSEN=seen CHOSEN=seen MEDLEY_ENVIRONMENT=CHOSEN
look v1 --repo plain
unset GIT_DIR GIT_WORK_TREE MAKEFLAGS NOT_CHOSEN MEDLEY_ENVIRONMENT
says hook_build_sees_its_commit log "^$head"
says_not hook_is_not_seen log '^(GIT_DIR|GIT_WORK_TREE|MAKEFLAGS|NOT_CHOSEN)='
says named_variable_is_seen log '^CHOSEN=seen'
git -C plain worktree add -q ../linked 2>/dev/null
git -C linked commit -q --allow-empty -m "not v1"
cat >plain/.git/hooks/pre-commit <<END
#!/bin/sh
cd "$dir" && $medley build look v1 --repo plain --recipes recipes >out 2>&1
cat built/logs/look-*.log >log
END
chmod +x plain/.git/hooks/pre-commit
rm -rf built log
git -C linked commit -q --allow-empty -m again
rm plain/.git/hooks/pre-commit
says commit_hook_build_sees_its_commit log "^$head"

# Without --repo, the clone is the one around.
here() {
	cd "$1" || exit 70
	shift
	look "$@"
	mv out log ..
	cd ..
}
mkdir empty
here empty v1
says no_clone out '"v1" is a commit-ish, and no clone is named: name it with --repo'
here plain v1
says clone_around log "^$head"
export MEDLEY_HOME="$dir/plain"
mkdir plain/generate
touch plain/generate/node-conf.yaml
here plain v1
unset MEDLEY_HOME
says own_clone_around out "this directory is medley's own"
git -C plain config uploadpack.allowFilter true
git clone -q --filter=blob:none --sparse "file://$dir/plain" parts
here parts v1
says partial_clone_around log "^$head"
if [ "$(id -u)" -eq 0 ]; then
	chown -R 4242:4242 other
	here other v1
	says clone_of_another_around out "belongs to another user \(uid 4242\); if you trust it, run .git config --global --add safe.directory $dir/other"
	git config --global --add safe.directory "*"
	here other v1
	says clone_of_another_trusted log "^$(git -C other rev-parse v1)"
fi

# ---- released versions ----

# A version that is not in releases.txt: Maven is asked for its POM, once, and
# before anything is built or made.
MEDLEY_HOME=$checkout
export MEDLEY_HOME
# maven TEXT CODE: what it answers; `asked` has its arguments.
maven() {
	printf '#!/bin/sh\necho "$*" >>"%s/asked"\necho "%s"\nexit %s\n' "$dir" "$1" "$2" >bin/mvn
	rm -rf asked built log runs
}
# made FILES...: none of them is there.
made() {
	for file; do
		[ ! -e "$file" ] || return 1
	done
}
# code NAME GOT EXPECTED
code() {
	echo "exit code $2, expected $3" >log
	says "$1" log "^exit code $3,"
}
cat >unknown.yaml <<END
banks:
  - release: maven:4.8
  - release: maven:4.99
notaries: [{release: maven:4.8}]
cordapps: finance-4.0
END
sed 's/4.99/4.10/; s/finance-4.0/finance-4.99/' unknown.yaml >jars.yaml
maven '[ERROR] Could not find artifact net.corda:corda:pom:4.99 in central' 1
"$medley" run unknown.yaml >out 2>&1 </dev/null
code unknown_release_is_bad_input $? 64
says unknown_release_is_refused out '^medley: unknown.yaml:3:14: release: there is no release maven:4.99: Maven does not find net.corda:corda:4.99; known released versions: 4.9, 4.0, .*4.10$'
grep -q 'Dartifact=net.corda:corda:4.99:pom ' asked && made built runs
code nothing_was_made $? 0
code maven_is_asked_once "$(wc -l <asked)" 1
"$medley" build maven:4.8 maven:4.99 >out 2>&1 </dev/null
code unknown_release_is_not_built $? 64
says build_refuses_unknown_release out '^medley: there is no release maven:4.99'
echo maven:4.99 >list.txt
"$medley" build -f list.txt >out 2>&1 </dev/null
says build_names_the_line out '^medley: list.txt:1: there is no release maven:4.99'
made built
code nothing_was_built $? 0
maven '[ERROR] Could not find artifact net.corda:corda-finance-contracts:pom:4.99 in central' 1
"$medley" run jars.yaml >out 2>&1 </dev/null
says unknown_cordapps_are_refused out '^medley: jars.yaml:5:11: cordapps: there is no release finance-4.99: Maven does not find net.corda:corda-finance-contracts:4.99; known'
maven '[ERROR] Could not transfer artifact net.corda:corda:pom:4.99 from/to central: Unknown host' 1
"$medley" run unknown.yaml >out 2>&1 </dev/null
code without_a_network_it_is_an_error $? 65
says without_a_network_it_is_not_known out '^medley: maven:4.99 is not one of the released versions that medley knows [(]4.9, .*[)], and Maven cannot tell whether it exists: Could not transfer artifact .*Unknown host'
made built runs
code nothing_was_made_without_a_network $? 0
# One that was released since: on to the build, which fails here.
maven '' 0
"$medley" build node maven:4.99 >out 2>&1 </dev/null
says new_release_is_built out 'node maven:4.99: '
code new_release_is_asked_for_first "$(head -n 1 asked | grep -c ':4.99:pom ')" 1
# Known ones are not asked for.
maven '' 1
"$medley" build node maven:4.8 >out 2>&1 </dev/null
code known_release_is_not_asked_for "$(grep -c ':pom ' asked)" 0

# A release that Maven does not find for a recipe of the user's own: those that
# there are.
mkdir recipes/released
cat >recipes/released/recipe.yaml <<END
base: none
words:
  - word: "maven:{}"
    maven: {a.jar: "net.corda:corda:{}"}
END
echo 'FROM scratch' >recipes/released/Containerfile
cat >bin/mvn <<END
#!/bin/sh
echo "[ERROR] Failed: Could not find artifact net.corda:corda:jar:4.99 in central"
exit 1
END
"$medley" build released maven:4.99 --recipes "$dir/recipes" >out 2>&1 </dev/null
says no_such_release out 'maven:4.99: .*Could not find artifact net.corda:corda:jar:4.99 in central; known released versions: 4.9, '
exit $bad
