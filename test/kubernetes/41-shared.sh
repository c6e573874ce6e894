#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A cluster that others use, too: a network goes where its file says, with the
# labels of its owner, budgets, and NetworkPolicies that kube-router enforces; all
# by a ServiceAccount with the Role of docs/role.yaml, each right of which is used.
# Manifests that are applied again leave running nodes alone. A second network,
# whose names have a prefix, shares the namespace, and stays when the first goes.
#
# track: kubernetes
# when: docs/role.yaml generate/manifest_policies.c generate/manifest_extras.c run/cluster_keys.c run/network_names.c
# needs: root kubernetes
. "$(dirname "$0")/common.sh"
bin=$PWD/bin
role=$PWD/docs/role.yaml
enforcer=$("$PWD/test/kubernetes/build-enforcer") || exit 65

up
# The API server writes down what the account asks for.
cat >"$runs/cluster/audit.yaml" <<'END'
apiVersion: audit.k8s.io/v1
kind: Policy
rules:
  - level: Metadata
    users: ["system:serviceaccount:corda:medley"]
  - level: None
END
audit=$runs/cluster/audit.log
echo "--audit-policy-file=$runs/cluster/audit.yaml --audit-log-path=$audit" \
	>"$runs/cluster/kube-apiserver.flags"
ok "the API server keeps an audit log" $cluster restart kube-apiserver

# It lives in the cluster, and ends with it.
# shellcheck disable=SC2016
$cluster enter sh -c 'PATH=$0:$PATH exec kube-router --run-router=false --run-service-proxy=false \
	--run-firewall=true --kubeconfig="$1" --hostname-override="$2"' \
	"$enforcer" "$runs/cluster/system/admin.yaml" "$medley_node" >"$runs/enforcer.log" 2>&1 &

# A machine for this team alone, and a priority.
kubectl label node "$medley_node" disk=fast >/dev/null
kubectl taint node "$medley_node" team=ledger:NoSchedule >/dev/null
kubectl apply -f - >/dev/null <<'END'
apiVersion: v1
kind: Namespace
metadata: {name: corda}
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: medley-low}
value: 7
END
ok "the Role applies" kubectl apply -f "$role"
kubectl -n corda create configmap neighbour --from-literal=a=b >/dev/null
kubectl -n corda create token medley --duration=4h >"$runs/token"
config=$runs/cluster/kubeconfig/config
kubectl config set-credentials shared --token="$(cat "$runs/token")" >/dev/null
kubectl config set-context shared --cluster=by-data --user=shared >/dev/null

enter_site database cordapps:finance-4.0 node:maven:4.0 node:maven:4.8 \
	"driver:$(git rev-parse HEAD)" healthcheck
cat >network.yaml <<'END'
banks: [{release: maven:4.0, count: 2}]
notaries: [{release: maven:4.8}]
cordapps: finance-4.0
seed: 42
gates: {settled: 3}
kubernetes:
  labels: {team: ledger, example.com/cost: "42"}
  annotations: {example.com/contact: "ledger: call us"}
  node_selector: {disk: fast}
  tolerations: [{key: team, value: ledger, effect: NoSchedule}]
  priority_class: medley-low
  image_pull_policy: Always
  network_policy: true
  disruption_budget: true
resources: {ephemeral_storage: 100Mi, ephemeral_storage_limit: 1Gi}
END

# ---- the manifests, as the API server reads them ----

write() {
	"$bin/generate_config" -n corda -s "$medley_storage_class" \
		--docker-registry "$medley_registry/net" --context shared "$@"
}
ok "a network is generated" write
(cat network.yaml && echo "identity: doorman") >doorman.yaml
# Its images are read by nobody here.
for each in doorman:- notary:maven:4.0 notary:maven:4.8; do
	awk -F'\t' -v OFS='\t' -v component="${each%%:*}" -v release="${each#*:}" '$2 == "database" {
		$2 = component; $3 = $4 = release; $5 = release == "-" ? "-" : 4; print }' "$images"
done >more.txt
mkdir -p other/built
cat "$images" more.txt >other/built/node-images.txt
cp doorman.yaml other/network.yaml
ok "one that registers itself, too" sh -c "cd other && $bin/generate_config -n corda \
	-s $medley_storage_class --docker-registry $medley_registry/net"
for dir in config other/config; do
	ok "$dir keeps the schema" kubectl apply --dry-run=server --validate=strict \
		-R -f "$site/$dir"
	ok "without a warning" test -z "$(grep -i warning "$runs/assert.log")"
done

# ---- a run by that account ----

