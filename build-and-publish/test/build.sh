#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A clone with a build like a node's: commits become images, a broken one is
# kept for a look, and nothing of the user's is touched. Run in the root.
#
# track: build
# when: always
# needs: -
. build-and-publish/test/common.sh

state_of_clone() {
	in_clone for-each-ref
	in_clone symbolic-ref HEAD
	in_clone status --porcelain
	in_clone worktree list
	find "$clone" -newer "$runs/made" | sort
}

released_jar maven:4.0
make_clone
# Files of this run alone: what was compiled before is not compiled again.
make_jar="# $runs"'
echo compiled >>"$COMPILED"
mkdir -p node/capsule/build/libs
cp "$TEST_JAR" node/capsule/build/libs/corda-9.jar'
export COMPILED="$runs/compiled"
gradlew main "$make_jar"
gradlew 'odd/$(touch${IFS}pwned);x' "$make_jar # again"
gradlew both "sleep 1; $make_jar # both"
gradlew empty true
gradlew broken 'echo "* What went wrong:"; echo "  Nothing compiles."; exit 1'
gradlew slow 'echo $$ >"$SLOW_PID"; sleep 300'
in_clone checkout -q -B same-files main
in_clone commit -q --allow-empty -m "same files"
in_clone checkout -q main
touch "$runs/made"
state_of_clone >"$runs/before"
kept_before=$(worktrees)

# The jar that the clone's build "makes" is a released one.
medley_run released 0 build node maven:4.0

medley_run commit 0 build node main --repo "$clone" --json
image=$(jq -r '.images[0].image' commit.out)
is "the image tells its commit" \
	"$(podman image inspect --format '{{index .Labels "org.opencontainers.image.revision"}}' "$image")" \
	"$(in_clone rev-parse main)"
is "and its platform version" "$(jq '.images[0].platform' commit.out)" 4
ok "the node in it starts on a read-only root" podman run --rm \
	--read-only --tmpfs /tmp --user 1000 --cap-drop ALL "$image" \
	java -jar /opt/corda/corda.jar --version
is "the worktree is gone" "$(worktrees)" "$kept_before"

ok "nobody but a plain user runs in it" test \
	"$(podman image inspect --format '{{.Config.User}}' "$image")" = 1000:1000
ok "there are no build tools inside" podman run --rm "$image" sh -c \
	'for p in javac gcc make git mvn gradle; do ! command -v $p || exit 1; done'
is "it was made when its commit was" \
	"$(podman image inspect --format '{{index .Labels "org.opencontainers.image.created"}}' "$image")" \
	"$(TZ=UTC in_clone log -1 --format=%cd --date=format-local:%Y-%m-%dT%H:%M:%SZ main)"

lines=$(wc -l <built/node-images.txt)
medley_run again 0 build node main --repo "$clone" --json
ok "again says cached" holds again.out '.images[0].cached'
is "the record has no line twice" "$(wc -l <built/node-images.txt)" "$lines"
ok "the record is listed" sh -c '"$0" build --list | grep -q "^$1	node	main	"' \
	"$medley" "$image"

digest() {
	jq -r '.images[0].image' "$1.out"
}
podman rmi "$image" >/dev/null
medley_run anew 0 build node main --repo "$clone" --json
is "made anew, it has the same digest" "$(digest anew)" "$image"
is "but nothing was compiled anew" "$(wc -l <"$COMPILED")" 1
medley_run same 0 build node same-files --repo "$clone" --json
is "nor for a commit with the same files" "$(wc -l <"$COMPILED")" 1
ok "whose image is another" test "$(digest same)" != "$image"

(cd "$clone" && "$medley" build node --json) >here.out 2>here.err
is "HEAD of the clone around is what is meant without a word" \
	"$(jq -r '.images[0].commit' here.out)" "$(in_clone rev-parse HEAD)"
