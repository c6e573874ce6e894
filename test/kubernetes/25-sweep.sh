#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# All that bears a label goes, whatever holds it; all that does not stays.
#
# track: kubernetes
# when: always
# needs: root kubernetes
. "$(dirname "$0")/common.sh"
live="$PWD/build/lib/kube/test/client_live"
up

# things NAME LABEL: a set with a volume and what stands around it.
things() {
	cat <<-END
	apiVersion: v1
	kind: ConfigMap
	metadata: {name: $1-conf, namespace: trial, labels: {run: $2}}
	---
	apiVersion: v1
	kind: Secret
	metadata: {name: $1-keys, namespace: trial, labels: {run: $2}}
	---
	apiVersion: v1
	kind: Service
	metadata: {name: $1, namespace: trial, labels: {run: $2}}
	spec: {clusterIP: None, selector: {app: $1}, ports: [{port: 80}]}
	---
	apiVersion: batch/v1
	kind: Job
	metadata: {name: $1-job, namespace: trial, labels: {run: $2}}
	spec:
	  template:
	    metadata: {labels: {run: $2}}
	    spec:
	      restartPolicy: Never
	      terminationGracePeriodSeconds: 1
	      containers: [{name: main, image: $medley_image, command: [sleep, "1000"]}]
	---
	apiVersion: apps/v1
	kind: StatefulSet
	metadata: {name: $1, namespace: trial, labels: {run: $2}}
	spec:
	  serviceName: $1
	  replicas: 2
	  podManagementPolicy: Parallel
	  selector: {matchLabels: {app: $1}}
	  template:
	    metadata: {labels: {app: $1, run: $2}}
	    spec:
	      terminationGracePeriodSeconds: 1
	      containers:
	      - name: main
	        image: $medley_image
	        command: [sleep, "1000"]
	        volumeMounts: [{name: data, mountPath: /data}]
	  volumeClaimTemplates:
	  - metadata: {name: data, labels: {run: $2}}
	    spec:
	      storageClassName: $medley_storage_class
	      accessModes: [ReadWriteOnce]
	      resources: {requests: {storage: 1Mi}}
	END
}

# client ARGS...: the program, as the context that $context names.
client() {
	timeout 200 $cluster exec env KUBE_CONTEXT="${context-test-token}" "$live" "$@"
}

# left LABEL: what is there, one word a line.
left() {
	kubectl -n trial get --no-headers -o name -l "run=$1" "$kinds"
}

# hold WHAT FINALIZER...: a finalizer that nobody takes off.
hold() {
	kubectl -n trial patch "$1" --type=merge -p "{\"metadata\":{\"finalizers\":[\"$2\"]}}"
}

ready() {
	things "$1" "$1" >"$runs/$1.yaml"
	ok "$1 is applied" kubectl apply -f "$runs/$1.yaml"
	ok "it is ready" kubectl -n trial rollout status "statefulset/$1" --timeout=90s
}

# timed COMMAND...: and how long it took.
timed() {
	began=$(date +%s)
	ok "$@"
	echo "  ...   $(($(date +%s) - began)) s"
}

ok "a namespace" kubectl create namespace trial
# All kinds that can be listed, so that none is forgotten.
kinds=$(kubectl api-resources --namespaced --verbs=list -o name |
	grep -v '^events' | paste -sd,)
ready mine
ready other
timed "a plain sweep" client sweep trial run=mine 60
is "nothing of any kind is left" "$(left mine)" ""
is "nor does the client see any" "$(client left trial run=mine 20)" ""
ok "the neighbour has all" test "$(left other | wc -l)" -ge 12
ok "and is as it was" kubectl -n trial rollout status statefulset/other --timeout=10s

ready mine
for what in statefulset/mine pod/mine-0 configmap/mine-conf job/mine-job; do
	ok "$what is held" hold $what example.com/hold
done
timed "what is held goes after its grace" client sweep trial run=mine 90
cp "$runs/assert.log" "$runs/held.log"
ok "who held it is told" grep -q "ConfigMap trial/mine-conf was held by example.com/hold" "$runs/held.log"
is "nothing of any kind is left" "$(left mine)" ""

# Another's pod uses a claim of ours: its data are not ours to take away.
ready mine
cat >"$runs/user.yaml" <<END
apiVersion: v1
kind: Pod
metadata: {name: user, namespace: trial}
spec:
  terminationGracePeriodSeconds: 1
  containers:
  - name: main
    image: $medley_image
    command: [sleep, "1000"]
    volumeMounts: [{name: data, mountPath: /data}]
  volumes: [{name: data, persistentVolumeClaim: {claimName: data-mine-0}}]
