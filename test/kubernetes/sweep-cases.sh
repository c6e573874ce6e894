# SPDX-License-Identifier: Apache-2.0
# sweep-cases.sh - all that bears a label goes, whatever holds it; all that does
# not stays. Sourced by a scenario.
# shellcheck shell=sh disable=SC2154
#
# The cases run beside each other in one namespace. Each one has things of its
# own, with the label run=CASE: those of the others are what it must leave alone.
live="$PWD/build/kube/test/client_live"

# things NAME: a set with volumes, and what stands around a set.
things() {
	cat <<-END
	---
	apiVersion: v1
	kind: ConfigMap
	metadata: {name: $1-conf, namespace: trial, labels: {run: $1}}
	---
	apiVersion: v1
	kind: Secret
	metadata: {name: $1-keys, namespace: trial, labels: {run: $1}}
	---
	apiVersion: v1
	kind: Service
	metadata: {name: $1, namespace: trial, labels: {run: $1}}
	spec: {clusterIP: None, selector: {app: $1}, ports: [{port: 80}]}
	---
	apiVersion: batch/v1
	kind: Job
	metadata: {name: $1-job, namespace: trial, labels: {run: $1}}
	spec:
	  template:
	    metadata: {labels: {run: $1}}
	    spec:
	      restartPolicy: Never
	      terminationGracePeriodSeconds: 1
	      containers: [{name: main, image: $medley_image, command: [sleep, "1000"]}]
	---
	apiVersion: apps/v1
	kind: StatefulSet
	metadata: {name: $1, namespace: trial, labels: {run: $1}}
	spec:
	  serviceName: $1
	  replicas: 2
	  podManagementPolicy: Parallel
	  selector: {matchLabels: {app: $1}}
	  template:
	    metadata: {labels: {app: $1, run: $1}}
	    spec:
	      terminationGracePeriodSeconds: 1
	      containers:
	      - name: main
	        image: $medley_image
	        command: [sleep, "1000"]
	        volumeMounts: [{name: data, mountPath: /data}]
	  volumeClaimTemplates:
	  - metadata: {name: data, labels: {run: $1}}
	    spec:
	      storageClassName: $medley_storage_class
	      accessModes: [ReadWriteOnce]
	      resources: {requests: {storage: 1Mi}}
	END
}

# put NAME...: the things of each, applied.
put() {
	for each in "$@"; do
		things "$each"
	done >"$runs/things.yaml"
	ok "applied: $*" kubectl apply -f "$runs/things.yaml"
}

ready() {
	ok "$1 is ready" kubectl -n trial rollout status "statefulset/$1" --timeout=90s
}

# client ARGS...: the program, as the context that $context names.
client() {
	timeout 200 $cluster exec env KUBE_CONTEXT="${context-test-token}" "$live" "$@"
}

# sweep NAME SECONDS: away with its things.
sweep() {
	client sweep trial "run=$1" "$2"
}

# All kinds that can be listed, so that none is forgotten.
find_kinds() {
	kinds=$(kubectl api-resources --namespaced --verbs=list -o name |
		grep -v '^events' | paste -sd,)
	ok "kinds to look for" test "$kinds"
}

# left NAME: what is there, one word a line.
left() {
	kubectl -n trial get --no-headers -o name -l "run=$1" "$kinds" ||
		echo "kubectl ended with $?"
}

all_gone() {
	is "nothing of any kind is left" "$(left "$1")" ""
}

# hold WHAT FINALIZER: a finalizer that nobody takes off.
hold() {
	kubectl -n trial patch "$1" --type=merge -p "{\"metadata\":{\"finalizers\":[\"$2\"]}}"
}

# timed COMMAND...: and how long it took.
timed() {
	began=$(date +%s)
	ok "$@"
	echo "  ...   $(($(date +%s) - began)) s"
}

sweep_plain() {
	ready plain
	timed "a plain sweep" sweep plain 60
	all_gone plain
	is "nor does the client see any" "$(client left trial run=plain 20)" ""
	ok "the neighbour has all" test "$(left other | wc -l)" -ge 12
	ok "and is as it was" kubectl -n trial rollout status statefulset/other --timeout=10s
}

sweep_held() {
	ready held
	for what in statefulset/held pod/held-0 configmap/held-conf job/held-job; do
		ok "$what is held" hold $what example.com/hold
	done
	timed "what is held goes after its grace" sweep held 90
	cp "$runs/assert.log" "$runs/held.log"
	ok "who held it is told" grep -q "ConfigMap trial/held-conf: removed the finalizer example.com/hold" "$runs/held.log"
	all_gone held
}

# Another's pod uses a claim of ours: its data are not ours to take away. The
# sweep has 20 s: after 10 s it takes the finalizer off that is not the cluster's.
sweep_used() {
	ready used
	cat >"$runs/user.yaml" <<-END
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
	  volumes: [{name: data, persistentVolumeClaim: {claimName: data-used-0}}]
	END
	ok "another's pod" kubectl apply -f "$runs/user.yaml"
	ok "is ready" kubectl -n trial wait --for=condition=Ready pod/user --timeout=60s
	ok "hold its claim, too" kubectl -n trial patch pvc/data-used-0 --type=merge \
		-p '{"metadata":{"finalizers":["kubernetes.io/pvc-protection","example.com/hold"]}}'
	timed "what is in use stays, and is named" refused \
		'data-used-0, held by kubernetes.io/pvc-protection$' sweep used 20
	sed 's/^/  ...   /' "$runs/refused.log"
	is "only that" "$(client left trial run=used 20)" "PersistentVolumeClaim data-used-0"
	ok "the pod runs" kubectl -n trial wait --for=condition=Ready pod/user --timeout=5s
	ok "the pod goes" kubectl -n trial delete pod user
	ok "then the claim goes" sweep used 60
	all_gone used
}

