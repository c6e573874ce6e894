# SPDX-License-Identifier: Apache-2.0
# parts.sh - how each part of a cluster starts, and when it is ready; sourced by cluster.
# shellcheck shell=sh disable=SC2154
parts="registry login-registry etcd kube-apiserver kube-controller-manager kube-scheduler
provision containerd kubelet kube-proxy coredns kwok"

# In memory (/run is the cluster's own): nobody reads it after the cluster.
start_etcd() {
	start etcd "$bin/etcd" --name test --data-dir /run/etcd \
		--listen-client-urls http://127.0.0.1:2379 \
		--advertise-client-urls http://127.0.0.1:2379 \
		--listen-peer-urls http://127.0.0.1:2380 \
		--initial-advertise-peer-urls http://127.0.0.1:2380 \
		--initial-cluster test=http://127.0.0.1:2380
}

start_registry() {
	start registry "$bin/docker-registry" serve "$state/registry.yaml"
}

start_login_registry() {
	write_login_registry
	start login-registry "$bin/docker-registry" serve "$state/login-registry.yaml"
}

# Further flags of a scenario's own may lie in kube-apiserver.flags.
# shellcheck disable=SC2046
start_kube_apiserver() {
	pki=$state/pki
	touch "$state/kube-apiserver.flags"
	start kube-apiserver "$bin/kube-apiserver" --etcd-servers=http://127.0.0.1:2379 \
		--bind-address="$address" --advertise-address="$address" \
		--secure-port=6443 --service-cluster-ip-range="$services" \
		--tls-cert-file="$pki/apiserver.crt" \
		--tls-private-key-file="$pki/apiserver.key" \
		--client-ca-file="$pki/ca.crt" --token-auth-file="$pki/tokens.csv" \
		--authorization-mode=Node,RBAC \
		--enable-admission-plugins=NodeRestriction \
		--service-account-issuer=https://kubernetes.default.svc \
		--service-account-key-file="$pki/sa.pub" \
		--service-account-signing-key-file="$pki/sa.key" \
		--kubelet-preferred-address-types=InternalIP \
		--kubelet-client-certificate="$pki/admin.crt" \
		--kubelet-client-key="$pki/admin.key" --allow-privileged=true \
		$(cat "$state/kube-apiserver.flags")
}

start_kube_controller_manager() {
	start kube-controller-manager "$bin/kube-controller-manager" \
		--kubeconfig="$state/system/manager.yaml" --bind-address=127.0.0.1 \
		--service-account-private-key-file="$state/pki/sa.key" \
		--root-ca-file="$state/pki/ca.crt" \
		--use-service-account-credentials --leader-elect=false \
		--kube-api-qps=300 --kube-api-burst=600
}

start_kube_scheduler() {
	start kube-scheduler "$bin/kube-scheduler" --leader-elect=false \
		--kubeconfig="$state/system/scheduler.yaml" --bind-address=127.0.0.1 \
		--kube-api-qps=300 --kube-api-burst=600
}

start_provision() {
	start provision sh "$here/provision" "$state" "https://$address:6443"
}

start_containerd() {
	start containerd env PATH="$bin:$PATH" \
		"$bin/containerd" --config "$state/containerd.toml"
}

start_kubelet() {
	start kubelet "$bin/kubelet" --config="$state/kubelet.yaml" \
		--kubeconfig="$state/system/kubelet.yaml" --node-ip="$address" \
		--hostname-override="$node" --root-dir="$state/kubelet" \
		--cert-dir="$state/kubelet-pki"
}

start_kube_proxy() {
	start kube-proxy "$bin/kube-proxy" --config="$state/proxy.yaml"
}

start_coredns() {
	start coredns "$bin/coredns" -conf "$state/Corefile"
}

start_kwok() {
	start kwok "$bin/kwok" --kubeconfig="$state/system/admin.yaml" \
		--config="$bin/stages.yaml" --manage-all-nodes=false \
		--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake \
		--server-address=127.0.0.1:10247 --node-ip="$address" \
		--node-lease-duration-seconds=40
}