END
ok "another's pod" kubectl apply -f "$runs/user.yaml"
ok "is ready" kubectl -n trial wait --for=condition=Ready pod/user --timeout=60s
ok "hold its claim, too" kubectl -n trial patch pvc/data-mine-0 --type=merge \
	-p '{"metadata":{"finalizers":["kubernetes.io/pvc-protection","example.com/hold"]}}'
timed "what is in use stays, and is named" refused \
	'data-mine-0, held by kubernetes.io/pvc-protection$' client sweep trial run=mine 20
sed 's/^/  ...   /' "$runs/refused.log"
is "only that" "$(client left trial run=mine 20)" "PersistentVolumeClaim data-mine-0"
ok "the pod runs" kubectl -n trial wait --for=condition=Ready pod/user --timeout=5s
ok "the pod goes" kubectl -n trial delete pod user
ok "then the claim goes" client sweep trial run=mine 60
is "nothing of any kind is left" "$(left mine)" ""

# Who may not list Jobs, and delete only one by one.
kubectl apply -f - >/dev/null <<'END'
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: sweeper, namespace: trial}
rules:
- apiGroups: [""]
  resources: [pods, services, configmaps, secrets, persistentvolumeclaims]
  verbs: [get, list, watch, delete]
- apiGroups: [apps]
  resources: [statefulsets]
  verbs: [get, list, watch, delete]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: sweeper, namespace: trial}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: sweeper}
subjects: [{kind: User, name: test-restricted, apiGroup: rbac.authorization.k8s.io}]
END
ready mine
ok "a job of it goes" kubectl -n trial delete job mine-job
context=test-restricted timed "a sweep by who may little" client sweep trial run=mine 60
grep -o 'list [A-Za-z]* trial: Forbidden' "$runs/assert.log" | sed 's/^/  ...   /'
is "nothing of any kind is left" "$(left mine)" ""

# The server hangs, and is away, in the middle.
for how in "pause 30" "restart 10"; do
	ready mine
	$cluster exec env KUBE_CONTEXT=test-token "$live" sweep trial run=mine 150 \
		>"$runs/away.log" 2>&1 &
	sweep=$!
	sleep 0.3
	timed "the API server is away: $how s" $cluster "${how% *}" kube-apiserver "${how#* }"
	timed "the sweep outlives it" wait $sweep
	is "nothing of any kind is left" "$(left mine)" ""
done
ok "the neighbour is as it was" kubectl -n trial rollout status statefulset/other --timeout=60s
timed "it goes at last" client sweep trial run=other 60
is "nothing of any kind is left" "$(left other)" ""

# A run that nobody takes down any more: objects in two namespaces, one its own.
ours="app.kubernetes.io/managed-by=medley medley.run=20200101-000000"
for space in shared own; do
	ok "a namespace" kubectl create namespace $space
	for what in "configmap conf" "secret generic keys" "service clusterip none --tcp=80"; do
		# shellcheck disable=SC2086
		kubectl -n $space create $what >/dev/null
	done
	# shellcheck disable=SC2086
	ok "a run's things in $space" kubectl -n $space label \
		configmap/conf secret/keys service/none $ours
done
ok "another's, too" kubectl -n shared create configmap other
# shellcheck disable=SC2086
ok "and namespaces of its own" kubectl label namespace own shared $ours
clean() {
	timeout 200 $cluster exec "$medley" clean --runs "$runs/none" --context test-token \
		"$@" 20200101-000000
}
ok "it is too young" clean --older-than 1h
is "so all stays" "$(kubectl -n shared get cm,secret,svc -l medley.run -o name | wc -l)" 3
ok "what would go is told" clean --older-than 0s --dry-run
grep '^20200101' "$runs/assert.log" | sed 's/^/  ...   /'
is "and stays" "$(kubectl -n shared get cm,secret,svc -l medley.run -o name | wc -l)" 3
ok "it goes" clean --older-than 0s
cp "$runs/assert.log" "$runs/clean.log"
grep '^20200101' "$runs/clean.log" | sed 's/^/  ...   /'
is "nothing of it is left" "$(kubectl get "$kinds" -A -l medley.run -o name)" ""
ok "its namespace is gone" refused NotFound kubectl get namespace own
ok "the shared one is not" grep -q "Namespace shared has things of others: it stays" "$runs/clean.log"
is "and has what is another's" "$(kubectl -n shared get configmap other -o name)" configmap/other
down
