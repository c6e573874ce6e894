#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The client waits: it says soon, and by name, why something does not get ready.
#
# track: kubernetes
# when: kube/blame kube/client kube/kubeconfig kube/credential kube/readiness kube/watch
# needs: root kubernetes
. "$(dirname "$0")/common.sh"
live="$PWD/build/kube/test/client_live"
up

# set_of NAME IMAGE CLASS COMMAND: a StatefulSet of one pod with a volume.
set_of() {
	cat >"$runs/$1.yaml" <<-END
	apiVersion: apps/v1
	kind: StatefulSet
	metadata: {name: $1, namespace: default, labels: {app: $1}}
	spec:
	  serviceName: $1
	  selector: {matchLabels: {app: $1}}
	  template:
	    metadata: {labels: {app: $1}}
	    spec:
	      terminationGracePeriodSeconds: 1
	      containers:
	      - name: main
	        image: $2
	        command: ["/bin/sh", "-c", "$4"]
	        volumeMounts: [{name: data, mountPath: /data}]
	        resources: {limits: {memory: 32Mi, cpu: 100m}}
	        readinessProbe: {exec: {command: [ls, /data/up]}, periodSeconds: 1}
	  volumeClaimTemplates:
	  - metadata: {name: data, labels: {app: $1}}
	    spec:
	      storageClassName: $3
	      accessModes: [ReadWriteOnce]
	      resources: {requests: {storage: 1Mi}}
	END
	kubectl apply -f "$runs/$1.yaml"
}

# client ARGS...: the program, as the context that $context names.
client() {
	timeout 200 $cluster exec env KUBE_CONTEXT="${context-test-token}" "$live" "$@"
}

# says WORD COMMAND...: it fails, and names that.
says() {
	ok "it says: $1" refused "$@"
	sed 's/^/  ...   /' "$runs/refused.log"
}

image=$medley_image class=$medley_storage_class
ok "a set is applied" set_of good "$image" "$class" "touch /data/up; sleep 1000"
ok "it gets ready" client ready default app=good 60
ok "a set without image" set_of image 127.0.0.1:5000/no/such:1 "$class" true
says "ImagePull" client ready default app=image 120
ok "a set without storage class" set_of class "$image" no-such-class true
says "no-such-class" client ready default app=class 120
ok "a set that never is ready" set_of never "$image" "$class" "sleep 1000"
says "is not ready after 8 s" client ready default app=never 8
ok "a set that crashes" set_of crash "$image" "$class" "echo out of luck; exit 3"
says "out of luck" client ready default app=crash 150
ok "a quota" kubectl create quota tight --hard=pods=0
ok "a set beyond it" set_of quota "$image" "$class" true
says "exceeded quota" client ready default app=quota 60
ok "the quota goes" kubectl delete quota tight
context=test-restricted says "RBAC" client ready default app=good 20
says "no workload" client ready default app=none 20
sed 's/  serviceName/  replicaz: 1\n&/' "$runs/good.yaml" >"$runs/bad.yaml"
says "replicaz" client apply "$runs/bad.yaml"

# conf DATA: a ConfigMap of it, applied.
conf() {
	printf '%s\n' "apiVersion: v1" "kind: ConfigMap" \
		"metadata: {name: conf, namespace: default}" "data: {$1}" >"$runs/conf.yaml"
	client apply "$runs/conf.yaml"
}
conf_has() {
	kubectl get configmap conf -o json --show-managed-fields | jq -c "$1"
}
# A fresh object is created, and all the same owned as if it had been applied.
owners='[.metadata.managedFields[] | .manager + " " + .operation]'
ok "an object is made" conf "a: one, b: two"
is "by a create" "$(conf_has "$owners")" '["medley-create Update"]'
ok "somebody adds to it" kubectl patch configmap conf --type=merge -p '{"data":{"c":"three"}}'
ok "it is applied with another value, and one less" conf "a: four"
is "so it is, and another's stays" "$(conf_has .data)" '{"a":"four","c":"three"}'
is "its owner applies" "$(conf_has "$owners | sort")" '["kubectl-patch Update","medley Apply"]'
ok "once more" conf "a: five"
is "it has the value" "$(conf_has .data.a)" '"five"'
ok "somebody takes a value" kubectl patch configmap conf --type=merge -p '{"data":{"a":"six"}}'
says 'kubectl-patch' conf "a: seven"

# The server is away in the middle of a wait, and the pod gets ready meanwhile.
ok "a set that is slow" set_of slow "$image" "$class" "sleep 15; touch /data/up; sleep 1000"
client ready default app=slow 120 >"$runs/slow.log" 2>&1 &
sleep 3
ok "the API server is away for 30 s" $cluster restart kube-apiserver 30
ok "the wait outlives it" wait $!
ok "what the set left is swept" client sweep default app=good 60
is "nothing of it is left" "$(client left default app=good 20)" ""
down