# Some of it is there already: what was applied before is taken over. What medley
# creates, which no other has applied, it reads before it applies it anew.
for file in config/network/*.yaml config/bank-4-0/*.yaml; do
	awk 'BEGIN { RS = "---\n" } !/\nkind: (StatefulSet|ConfigMap|Secret)/ { print "---"; print }' "$file"
done >there.yaml
ok "objects that are there already" kubectl apply -f "$site/there.yaml"
step start 0 "$bin/start.sh" --engine kubernetes --context shared
run=$site/runs/latest
objects=statefulsets,services,configmaps,secrets,pods,persistentvolumeclaims,jobs,cronjobs
objects=$objects,networkpolicies,poddisruptionbudgets
# ours FILTER: how many of the run's objects it does not hold of.
ours() {
	kubectl -n corda get "$objects" -l medley.run=corda -o json |
		jq "[.items[] | select($1 | not)] | length"
}
is "all objects have the labels" "$(ours '.metadata.labels | .team == "ledger" and
	."example.com/cost" == "42"')" 0
is "and the annotations" "$(ours '.metadata.annotations."example.com/contact" == "ledger: call us"')" 0
is "pods are where they should be" "$(kubectl -n corda get pods -o json | jq '[.items[].spec |
	select((.nodeSelector.disk == "fast" and .priority == 7) | not)] | length')" 0
is "there are policies and budgets" "$(kubectl -n corda get networkpolicies,poddisruptionbudgets \
	--no-headers | wc -l)" 9
ok "the health check finds it whole" kubectl -n corda create job now --from=cronjob/healthcheck
ok "in time" kubectl -n corda wait --for=condition=complete job/now --timeout=120s
cat >eviction.json <<'END'
{"apiVersion": "policy/v1", "kind": "Eviction",
 "metadata": {"name": "bank-4-0-0", "namespace": "corda"}}
END
ok "no node may be evicted" refused 'disruption budget' kubectl create \
	--raw /api/v1/namespaces/corda/pods/bank-4-0-0/eviction -f "$site/eviction.json"

# ---- who may connect to whom ----

# sleeper NAME LABELS: a pod that does nothing.
sleeper() {
	kubectl apply -f - >/dev/null <<-END
	apiVersion: v1
	kind: Pod
	metadata: {name: $1, namespace: corda, labels: $2}
	spec:
	  tolerations: [{operator: Exists}]
	  terminationGracePeriodSeconds: 0
	  containers: [{name: it, image: $medley_image, command: [sleep, "7200"]}]
	END
	kubectl -n corda wait --for=condition=Ready "pod/$1" --timeout=60s
}
ok "a pod of others runs" sleeper stranger "{}"
ok "one with a driver's labels, too" sleeper friend \
	"{medley.run: corda, app.kubernetes.io/component: driver}"
# reaches POD HOST PORT
reaches() {
	kubectl -n corda exec "$1" -- nc -w 5 "$2" "$3" -e true
}
shut() {
	! reaches "$@"
}
bank=bank-4-0-0.bank-4-0
ok "the policies are enforced" until_true 60 shut stranger $bank 10003
ok "a driver reaches a node" reaches friend $bank 10003
ok "but not its door for other nodes" shut friend $bank 10002
ok "nor the database" shut friend database 5432
ok "a stranger does not reach the database" shut stranger database 5432
api=$(kubectl config view --minify -o 'jsonpath={.clusters[0].cluster.server}' | sed 's,.*//,,; s,:, ,')
# shellcheck disable=SC2086
ok "a stranger reaches what is outside" reaches stranger $api
# shellcheck disable=SC2086
ok "a driver does not" shut friend $api
kubectl -n corda delete pod stranger friend >/dev/null

# ---- the other commands ----

step drive 0 "$medley" drive
step check 0 "$medley" check
step report 0 "$medley" report
ok "the cell passed" holds "$run/results.json" '[.cells[] | select(.verdict == "pass")] | length > 0'
step one 0 "$medley" scale bank-4.0=1
step two 0 "$medley" scale bank-4.0=2
step upgrade 0 "$medley" upgrade bank-4.0 maven:4.8

# ---- manifests that are applied again ----

# replicas SET: that it is to have.
replicas() {
	kubectl -n corda get statefulset "$1" -o jsonpath='{.spec.replicas}'
}
for part in network bank-4-0; do
	ok "$part applies again" kubectl apply -f "$run/config/$part"
done
is "nodes go on" "$(replicas bank-4-0)" 2
ok "by server-side apply, too" kubectl apply --server-side --force-conflicts \
	-f "$run/config/bank-4-0"
