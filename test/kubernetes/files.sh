# SPDX-License-Identifier: Apache-2.0
# files.sh - keys, kubeconfigs and settings of a cluster; sourced by cluster.
# shellcheck shell=sh disable=SC2154

# certificate NAME SUBJECT EXTENSIONS: one signed by the cluster's authority.
certificate() {
	openssl req -new -newkey rsa:2048 -nodes -subj "$2" -keyout "$1.key" \
		-out "$1.csr" 2>/dev/null
	printf '%s\n' "$3" >"$1.ext"
	openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -days 30 \
		-set_serial "0x$(openssl rand -hex 8)" -extfile "$1.ext" \
		-out "$1.crt" 2>/dev/null
	rm "$1.csr" "$1.ext"
}

# token USER GROUPS: a new one in tokens.csv and in a file of its own.
token() {
	openssl rand -hex 16 >"$1.token"
	echo "$(cat "$1.token"),${2:-$1},$1,\"${3:-}\"" >>tokens.csv
}

# In a subshell: only keys and tokens are hidden from other users.
write_keys() (
	umask 077
	mkdir -p "$state/pki" "$state/system" "$state/kubeconfig"
	cd "$state/pki"
	openssl genrsa -out sa.key 2048 2>/dev/null
	openssl rsa -in sa.key -pubout -out sa.pub 2>/dev/null
	openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt \
		-subj /CN=test-ca -days 30 2>/dev/null
	certificate apiserver /CN=kube-apiserver "subjectAltName=IP:$address,IP:127.0.0.1,IP:${services%.*}.1,DNS:localhost,DNS:kubernetes.default.svc
extendedKeyUsage=serverAuth"
	certificate admin /O=system:masters/CN=test-admin extendedKeyUsage=clientAuth
	token admin test-admin system:masters
	token exec test-exec system:masters
	token restricted test-restricted
	token manager system:kube-controller-manager
	token scheduler system:kube-scheduler
	token proxy system:kube-proxy
	token kubelet "system:node:$node" system:nodes
)

# system_config NAME: the kubeconfig of a part, with its token.
system_config() {
	cat >"$state/system/$1.yaml" <<-END
		apiVersion: v1
		kind: Config
		clusters:
		- name: test
		  cluster: {server: "https://$address:6443", certificate-authority: $state/pki/ca.crt}
		users:
		- name: $1
		  user: {token: "$(cat "$state/pki/$1.token")"}
		contexts:
		- name: test
		  context: {cluster: test, user: $1}
		current-context: test
	END
}

# What kubectl and others run to get a token; it counts how often.
write_exec_plugin() {
	cat >"$state/kubeconfig/credential" <<-END
		#!/bin/sh
		echo "\$*" >>"$state/kubeconfig/credential.calls"
		printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s","expirationTimestamp":"%s"}}\n' \\
			"$(cat "$state/pki/exec.token")" "\$(date -u -d '+1 hour' +%Y-%m-%dT%H:%M:%SZ)"
	END
	chmod 700 "$state/kubeconfig/credential"
}

base64_of() {
	base64 -w 0 "$1"
}

# The clients' kubeconfig: one context for each way to say who one is.
write_kubeconfig() {
	cat >"$state/kubeconfig/config" <<-END
		apiVersion: v1
		kind: Config
		clusters:
		- name: by-file
		  cluster: {server: "https://$address:6443", certificate-authority: ../pki/ca.crt}
		- name: by-data
		  cluster:
		    server: https://$address:6443
		    certificate-authority-data: $(base64_of "$state/pki/ca.crt")
		users:
		- name: cert
		  user:
		    client-certificate-data: $(base64_of "$state/pki/admin.crt")
		    client-key-data: $(base64_of "$state/pki/admin.key")
		- name: cert-file
		  user: {client-certificate: ../pki/admin.crt, client-key: ../pki/admin.key}
		- name: token
		  user: {token: "$(cat "$state/pki/admin.token")"}
		- name: token-file
		  user: {tokenFile: ../pki/admin.token}
		- name: exec
		  user:
		    exec:
		      apiVersion: client.authentication.k8s.io/v1
		      command: ./credential
		      args: [get-token, --cluster, test]
		      env: [{name: TEST_ENV, value: "1"}]
		      interactiveMode: Never
		- name: restricted
		  user: {token: "$(cat "$state/pki/restricted.token")"}
		contexts:
		- {name: test-cert, context: {cluster: by-data, user: cert}}
		- {name: test-cert-file, context: {cluster: by-file, user: cert-file}}
		- {name: test-token, context: {cluster: by-data, user: token}}
		- {name: test-token-file, context: {cluster: by-file, user: token-file}}
		- {name: test-exec, context: {cluster: by-data, user: exec}}
		- {name: test-restricted, context: {cluster: by-data, user: restricted}}
		current-context: test-cert
	END
}

