#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The driver as a Job of the cluster: it drives the load in a file to its end,
# and is killed in the middle of two of the run's own; what it wrote comes back
# whole each time.
#
# track: kubernetes
# when: driver/in_cluster cli/job generate/manifest_driver.c generate/manifests/driver run/load
# needs: root kubernetes
. "$(dirname "$0")/common.sh"
bin=$PWD/bin
source=$(git rev-parse HEAD)

up
enter_site database cordapps:finance-4.0 node:maven:4.8 "driver:$source"
cat >network.yaml <<'END'
banks: [{release: maven:4.8, count: 2}]
notaries: [{release: maven:4.8}]
cordapps: finance-4.0
seed: 42
gates: {settled: 3}
load: {count: 120}
END

step generate 0 "$bin/generate_config" -n corda -s "$medley_storage_class" \
	--docker-registry "$medley_registry/net" --context test-token
is "it has a driver, suspended" "$(grep -c 'suspend: true' config/network/driver.yaml)" 1
step start 0 "$bin/start.sh" --engine kubernetes --context test-token
run=$site/$(readlink runs/latest | sed 's,^,runs/,')

# same: the claim's history is what the run has, but for half a line.
same() {
	cat >"$runs/look.yaml" <<-END
	apiVersion: v1
	kind: Pod
	metadata: {name: look, namespace: corda}
	spec:
	  restartPolicy: Never
	  securityContext: {runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000}
	  containers:
	  - name: look
	    image: $medley_image
	    command: [cat, /data/run/history.jsonl]
	    volumeMounts: [{name: run, mountPath: /data}]
	  volumes: [{name: run, persistentVolumeClaim: {claimName: driver}}]
	END
	kubectl apply -f "$runs/look.yaml" &&
		kubectl -n corda wait --for=jsonpath='{.status.phase}'=Succeeded \
			pod/look --timeout=60s
	kubectl -n corda logs look >"$runs/claim.jsonl"
	kubectl -n corda delete pod look --grace-period=0 --force
	sed -n '/}$/p' "$runs/claim.jsonl" | cmp - "$run/history.jsonl"
}
lines() {
	wc -l <"$run/history.jsonl"
}
# details FILTER: of the last drive.
details() {
	jq -s "[.[] | select(.phase == \"drive\")][-1].details | $1" "$run/phases.jsonl"
}

cp "$run/network.resolved.yaml" resolved.yaml
echo 'load: {count: 30}' >load.yaml
step drive 0 "$medley" drive "$run" --load load.yaml
cat "$runs/drive.err"
is "the load in the file was driven" "$(details '.load_file, .load.count' | tr '\n' ' ')" '"load.yaml" 30 '
ok "the run's own load stays" cmp "$run/network.resolved.yaml" resolved.yaml
ok "its progress was shown" grep -q 'payments' "$runs/drive.err"
is "the history has all that it did" "$(details '.driver.operations')" "$(lines)"
is "each operation once" "$(jq .id "$run/history.jsonl" | sort -n | uniq | wc -l)" "$(lines)"
is "as many payments as it counted" \
	"$(jq -s '[.[] | select(.kind == "pay")] | length' "$run/history.jsonl")" \
	"$(details '.payments.ok + .payments.fail + .payments.unknown')"
is "they went well" "$(details .payments.ok)" 30
ok "it is as on the claim" same
ok "its log is there" test -s "$run/logs/driver.log"
is "no reader is left" "$(kubectl -n corda get pod driver-reader --ignore-not-found -o name)" ""
step check 0 "$medley" check "$run"
cat "$runs/check.err"
is "every payment is settled" \
	"$(jq -s '[.[] | select(.payee_has)] | length' "$run/settlements.jsonl")" "$(lines)"

# refused RUN WORDS: another load, while one is driven; what is said. A run has
# its own claim; the Job is met by a copy, as by somebody else.
refused() {
	in_cluster 60 "$medley" drive "$1" --load load.yaml 2>"$runs/other.err"
	is "another load is refused meanwhile" $? 64
	ok "and why is told" grep -q "$2" "$runs/other.err"
}

# dies NAME WORDS COMMAND...: a drive in whose midst that is done; what is said.
dies() {
	name=$1 how=$2 before=$(lines)
	shift 2
	($cluster exec "$medley" drive "$run" >"$runs/$name.out" 2>"$runs/$name.err"
	echo $? >"$runs/$name.code") &
	for _ in $(seq 90); do
		grep -qE '[1-9][0-9]*/120 payments' "$runs/$name.err" && break
		sleep 1
	done
	refused "$run" "another medley process works on the"
	rm -rf "$runs/copy"
	cp -a "$run" "$runs/copy"
	refused "$runs/copy" 'Job corda/driver already drives another load'
	shown=$(sed -n 's,.* \([0-9]*\)/120 payments.*,\1,p' "$runs/$name.err" | tail -n 1)
	pod=$(kubectl -n corda get pod -l job-name=driver -o 'jsonpath={.items[0].metadata.name}')
	ok "$name" "$@"
	wait $!
	tail -n 2 "$runs/$name.err"
	is "$name is no success" "$(cat "$runs/$name.code")" 67
	ok "and is told" grep -q "Pod corda/$pod $how" "$runs/$name.err"
	ok "what it showed is there" test $(($(lines) - before)) -ge "${shown:-1}"
	ok "in whole lines" jq -e .id "$run/history.jsonl"
	ok "as on the claim" same
	is "the run's own load was driven" "$(details '.load_file, .load.count' | tr '\n' ' ')" 'null 120 '
	echo "  ...   $shown payments were shown, $(($(lines) - before)) operations came"
	is "no reader is left" "$(kubectl -n corda get pod driver-reader --ignore-not-found -o name)" ""
}
force() {
	kubectl -n corda delete pod "$pod" --grace-period=0 --force
}
kill_9() {
	id=$(kubectl -n corda get pod "$pod" -o 'jsonpath={.status.containerStatuses[0].containerID}')
	$cluster enter ctr -n k8s.io tasks kill -s SIGKILL "${id#containerd://}"
}
# A pod that is deleted, also by force, has a moment to end in order.
dies forced 'has failed (Error, exit code 130): interrupted' force
dies killed 'ended without a result' kill_9
ok "with its exit code" grep -q 'exit code 137' "$runs/killed.err"
# Nothing of it is left.
step down 0 "$medley" down "$run"
is "no claim is left" "$(kubectl -n corda get pvc -o name)" ""
cd "$OLDPWD" || exit 70
down
