#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Images of medley itself, of the commit that is tested: doorman, healthcheck
# and driver hold the same files. Run in the root.
#
# track: build
# when: build-and-publish/ make/image.mk
# needs: -
. build-and-publish/test/common.sh
head=$(git -C "$home" rev-parse HEAD)

medley_run own 0 build doorman healthcheck driver --json
for n in 0 1 2; do
	is "image $n is of this commit" "$(jq -r ".images[$n].commit" own.out)" "$head"
done
image() {
	jq -r ".images[$1].image" own.out
}
strict="--rm --read-only --cap-drop ALL --network none"

# shellcheck disable=SC2086
ok "medley runs in it, on a read-only root" podman run $strict "$(image 1)" version
# shellcheck disable=SC2086
is "a service that is not there is not healthy" \
	"$(podman run $strict "$(image 1)" health tcp://127.0.0.1:1 | cut -c1-4)" "FAIL"
for n in 0 1 2; do
	is "image $n is a plain user's" \
		"$(podman image inspect --format '{{.Config.User}}' "$(image $n)")" 1000:1000
done
# shellcheck disable=SC2086
ok "there are no build tools inside" podman run $strict --entrypoint sh \
	"$(image 0)" -c 'for p in gcc make git java mvn; do ! command -v $p || exit 1; done'
ok "doorman.sh finds the same again" sh -c \
	'sh "$0/bin/build-and-publish/doorman.sh" | grep -qF "$1"' "$home" "$(image 0)"
podman rmi -f "$(image 0)" "$(image 1)" "$(image 2)" >/dev/null

# The tool itself: a run comes in as a mount that only it may change.
cp -r "$home/test/vectors/report/green" "$runs/green"
chown -R 1000:1000 "$runs/green"
chmod 755 "$runs"
medley_run tool 0 build medley HEAD --json
# shellcheck disable=SC2086
ok "the tool's image judges a run" podman run $strict -v "$runs/green:/run/green" \
	"$(jq -r '.images[0].image' tool.out)" report /run/green
medley_run anew 0 build doorman --json
is "made anew, it has the same digest" "$(jq -r '.images[0].image' anew.out)" "$(image 0)"
medley_run bad 65 build doorman maven:4.8 --json
ok "a release of the node is no commit of medley" holds bad.out \
	'.images[0].failure | test("no branch, tag or commit")'
remove_images
