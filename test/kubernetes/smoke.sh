#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The test cluster runs what medley deploys, takes the faults that tests need,
# and goes without a trace.
#
# track: kubernetes
# when: test/kubernetes/build-binaries test/kubernetes/cluster test/kubernetes/files.sh test/kubernetes/init test/kubernetes/parts.sh test/kubernetes/provision test/kubernetes/smoke.yaml
# needs: root kubernetes
. "$(dirname "$0")/common.sh"

up
for context in $medley_contexts; do
	ok "context $context may list nodes" kubectl --context "$context" get nodes
done
ok "the exec plugin was asked" grep -q get-token "$runs/cluster/kubeconfig/credential.calls"
ok "the restricted user may not make Secrets" refused forbidden \
	kubectl --context test-restricted create secret generic x
ok "a wrong field is refused" refused 'unknown field' \
	kubectl create --dry-run=server -f test/kubernetes/wrong-field.yaml

ok "another image is pushed" $cluster exec skopeo copy -q --src-tls-verify=false \
	--dest-tls-verify=false "docker://$medley_image" "docker://$medley_registry/trial/app:1"
sed "s,IMAGE,$medley_registry/trial/app@${medley_image#*@}," \
	test/kubernetes/smoke.yaml >"$runs/app.yaml"
began=$(date +%s)
ok "manifests apply" kubectl apply --server-side -f "$runs/app.yaml"
ok "a StatefulSet by digest, with volumes, is ready" \
	kubectl -n trial rollout status statefulset/app --timeout=60s
echo "  ...   $(($(date +%s) - began)) s"

on() {
	pod=$1
	shift
	kubectl -n trial exec "$pod" -- sh -c "$*"
}
is "it is no root" "$(on app-0 id -u)" 1000
ok "its root is read-only" refused 'Read-only' on app-0 'touch /x'
is "its volume has its group, and was written" "$(on app-0 'stat -c %g /data; cat /data/boots')" "1000
app-0"
is "a ConfigMap is mounted" "$(on app-0 'cat /etc/app/greeting')" hello
is "a Secret is mounted" "$(on app-0 'cat /etc/keys/password')" s3cret
# The name server hears of a pod after its readiness, and keeps for some seconds
# that a name was unknown.
named() {
	for _ in $(seq 30); do
		on app-0 'wget -qO- http://app-1.app.trial.svc.cluster.local:8080/boots' && break
		sleep 1
	done
}
is "a pod finds another by its name" "$(named)" app-1
ok "a pod reaches a Service" on app-0 'wget -qO- http://app-http/boots'
ok "a pod reaches the API server" on app-0 'nc -w 3 kubernetes.default 443 </dev/null'
ok "a client outside of pods reaches a Service" $cluster exec curl -sSf -m 5 \
	"http://$(kubectl -n trial get service app-http -o 'jsonpath={.spec.clusterIP}')/boots"
is "a log can be read" "$(kubectl -n trial logs app-0 | head -n 1)" started
ok "a pod is deleted" kubectl -n trial delete pod app-0
ok "and comes again" kubectl -n trial rollout status statefulset/app --timeout=60s
is "its volume is the same" "$(on app-0 'cat /data/boots')" "app-0
app-0"

silent() {
	! "$@"
}
$cluster pause kube-apiserver 8 &
pause=$!
sleep 1
ok "a paused API server does not answer" silent kubectl get nodes --request-timeout=3s
wait "$pause"
ok "and then does" kubectl get nodes
$cluster restart kube-apiserver 5 &
pause=$!
sleep 2
ok "one that is away refuses" refused refused kubectl get nodes
wait "$pause"
ok "and then does not" kubectl get nodes
ok "the pods ran on" kubectl -n trial rollout status statefulset/app --timeout=10s
is "the Services too" "$(on app-0 'wget -qO- http://app-http/boots | head -c 4')" app-

began=$(date +%s)
ok "the namespace is deleted" kubectl delete namespace trial --timeout=60s
echo "  ...   $(($(date +%s) - began)) s"
no_volumes() {
	[ -z "$(kubectl get pv -o name)" ] && [ -z "$(ls "$runs/cluster/volumes")" ]
}
ok "and so are the volumes" until_true 20 no_volumes
down
ok "down can be repeated" $cluster down
