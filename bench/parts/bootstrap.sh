# SPDX-License-Identifier: Apache-2.0
# bootstrap.sh - identities of a network: ours, OpenSSL alone, R3's own tool.
# shellcheck shell=sh

for n in 4 10 100 1000; do
	$bin/bootstrap_bench $n 9 | tee -a "$work/bootstrap.json"
done

say "R3's network bootstrapper, 4 nodes of 4.8 (about 90 s)"
./medley build node maven:4.8 >/dev/null
mkdir -p "$work/r3"
jar net.corda:corda-tools-network-bootstrapper:4.8 "$work/r3"
jar net.corda:corda:4.8 "$work/r3/net"
mv "$work"/r3/net/corda-4.8.jar "$work/r3/net/corda.jar"
port=21000
for name in Notary BankA BankB BankC; do
	cat >"$work/r3/net/${name}_node.conf" <<-END
		myLegalName="O=$name,L=London,C=GB"
		p2pAddress="127.0.0.1:$port"
		rpcSettings {
		 address="127.0.0.1:$((port + 1))"
		 adminAddress="127.0.0.1:$((port + 2))"
		}
		devMode=true
	END
	[ $name != Notary ] || echo 'notary { validating=false }' >>"$work/r3/net/${name}_node.conf"
	port=$((port + 10))
done
$bin/timed timeout 600 podman run --rm --user 0 -v "$work/r3:/r3" -w /r3/net "$(java_image)" \
	java -jar /r3/corda-tools-network-bootstrapper-4.8.jar --dir /r3/net \
	>"$work/r3.log" 2>"$work/r3.err"
tail -n 1 "$work/r3.err" | grep -o '{.*' | tee "$work/r3.json"
