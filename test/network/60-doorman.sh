#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Nodes of four releases register themselves with a doorman that is killed in
# between, are approved by hand or not at all, and pay each other.
#
# track: podman
# when: always
# needs: -
. "$(dirname "$0")/common.sh"
vectors=$PWD/test/vectors/bootstrap/cz
net=medley-doorman-$$
state=$runs/state
answer=$runs/answer
doorman_pid=

tidy() {
	[ -z "$doorman_pid" ] || kill -KILL "$doorman_pid" 2>/dev/null
	if [ "$failed" -gt 0 ]; then
		for n in n48 n45 b40 b410 mallory; do
			podman logs "$net-$n" >"$runs/$n.log" 2>&1
		done
	fi
	podman ps -aq --filter "network=$net" | xargs -r podman rm -f -t 2 >/dev/null 2>&1
	podman network rm -f "$net" >/dev/null 2>&1
	finish
}
trap tidy EXIT

[ "$(id -u)" -eq 0 ] || {
	echo "  skip  needs root: the doorman serves at the network's gateway"
	exit
}

# image WORD: of a notary; it serves as a bank as well.
image() {
	"$medley" build notary "$1" --json 2>/dev/null | jq -r '.images[0].image'
}

# serve MODE: (again) at the gateway of the network.
serve() {
	"$medley" doorman --state "$state" --listen "$gateway:8080" --poll 3 \
		--parameters "$runs/parameters.yaml" --approve "$1" \
		>"$runs/serve.out" 2>>"$runs/serve.log" &
	doorman_pid=$!
	until_true 10 curl -sf "$url/healthz"
}

killed() {
	kill -KILL "$doorman_pid"
	wait "$doorman_pid" 2>/dev/null
	echo "  ...   doorman killed"
}

doorman() {
	"$medley" doorman "$@" --state "$state"
}

# node NAME IMAGE LEGAL-NAME [PODMAN-OPTION...]: registers, and starts.
node() {
	name=$1 of=$2 legal=$3
	shift 3
	mkdir -p "$runs/$name/cordapps"
	cp "$runs"/jars/*.jar "$runs/$name/cordapps/"
	chmod 755 "$runs"
	chown -R 1000:1000 "$runs/$name"
	echo "  ...   $legal"
	podman run -d --name "$net-$name" --hostname "$name" --network "$net" \
		--memory 1500m --read-only --tmpfs /tmp --cap-drop ALL \
		-v "$runs/$name:/var/lib/corda" -e LEGAL_NAME="$legal" \
		-e P2P_ADDRESS="$net-$name:10002" -e DOORMAN_URL="$url" \
		-e RPC_PASSWORD=not-a-secret -e ROLE=bank "$@" "$of" >/dev/null
}

log_has() {
	podman logs "$net-$1" 2>&1 | grep -q "$2"
}

ended() {
	[ "$(podman inspect "$net-$1" --format '{{.State.Running}}')" = false ]
}

# requests FILTER: ids, the newest last.
requests() {
	doorman list --json | jq -r "[.requests | sort_by(.at)[] | select($1)] | .[].id"
}

# pending N LEGAL-NAME: the N-th request of the name waits.
pending() {
	id=$(requests ".name == \"$2\" and .state == \"pending\"" | sed -n "$1p")
	[ -n "$id" ]
}

# answers STATUS PART CURL-ARGUMENTS...
answers() {
	status=$1 part=$2
	shift 2
	got=$(curl -s -o "$answer" -w '%{http_code}' "$@")
	echo "$got $(head -c 300 "$answer")"
	[ "$got" = "$status" ] && grep -q "$part" "$answer"
}

# has_all IDS: requests that are still known.
has_all() {
	for known in $1; do
		requests true | grep -q "$known" || return 1
	done
}

in_map() {
	[ "$(doorman list --json | jq '.nodes | length')" -eq "$1" ]
}

address() {
	podman inspect "$net-$1" --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}'
}

echo "  ...   images"
i40=$(image maven:4.0) i45=$(image maven:4.5) i48=$(image maven:4.8) i410=$(image maven:4.10)
jars=$("$medley" build cordapps finance-4.0 --json 2>/dev/null | jq -r '.images[0].image')
holder=$(podman create "$jars" true)
podman cp "$holder:/opt/cordapps/." "$runs/jars"
podman rm "$holder" >/dev/null
podman network create "$net" >/dev/null
gateway=$(podman network inspect "$net" | jq -r '.[0].subnets[0].gateway')
url=http://$gateway:8080
# The gateway's address is there as long as a container runs.
podman run -d --name "$net-hold" --network "$net" "$i48" sleep 100000 >/dev/null
# It keeps its hardware address, too, as in a network that medley makes: else
# those who know it by that do not find it for a minute when another goes.
bridge=/sys/class/net/$(podman network inspect "$net" | jq -r '.[0].network_interface')
ip link set dev "${bridge##*/}" address "$(cat "$bridge/address")"
cat >"$runs/parameters.yaml" <<'YAML'
notaries:
  - name: "O=Notary Service, L=London, C=GB"
  - name: "O=Notary 45, L=London, C=GB"
YAML

# Notaries. The service's request of the first is broken off half way.
ok "the doorman serves" serve hand
node n48 "$i48" "O=Notary 48, L=London, C=GB" -e ROLE=notary \
	-e SERVICE_NAME="O=Notary Service, L=London, C=GB"
node n45 "$i45" "O=Notary 45, L=London, C=GB" -e ROLE=notary
ok "a notary of 4.8 asks for its service first" until_true 120 \
	pending 1 "O=Notary Service, L=London, C=GB"
