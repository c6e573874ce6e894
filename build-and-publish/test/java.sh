#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Which Java a node stands on follows from its platform version: jars that check
# their own Java become images of both kinds. Run in the root.
#
# track: build
# when: build-and-publish/build build-and-publish/recipe build-and-publish/test/java.sh build-and-publish/test/own_java.py
# needs: -
. build-and-publish/test/common.sh

export JARS="$runs/jars"
mkdir -p "$JARS"
make_clone
# commit NAME PLATFORM JAVA: a commit whose node needs that Java.
commit() {
	python3 "$home/build-and-publish/test/own_java.py" "$JARS/$1.jar" "$2" "$3"
	gradlew "$1" "# $runs
mkdir -p node/capsule/build/libs
cp \"\$JARS/$1.jar\" node/capsule/build/libs/corda-$1.jar"
}
commit 4.11 13 1.8
commit 4.12 140 17
# recorded COMPONENT: how many lines of the record are of it.
recorded() {
	awk -F'\t' -v component="$1" '$2 == component' built/node-images.txt | wc -l
}
# runs_on NAME: what the jar in the image of that build says.
runs_on() {
	podman run --rm --read-only --tmpfs /tmp --network none \
		"$(jq -r '.images[0].image' "$1.out")" java -jar /opt/corda/corda.jar
}

medley_run old 0 build node 4.11 --repo "$clone" --json
is "4.11 is of platform version 13" "$(jq '.images[0].platform' old.out)" 13
is "and has Java 8" "$(runs_on old)" "this jar needs Java 1.8, and this is Java 1.8"
is "for which Java 17 was not made" "$(recorded base17)" 0
medley_run new 0 build node 4.12 --repo "$clone" --json
is "4.12 is of platform version 140" "$(jq '.images[0].platform' new.out)" 140
is "and has Java 17" "$(runs_on new)" "this jar needs Java 17, and this is Java 17"
is "which was made for it" "$(recorded base17)" 1

medley_run again 0 build node notary 4.11 4.12 --repo "$clone" --json
is "both are found again, below a notary, too" \
	"$(jq -c '[.images[] | select(.component == "node") | .cached]' again.out)" "[true,true]"
is "and the notaries have their platform versions" \
	"$(jq -c '[.images[] | select(.component == "notary") | .platform]' again.out)" "[13,140]"
podman rmi -f "$(jq -r '.images[0].image' new.out)" >/dev/null
medley_run anew 0 build node 4.12 --repo "$clone" --json
is "made anew, it has the same digest" "$(jq -r '.images[0].image' anew.out)" \
	"$(jq -r '.images[0].image' new.out)"

# A recipe of one's own with one base for all.
mkdir -p own/node
cp "$home/build-and-publish/recipes/node/Containerfile" own/node/
sed '/^bases:/,/^    base:/d' "$home/build-and-publish/recipes/node/recipe.yaml" >own/node/recipe.yaml
medley_run wrong 65 build node 4.12 --recipes own --repo "$clone" --json
ok "on Java 8 the image of 4.12 is not made" \
	grep -q '^this jar needs Java 17, and this is Java 1.8' built/logs/node-4.12.log
kept=$(jq -r '.images[0].failure | capture("worktree kept: (?<p>.*)").p' wrong.out)
[ -z "$kept" ] || rm -rf "$kept" "$kept.kept"
remove_images