rm -rf "$clone/built"
export MEDLEY_REPO="$clone"
medley_run notary 0 build notary main --json
unset MEDLEY_REPO
layers() {
	podman image inspect "$1" | jq -r '.[0].RootFS.Layers[]'
}
layers "$image" >node.layers
layers "$(digest notary)" | head -n "$(wc -l <node.layers)" >notary.layers
ok "a notary's image shares the layers of its node's" \
	diff node.layers notary.layers
is "and tells its platform version" "$(jq '.images[0].platform' notary.out)" 4

printf 'maven:4.0\nmaven:4.10\n' >releases.txt
for r in $(cat releases.txt); do
	ok "node.sh $r" sh "$home/bin/build-and-publish/node.sh" "$r"
done
is "each is a line of the record" \
	"$(grep -c '	node	maven:4' built/node-images.txt)" 2
medley_run jars 0 build cordapps maven:4.1 --json
is "4.1 takes the finance jars of the release before it" \
	"$(jq -r '.images[0].commit' jars.out)" maven:4.1
mkdir -p own/thing
printf 'base: base\nwords: [{word: "{}", command: [sh, make-it], files: {it: it}}]\n' \
	>own/thing/recipe.yaml
printf 'FROM base\nCOPY it /it\nCMD ["cat", "/it"]\n' >own/thing/Containerfile
in_clone checkout -q -B with-thing
echo 'echo made by a recipe >it' >"$clone/make-it"
in_clone add make-it
in_clone commit -q -m thing
in_clone checkout -q main
touch "$runs/made"
state_of_clone >"$runs/before"
medley_run own 0 build thing with-thing --recipes own --repo "$clone" --json
is "a user's own component needs no code" \
	"$(podman run --rm "$(digest own)")" "made by a recipe"

medley_run odd 0 build node 'odd/$(touch${IFS}pwned);x' --repo "$clone"
ok "a name with a shell's characters does no harm" \
	test -z "$(find "$runs" "$PWD" "$cache/build" -name pwned)"

was=$(wc -l <"$COMPILED")
start one build node both --repo "$clone" --json
medley_run two 0 build node both --repo "$clone" --json
wait "$background"
background=
is "two builds at once compile once" "$(($(wc -l <"$COMPILED") - was))" 1
is "two builds at once find the same image" \
	"$(jq -r '.images[0].image' one.out)" "$(jq -r '.images[0].image' two.out)"

medley_run broken 65 build node broken empty nope HEAD --repo "$clone" --json
ok "a table tells what came of each" grep -qE \
	'^node +broken .* FAILED .* built/logs/node-broken.log' broken.err
ok "the reason is the build tool's own" holds broken.out \
	'.images[0].failure | test("Nothing compiles")'
kept=$(jq -r '.images[0].failure | capture("worktree kept: (?<p>.*)").p' broken.out)
is "the worktree is kept at its commit" \
	"$(git -C "$kept" rev-parse HEAD)" "$(in_clone rev-parse broken)"
ok "a build without its file fails" holds broken.out \
	'.images[1].failure | test("0 files")'
ok "an unknown word names its neighbours" holds broken.out \
	'.images[2].failure | test("nearest names: ")'
ok "the release beside them is built" holds broken.out \
	'.images[3] | .failure == null and .image != null'
jq -r '.images[].failure // "" | capture("worktree kept: (?<p>.*)").p' \
	broken.out | while read -r d; do rm -rf "$d"; done

export SLOW_PID="$runs/slow.pid"
start slow build node slow --repo "$clone"
until_true 60 test -s "$SLOW_PID"
kill -INT "$(pgrep -P "$background" medley)"
wait "$background"
is "an interrupted build ends with 130" "$?" 130
background=
is "its worktree is gone" "$(worktrees)" "$kept_before"
ok "its process is gone" sh -c '! kill -0 "$(cat "$SLOW_PID")"'
ok "no working container is left" no_build_left

state_of_clone >"$runs/after"
ok "the clone is untouched" diff "$runs/before" "$runs/after"
remove_images