ok "a notary of 4.5 asks" until_true 120 pending 1 "O=Notary 45, L=London, C=GB"
podman kill -s KILL "$net-n48" >/dev/null
before=$(requests true)
killed
ok "it serves again" serve hand
ok "no request was lost" has_all "$before"
echo "  ...   notary killed with a half-made key"
podman start "$net-n48" >/dev/null
ok "it asks with a new key" until_true 120 pending 2 "O=Notary Service, L=London, C=GB"
ok "the new one is approved by hand" doorman approve "$id"
ok "the old one is rejected by hand" doorman reject \
	"$(requests '.role == "service"' | head -n 1)" --reason "a newer one came"
ok "then it asks for itself" until_true 60 pending 1 "O=Notary 48, L=London, C=GB"
# A node gives up when nobody listens as it asks; its start script does not.
killed
ok "the notary of 4.8 asked in vain" until_true 30 log_has n48 "Connection refused"
ok "so did the one of 4.5" until_true 30 log_has n45 "Connection refused"
ok "it serves again, and approves by itself" serve auto
ok "the notary of 4.8 is up" until_true 240 log_has n48 "started up and registered"
ok "the notary of 4.5 is up" until_true 240 log_has n45 "started up and registered"
ok "both are in the map" in_map 2
ok "parameters are signed" test -n "$(doorman list --json | jq -r '.parameters.current // empty')"
podman stop -t 5 "$net-n45" >/dev/null 2>&1

# What is wrong is told so.
killed
ok "it serves again, and approves nothing" serve hand
head -c 70000 /dev/zero >"$runs/large"
ok "a large body is refused" answers 413 "too large" --data-binary "@$runs/large" "$url/certificate"
ok "so is rubbish" answers 400 "no PKCS#10 request" --data-binary "rubbish" "$url/certificate"
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null \
	-subj "/O=X/L=London/C=GB" -outform DER -out "$runs/name.csr" 2>/dev/null
ok "so is a wrong name" answers 400 "at least two letters" --data-binary "@$runs/name.csr" "$url/certificate"
ok "so is a name that is taken" answers 400 "is taken" \
	--data-binary "@$vectors/csr-Notary_Service.der" "$url/certificate"
ok "so is a node of another network" answers 400 "this network's doorman" \
	--data-binary "@$vectors/publish-132CAD7B.bin" "$url/network-map/publish"
ok "so is another method" answers 405 "not with" -X PUT -d x "$url/network-map"

# Banks, each approved by hand, and one that is not.
node b40 "$i40" "O=Bank 40, L=London, C=GB"
node b410 "$i410" "O=Bank 410, L=New York, C=US"
for bank in "O=Bank 40, L=London, C=GB" "O=Bank 410, L=New York, C=US"; do
	ok "$bank asks" until_true 120 pending 1 "$bank"
	ok "and is approved" doorman approve "$(echo "$id" | cut -c1-10)"
done
ok "the bank of 4.0 is up" until_true 240 log_has b40 "started up and registered"
ok "the bank of 4.10 is up" until_true 240 log_has b410 "started up and registered"
ok "four nodes are in the map" in_map 4
node mallory "$i40" "O=Mallory, L=London, C=GB"
ok "a stranger asks" until_true 120 pending 1 "O=Mallory, L=London, C=GB"
ok "and is rejected" doorman reject "$id" --reason "nobody knows you"
ok "it ends" until_true 60 ended mallory
ok "and was told why" log_has mallory "nobody knows you"
ok "its name is not in the map" in_map 4

# They pay each other through the registered notary.
mkdir "$runs/paid"
cp test/network/doorman.resolved.yaml "$runs/paid/network.resolved.yaml"
printf '{"nodes":{"bank-4.0":{"host":"%s","port":10003},"bank-4.10":{"host":"%s","port":10003}}}' \
	"$(address b40)" "$(address b410)" >"$runs/paid/endpoints.json"
echo '{"rpc_user":"medley","rpc_password":"not-a-secret","database_user":"-","database_password":"-"}' \
	>"$runs/paid/secrets.json"
medley_run drive 0 drive "$runs/paid"
ok "4.0 paid 4.10" some "$runs/paid/history.jsonl" '.kind == "pay" and .outcome == "ok" and .payer == "bank-4.0"'
ok "4.10 paid 4.0" some "$runs/paid/history.jsonl" '.kind == "pay" and .outcome == "ok" and .payer == "bank-4.10"'

# New parameters, which the nodes accept, and make theirs.
ok "an update is announced" doorman parameters "$runs/parameters.yaml" --reason "epoch two" --after 1
ok "three nodes accept it" until_true 60 sh -c \
	"[ \$($medley doorman list --state $state --json | jq '[.nodes[] | select(.accepted)] | length') -eq 3 ]"
ok "flag day" doorman flag-day
# It waits up to 50 s for a thread of its own.
ok "4.0 ends, to begin anew" until_true 120 ended b40
podman start "$net-b40" >/dev/null
ok "and is up again" until_true 120 sh -c \
	"[ \$(podman logs $net-b40 2>&1 | grep -c 'started up and registered') -eq 2 ]"

is "keys are for their owner alone" "$(stat -c %a "$state/keys/authority")" 600
ok "one doorman at a time" sh -c "! $medley doorman --state $state --listen 127.0.0.1:0"
kill -TERM "$doorman_pid"
wait "$doorman_pid"
is "it ends when asked" $? 0
doorman_pid=
