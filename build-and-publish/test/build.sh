#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A clone with a build like a node's: commits become images, a broken one is
# kept for a look, and nothing of the user's is touched. Run in the root.
. test/network/common.sh
cd "$runs" || exit 70
clone=$runs/clone
cache=$(dirname "$conf")
export TEST_JAR="$runs/jar/corda.jar"
export GIT_CONFIG_GLOBAL=/dev/null

in_clone() {
	git -C "$clone" -c user.name=t -c user.email=t@t "$@"
}

# gradlew BRANCH SCRIPT: a commit whose build does that.
gradlew() {
	in_clone checkout -q -B "$1"
	printf '#!/bin/sh\n%s\n' "$2" >"$clone/gradlew"
	chmod +x "$clone/gradlew"
	in_clone add gradlew
	in_clone commit -q -m "$1"
}

state_of_clone() {
	in_clone for-each-ref
	in_clone symbolic-ref HEAD
	in_clone status --porcelain
	in_clone worktree list
	find "$clone" -newer "$runs/made" | sort
}

worktrees() {
	find "$cache/build/worktrees" -mindepth 1 -maxdepth 1 2>/dev/null | wc -l
}

mvn -q -B dependency:copy -Dartifact=net.corda:corda:4.0 \
	-DoutputDirectory="$runs/jar" -Dmdep.stripVersion=true >/dev/null
ok "Maven has a jar to build with" test -s "$TEST_JAR"
git init -q -b main "$clone"
make_jar='mkdir -p node/capsule/build/libs
cp "$TEST_JAR" node/capsule/build/libs/corda-9.jar'
gradlew main "$make_jar"
gradlew 'odd/$(touch${IFS}pwned);x' "$make_jar # again"
gradlew both "$make_jar # both"
gradlew empty true
gradlew broken 'echo "* What went wrong:"; echo "  Nothing compiles."; exit 1'
gradlew slow 'echo $$ >"$SLOW_PID"; sleep 300'
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

lines=$(wc -l <built/node-images.txt)
began=$(date +%s%N)
medley_run again 0 build node main --repo "$clone" --json
ok "again is under 2 s" test $((($(date +%s%N) - began) / 1000000)) -lt 2000
ok "and says cached" holds again.out '.images[0].cached'
is "the record has no line twice" "$(wc -l <built/node-images.txt)" "$lines"

medley_run odd 0 build node 'odd/$(touch${IFS}pwned);x' --repo "$clone"
ok "a name with a shell's characters does no harm" \
	test -z "$(find "$runs" "$PWD" -name pwned)"

start one build node both --repo "$clone" --json
medley_run two 0 build node both --repo "$clone" --json
wait "$background"
background=
is "two builds at once find the same image" \
	"$(jq -r '.images[0].image' one.out)" "$(jq -r '.images[0].image' two.out)"

medley_run broken 65 build node broken empty nope HEAD --repo "$clone" --json
ok "the reason is the build tool's own" holds broken.out \
	'.images[0].failure | test("Nothing compiles")'
kept=$(jq -r '.images[0].failure | capture("worktree kept: (?<p>.*)").p' broken.out)
is "the worktree is kept at its commit" \
	"$(git -C "$kept" rev-parse HEAD)" "$(in_clone rev-parse broken)"
ok "a build without its file fails" holds broken.out \
	'.images[1].failure | test("0 files")'
ok "an unknown word names its neighbours" holds broken.out \
	'.images[2].failure | test("nearest names: slow|nearest names:.*broken")'
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
is "no working container is left" \
	"$(buildah containers --format '{{.ContainerName}}' | grep -c '^job-')" 0

state_of_clone >"$runs/after"
ok "the clone is untouched" diff "$runs/before" "$runs/after"
awk '$1 == "node" && $2 !~ /^maven:/ { print $5 }' built/node-images.txt |
	sort -u | xargs -r podman rmi >/dev/null