is "they go on" "$(replicas bank-4-0)" 2

step again 0 "$bin/start.sh" "$(readlink -f "$run")"

# ---- a second network in the namespace ----

# pods_of LABEL: how often each of its pods has been made, and has started.
pods_of() {
	kubectl -n corda get pods -l "medley.run=$1" -o json | jq -r '.items[] | select(.metadata.labels |
		."app.kubernetes.io/component" | test("node|notary|database")) | "\(.metadata.name) \(
		.metadata.uid) \([.status.containerStatuses[].restartCount] | add)"' | sort
}
pods_of corda >first.pods
mkdir -p blue/built
cp "$images" blue/built/
awk '{ print } /^kubernetes:/ { print "  prefix: blue-" }' network.yaml >blue/network.yaml
cd blue || exit 70
ok "another network is generated" write
step blue_start 0 "$bin/start.sh" --engine kubernetes --context shared
is "all its names have the prefix" "$(kubectl -n corda get "$objects" -l medley.run=blue-corda -o json |
	jq '[.items[].metadata.name | select(test("^(data-)?blue-") | not)] | length')" 0
pods_of blue-corda >../blue.pods
is "it has its pods" "$(cut -d' ' -f1 ../blue.pods | xargs)" \
	"blue-bank-4-0-0 blue-bank-4-0-1 blue-database-0 blue-notary-4-8-0"
ok "the other's driver runs" sleeper guest \
	"{medley.run: blue-corda, app.kubernetes.io/component: driver}"
ok "it reaches a node of its network" until_true 60 reaches guest blue-bank-4-0-0.blue-bank-4-0 10003
ok "but none of the first network" shut guest $bank 10003
kubectl -n corda delete pod guest >/dev/null
step blue_drive 0 "$medley" drive
step blue_check 0 "$medley" check
step blue_report 0 "$medley" report
ok "its cell passed" holds runs/latest/results.json '[.cells[] | select(.verdict == "pass")] | length > 0'
step blue_logs 0 "$medley" logs bank-4.0-1
ok "by the node's own name" grep -q 'Node for "bank-4.0-1" started up' "$runs/blue_logs.out"
cd "$site" || exit 70
is "the first network is as it was" "$(pods_of corda)" "$(cat first.pods)"
step down 0 "$medley" down "$(readlink -f "$run")"
is "nothing of it is left" "$(kubectl -n corda get all,pvc,configmap,secret,networkpolicy,pdb \
	-o name -l medley.run=corda)" ""
is "the second network is as it was" "$(pods_of blue-corda)" "$(cat blue.pods)"
ok "its health check runs" kubectl -n corda create job blue-now --from=cronjob/blue-healthcheck
ok "and finds it whole" kubectl -n corda wait --for=condition=complete job/blue-now --timeout=120s
step blue_down 0 "$medley" down "$(readlink -f "$site/blue/runs/latest")"
is "only the neighbour is left" "$(kubectl -n corda get all,pvc,configmap,secret,networkpolicy,pdb \
	-o name | grep -v kube-root-ca.crt)" "configmap/neighbour"

# ---- the rights that it used ----

# "apps/statefulsets patch": each right that the Role gives, that was used, that was
# missed. To create by an apply, the API server asks for create without saying so;
# 1.34 asks for get alone where a WebSocket begins.
# medley reads an object (kube/apply.c) only when its apply meets the change of
# another client, which does not happen here.
kubectl -n corda get role medley -o json | jq -r '.rules[] | .apiGroups[] as $group |
	.resources[] as $what | .verbs[] | "\($group)/\($what) \(.)"' |
	grep -vxE '/pods(/exec|/portforward)? create|(/configmaps|/secrets|apps/statefulsets) get' |
	sort >given
# audited FILTER: the requests whose reason and decision it holds of.
audited() {
	jq -r "select(.annotations // {} | $1)"' | "\(.objectRef.apiGroup // "")/\(.objectRef.resource)" +
		(if .objectRef.subresource then "/\(.objectRef.subresource)" else "" end) +
		" \(.verb)"' "$audit" | sort
}
audited '."authorization.k8s.io/reason" // "" | contains("of Role \"medley\"")' | uniq >used
# What medley does without: kinds that it never makes, and faster ways.
audited '."authorization.k8s.io/decision" == "forbid"' | uniq -c | sed 's/^/  ...   denied:/'
is "each right was used" "$(comm -23 given used)" ""
cd "$OLDPWD" || exit 70
down
