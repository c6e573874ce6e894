#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A bank and a notary of each release register themselves, all in one network:
# every bank pays every other by way of each notary.
#
# track: kubernetes
# when: nightly
# needs: root kubernetes
. "$(dirname "$0")/common.sh"
releases="4.0 4.5 4.8 4.10"

up
enter_site database cordapps:finance-4.0 doorman \
	"driver:$(git rev-parse HEAD)" node:maven:4.0 notary:maven:4.0 node:maven:4.5 \
	notary:maven:4.5 node:maven:4.8 notary:maven:4.8 node:maven:4.10 \
	notary:maven:4.10
cat >network.yaml <<END
banks:
$(printf -- '  - {release: maven:%s}\n' $releases)
notaries:
$(printf -- '  - {release: maven:%s}\n' $releases)
cordapps: finance-4.0
identity: doorman
seed: 55
gates: {settled: 2}
timeouts: {boot: 1200}
END
limit=1800
kept_run
sed 's/^/  ...   /' "$runs/run.out"
is "cells that passed: 12 pairs by 4 notaries" \
	"$(jq '[.cells[] | select(.verdict == "pass")] | length' "$run/results.json")" 48
ok "nothing was found" none "$run/findings.jsonl" true

kubectl -n corda exec doorman-0 -c doorman -- medley doorman list --json \
	--database postgresql://doorman@database:5432/doorman >doorman.json
for release in $releases; do
	for role in bank notary; do
		ok "the $role of $release has registered" holds doorman.json \
			"[.requests[] | select(.state == \"approved\") | .name] |
				index(\"O=$role-$release-0, L=London, C=GB\") != null"
		ok "its own start script did" sh -c "$cluster exec kubectl -n corda \
			logs $role-$(echo "$release" | tr . -)-0 -c node | grep -q 'registering .*O='"
	done
done
is "nodes in the map" "$(jq '.nodes | length' doorman.json)" 8
is "notaries that registered a service beside themselves: 4.8, 4.10" \
	"$(jq '[.requests[] | select(.role == "service")] | length' doorman.json)" 2

step down 0 "$medley" down
ok "nothing is left" nothing_in_cluster
cd "$OLDPWD" || exit 70
down
