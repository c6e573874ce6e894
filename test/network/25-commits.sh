#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Releases that are commits: a branch and an annotated tag of a clone are built,
# and mixed with a released notary; the main job does not tell them apart.
#
# track: podman
# when: always
# needs: -
. "$(dirname "$0")/common.sh"
. build-and-publish/test/common.sh

# The clone's build takes real jars of two releases for its own.
for v in 4.0 4.10; do
	released_jar maven:$v
	mv "$TEST_JAR" "$runs/corda-$v.jar"
done
export JARS="$runs"
make_clone
for v in 4.0 4.10; do
	gradlew "from-$v" "mkdir -p node/capsule/build/libs
cp \"\$JARS/corda-$v.jar\" node/capsule/build/libs/"
done
in_clone tag -a release-V9.10 -m "as if it were released" from-4.10
cat >network.yaml <<END
banks: [{release: from-4.0}, {release: release-V9.10}]
notaries: [{release: maven:4.8}]
cordapps: finance-4.0
repo: clone
gates: {settled: 3}
END
medley_run run 0 run network.yaml --runs "$runs"
results=$(latest)/results.json
for pair in 'from-4.0 release-V9.10' 'release-V9.10 from-4.0'; do
	ok "${pair% *} -> ${pair#* } passes" holds "$results" "[.cells[] | select(.payer == \"${pair% *}\" and .payee == \"${pair#* }\") | .verdict] == [\"pass\"]"
done
is "the run tells the commit" \
	"$(sed -n '/word: "\?release-V9.10"\?/,/commit:/s/.*commit: "\?\([0-9a-f]*\).*/\1/p' "$(latest)/network.resolved.yaml" | head -n 1)" \
	"$(in_clone rev-parse 'release-V9.10^{commit}')"
ok "nothing is left" nothing_left "$(latest)"
remove_images
