# SPDX-License-Identifier: Apache-2.0
# rpc.sh - the RPC client against R3's Java client: same node, same calls.
# shellcheck shell=sh

rounds=3
calls=10000
[ -n "$(ls "$work"/runs/*/endpoints.json 2>/dev/null)" ] ||
	./medley run bench/network.yaml --runs "$work/runs" --keep >"$work/rpc-run.log" 2>&1 || { cat "$work/rpc-run.log" >&2; exit 70; }
run=$(readlink -f "$work/runs/latest")
mkdir -p "$work/peer"
jar net.corda:corda:4.8 "$work/peer"
unzip -qo "$work/peer/corda-4.8.jar" '*.jar' -d "$work/peer/lib"
javac --release 8 -nowarn -cp "$work/peer/lib/*" -d "$work/peer" bench/java/RpcBench.java 2>/dev/null
RPC_USER=$(jq -r .rpc_user "$run/secrets.json")
RPC_PASSWORD=$(jq -r .rpc_password "$run/secrets.json")
export RPC_USER RPC_PASSWORD
port=$(jq -r '.nodes | to_entries[] | select(.key | startswith("notary")) | .value.port' "$run/endpoints.json")
for depth in 1 10 100; do
	for _ in $(seq $rounds); do
		$bin/rpc_bench 127.0.0.1 "$port" 1000 $calls $depth | tee -a "$work/rpc-ours-$depth.json"
		podman run --rm --network host -e RPC_USER -e RPC_PASSWORD --user 0 \
			-v "$work/peer:/peer:ro" "$(java_image)" \
			java -cp '/peer:/peer/lib/*' RpcBench 127.0.0.1 "$port" 1000 $calls $depth 2>/dev/null |
			grep '^{' | tee -a "$work/rpc-java-$depth.json"
	done
done
# The default heap takes what the machine has; the smallest that still works:
podman run --rm --network host -e RPC_USER -e RPC_PASSWORD --user 0 -v "$work/peer:/peer:ro" "$(java_image)" \
	java -Xmx128m -XX:+UseSerialGC -cp '/peer:/peer/lib/*' RpcBench 127.0.0.1 "$port" 1000 $calls 10 2>/dev/null |
	grep '^{' | tee "$work/rpc-java-small.json"
./medley down "$run" >&2
