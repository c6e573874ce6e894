#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Releases of every kind in one network: a branch and an annotated tag of a
# clone, which are built; released ones, of which two, 4.3 and 4.9, are named by
# no code: a line in a file is all they need; and one that cannot be built. Its
# cells are not run, the others pass, by a notary that validates.
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
gradlew broken "echo 'this commit does not build'; exit 1"
# Two banks of 4.9 fill its place on the diagonal.
cat >network.yaml <<'END'
banks:
  - release: from-4.0
  - release: release-V9.10
  - release: maven:4.9
    count: 2
  - release: broken
notaries:
  - release: maven:4.3
    validating: true
cordapps: finance-4.0
repo: clone
seed: 3
load: {count: 12, in_flight: 2}
gates: {settled: 1}
END
medley_run run 65 run network.yaml --runs "$runs"
run=$(latest)
results=$run/results.json
for payer in from-4.0 release-V9.10 4.9; do
	for payee in from-4.0 release-V9.10 4.9; do
		case $payer-$payee in
		4.9-4.9) what='pass by two banks' wanted=pass ;;
		"$payee-$payer") what='has one bank only' wanted=not-run ;;
		*) what=passes wanted=pass ;;
		esac
		is "$payer -> $payee $what" "$(verdict "$run" $payer $payee)" $wanted
	done
done
ok "cells of the broken one are not run" holds "$results" '[.cells[] | select(.payer == "broken" or .payee == "broken")] | length > 0 and all(.verdict == "not-run")'
ok "and say why" holds "$results" '[.cells[] | select(.payer == "broken" and .payee == "4.9")][0].reason | test("build")'
ok "the notary validates" some "$results" '.nodes[] | select(.role == "notary") | .validating'
ok "nothing was found" test ! -s "$run/findings.jsonl"
is "the run tells the commit" \
	"$(sed -n '/word: "\?release-V9.10"\?/,/commit:/s/.*commit: "\?\([0-9a-f]*\).*/\1/p' "$run/network.resolved.yaml" | head -n 1)" \
	"$(in_clone rev-parse 'release-V9.10^{commit}')"
ok "nothing is left" nothing_left "$run"
remove_images