# start_part PART: by its name.
start_part() {
	"start_$(echo "$1" | tr - _)"
}

api_ready() {
	kubectl --request-timeout=2s get --raw /readyz
}

start_control_plane() {
	start_registry
	start_etcd
	start_kube_apiserver
	until_true 90 "the API server" api_ready
	start_kube_controller_manager
	start_kube_scheduler
	until_true 30 "the first objects" kubectl apply --server-side -f "$here/objects.yaml"
	start_provision
}

# The only image that no test has to bring; also what holds a pod's namespaces.
push_busybox() {
	work=$state/image
	mkdir -p "$work/root/bin"
	# not the static one: it cannot look names up
	ldd "$binaries/busybox" | grep -o '/[^ ]*' |
		xargs cp -L --parents -t "$work/root"
	cp "$binaries/busybox" "$work/root/bin"
	for name in $("$binaries/busybox" --list); do
		[ "$name" = busybox ] || ln -s busybox "$work/root/bin/$name"
	done
	tar -C "$work/root" --sort=name --mtime=@0 --owner=0 --group=0 -cf "$work/layer.tar" .
	layer=$(sha256sum <"$work/layer.tar")
	cat >"$work/config.json" <<-END
		{"architecture": "amd64", "os": "linux",
		 "config": {"Cmd": ["/bin/sleep", "2147483647"], "Env": ["PATH=/bin"]},
		 "rootfs": {"type": "layers", "diff_ids": ["sha256:${layer%% *}"]}}
	END
	echo '[{"Config": "config.json", "Layers": ["layer.tar"]}]' >"$work/manifest.json"
	tar -C "$work" -cf "$work.tar" config.json layer.tar manifest.json
	inside '-m -n' skopeo copy -q --dest-tls-verify=false --digestfile "$state/busybox.digest" \
		"docker-archive:$work.tar" "docker://$registry/test/busybox:1"
	rm -rf "$work" "$work.tar"
}

containerd_ready() {
	inside '-m' test -S /run/containerd/containerd.sock
}

# Version 2 has one hierarchy of cgroups, version 1 one for each controller.
make_cgroups() {
	if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
		mkdir -p "/sys/fs/cgroup/$cgroup"
		return
	fi
	for hierarchy in /sys/fs/cgroup/*/; do
		mkdir -p "$hierarchy$cgroup"
	done
}

start_node() {
	make_cgroups
	start_containerd
	until_true 20 "containerd" containerd_ready
	start_kubelet
	start_kube_proxy
	start_coredns
	push_busybox
	# For clients outside of pods; the address is rewritten on the way.
	inside -n ip route add "$services" dev lo
}

node_ready() {
	# a wait for what is not there yet is an error
	until_true 60 "the node" kubectl get node "$node"
	kubectl wait --for=condition=Ready --timeout=60s "node/$node" >/dev/null
}

# A taint keeps what wants to run off the nodes that only pretend to.
start_fake_nodes() {
	taint='[{key: kwok.x-k8s.io/node, value: fake, effect: NoSchedule}]'
	[ "$real" -eq 1 ] || taint='[]'
	start_kwok
	i=0
	while [ "$i" -lt "$1" ]; do
		cat <<-END
			---
			apiVersion: v1
			kind: Node
			metadata:
			  name: fake-$i
			  annotations: {kwok.x-k8s.io/node: fake, node.alpha.kubernetes.io/ttl: "0"}
			  labels: {kubernetes.io/hostname: fake-$i, kubernetes.io/os: linux, type: kwok}
			spec: {taints: $taint}
			status:
			  allocatable: {cpu: "64", memory: 256Gi, pods: "500"}
			  capacity: {cpu: "64", memory: 256Gi, pods: "500"}
		END
		i=$((i + 1))
	done >"$state/fake-nodes.yaml"
	kubectl create -f "$state/fake-nodes.yaml" >/dev/null
}

fake_nodes_ready() {
	kubectl wait --for=condition=Ready --timeout=120s node -l type=kwok >/dev/null
}