# Who may not list Jobs, and delete only one by one.
sweep_little() {
	kubectl apply -f - >/dev/null <<-'END'
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
	ready little
	ok "a job of it goes" kubectl -n trial delete job little-job
	context=test-restricted timed "a sweep by who may little" sweep little 60
	grep -o 'list [A-Za-z]* trial: Forbidden' "$runs/assert.log" | sed 's/^/  ...   /'
	all_gone little
}

# dead_run SPACE...: what a run that nobody takes down any more has there.
dead_run() {
	labels="{app.kubernetes.io/managed-by: medley, medley.run: 20200101-000000}"
	for space in "$@"; do
		cat <<-END
		---
		apiVersion: v1
		kind: Namespace
		metadata: {name: $space, labels: $labels}
		---
		apiVersion: v1
		kind: ConfigMap
		metadata: {name: conf, namespace: $space, labels: $labels}
		---
		apiVersion: v1
		kind: Secret
		metadata: {name: keys, namespace: $space, labels: $labels}
		---
		apiVersion: v1
		kind: Service
		metadata: {name: none, namespace: $space, labels: $labels}
		spec: {clusterIP: None, selector: {app: none}, ports: [{port: 80}]}
		END
	done
}

of_dead_run() {
	kubectl -n shared get cm,secret,svc -l medley.run -o name | wc -l
}

clean() {
	timeout 200 $cluster exec "$medley" clean --runs "$runs/none" --context test-token \
		"$@" 20200101-000000
}

# Objects in two namespaces, of which one has things of others, too.
sweep_clean() {
	dead_run shared own >"$runs/dead.yaml"
	ok "a run's things and namespaces" kubectl apply -f "$runs/dead.yaml"
	ok "another's, too" kubectl -n shared create configmap other
	ok "it is too young" clean --older-than 1h
	is "so all stays" "$(of_dead_run)" 3
	ok "what would go is told" clean --older-than 0s --dry-run
	grep '^20200101' "$runs/assert.log" | sed 's/^/  ...   /'
	is "and stays" "$(of_dead_run)" 3
	ok "it goes" clean --older-than 0s
	cp "$runs/assert.log" "$runs/clean.log"
	grep '^20200101' "$runs/clean.log" | sed 's/^/  ...   /'
	is "nothing of it is left" "$(kubectl get "$kinds" -A -l medley.run -o name || echo failed)" ""
	ok "its namespace is gone" refused NotFound kubectl get namespace own
	ok "the shared one is not" grep -q "Namespace shared has objects that this run did not create, so it was not removed" "$runs/clean.log"
	is "and has what is another's" "$(kubectl -n shared get configmap other -o name)" configmap/other
}

# The API server hangs since its store does: each call is sent, and none is
# answered. A call is given up after 20 s (ATTEMPT_MS in kube/client.c) and
# made again on a new connection: a shorter pause would not show the second call.
sweep_stalled() {
	ready stalled
	$cluster pause etcd 24 &
	pause=$!
	sleep 0.5
	timed "a sweep outlives that etcd hangs for 24 s" sweep stalled 150
	wait $pause
	all_gone stalled
}

# The API server refuses connections in the middle of a sweep. The pause between
# two tries grows from 0.1 s to 2 s within 3.1 s: 4 s see the longest.
sweep_refused() {
	ready refused
	sweep refused 150 >"$runs/refused-sweep.log" 2>&1 &
	sweep=$!
	sleep 0.3
	timed "the API server is away for 4 s" $cluster restart kube-apiserver 4
	timed "a sweep outlives it" wait $sweep
	sed 's/^/  ...   /' "$runs/refused-sweep.log"
	all_gone refused
}

# sweep_hung COMMAND...: the API server hangs in the middle of a sweep, and when
# the command begins.
sweep_hung() {
	ready hung
	sweep hung 150 >"$runs/hung-sweep.log" 2>&1 &
	sweep=$!
	sleep 0.3
	hang
	"$@"
	wait $hanging
	timed "a sweep outlives it" wait $sweep
	sed 's/^/  ...   /' "$runs/hung-sweep.log"
	all_gone hung
}

sweep_other() {
	ok "the neighbour is as it was" kubectl -n trial rollout status statefulset/other --timeout=60s
	timed "it goes at last" sweep other 60
	all_gone other
}

# sweeps - all cases; those that take the server away come after the others.
sweeps() {
	ok "a namespace" kubectl create namespace trial
	put other plain held used little
	for case in plain held used little clean; do
		beside $case sweep_$case
	done
	ready other
	put stalled refused hung
	together
	sweep_stalled
	sweep_refused
}