write_registry() {
	cat >"$state/registry.yaml" <<-END
		version: 0.1
		log: {level: warn, accesslog: {disabled: true}}
		storage:
		  filesystem: {rootdirectory: $state/registry}
		  delete: {enabled: true}
		http: {addr: "$registry"}
	END
}

# The same images, for who knows the password; and what `podman login` would
# leave behind of it.
write_login_registry() {
	sed "s/$registry/$login_registry/" "$state/registry.yaml" >"$state/login-registry.yaml"
	cat >>"$state/login-registry.yaml" <<-END
		auth:
		  htpasswd: {realm: images, path: $state/htpasswd}
	END
	(
		umask 077
		secret=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
		echo "puller:$secret" | perl -ne 'chomp; my ($name, $secret) = split /:/;
			print "$name:", crypt($secret, q($2y$05$abcdefghijklmnopqrstuu)), "\n"' >"$state/htpasswd"
		printf '{"auths":{"%s":{"auth":"%s"}}}\n' "$login_registry" \
			"$(printf 'puller:%s' "$secret" | base64)" >"$state/login.json"
	)
}

write_containerd() {
	cat >"$state/containerd.toml" <<-END
		version = 2
		root = "$state/containerd"
		state = "/run/containerd"
		[grpc]
		  address = "/run/containerd/containerd.sock"
		[plugins."io.containerd.grpc.v1.cri"]
		  disable_tcp_service = true
		  restrict_oom_score_adj = true
		  sandbox_image = "$registry/test/busybox:1"
		  stream_server_address = "127.0.0.1"
		  [plugins."io.containerd.grpc.v1.cri".cni]
		    bin_dir = "/usr/lib/cni"
		    conf_dir = "$state/cni"
		  [plugins."io.containerd.grpc.v1.cri".containerd]
		    snapshotter = "overlayfs"
		    default_runtime_name = "runc"
		    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
		      runtime_type = "io.containerd.runc.v2"
		      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
		        SystemdCgroup = false
	END
	# A link a pod, routed: traffic between pods passes the Services' rules
	# without br_netfilter, which is the machine's to load.
	mkdir -p "$state/cni"
	cat >"$state/cni/10-pods.conflist" <<-END
		{"cniVersion": "0.4.0", "name": "pods", "plugins": [
		 {"type": "ptp", "ipMasq": false, "ipam": {
		  "type": "host-local", "dataDir": "/run/cni",
		  "ranges": [[{"subnet": "$pods"}]],
		  "routes": [{"dst": "0.0.0.0/0"}]}}]}
	END
}

write_kubelet() {
	echo "nameserver $address" >"$state/resolv.conf"
	cat >"$state/kubelet.yaml" <<-END
		apiVersion: kubelet.config.k8s.io/v1beta1
		kind: KubeletConfiguration
		address: $address
		readOnlyPort: 0
		healthzBindAddress: 127.0.0.1
		authentication:
		  anonymous: {enabled: false}
		  webhook: {enabled: false}
		  x509: {clientCAFile: $state/pki/ca.crt}
		authorization: {mode: AlwaysAllow}
		containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
		cgroupDriver: cgroupfs
		cgroupRoot: /$cgroup
		clusterDNS: [$address]
		clusterDomain: cluster.local
		resolvConf: $state/resolv.conf
		failSwapOn: false
		serializeImagePulls: false
		evictionHard: {memory.available: 100Mi, nodefs.available: 1%, imagefs.available: 1%}
		imageGCHighThresholdPercent: 100
		imageGCLowThresholdPercent: 99
		volumePluginDir: $state/volume-plugins
	END
	cat >"$state/proxy.yaml" <<-END
		apiVersion: kubeproxy.config.k8s.io/v1alpha1
		kind: KubeProxyConfiguration
		mode: nftables
		bindAddress: $address
		healthzBindAddress: 127.0.0.1:10256
		metricsBindAddress: 127.0.0.1:10249
		hostnameOverride: $node
		clusterCIDR: $pods
		clientConnection: {kubeconfig: $state/system/proxy.yaml}
		conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}
	END
	cat >"$state/Corefile" <<-END
		.:53 {
		  bind $address
		  errors
		  kubernetes cluster.local in-addr.arpa {
		    kubeconfig $state/system/admin.yaml test
		    ttl 5
		  }
		}
	END
}

write_files() {
	write_keys
	for part in admin manager scheduler proxy kubelet; do
		system_config "$part"
	done
	write_exec_plugin
	write_kubeconfig
	write_registry
	write_containerd
	write_kubelet
}
