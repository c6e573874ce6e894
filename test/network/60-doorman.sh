#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Nodes of four releases register themselves with a doorman, are approved by
# hand or not at all, pay each other, and take new parameters; a notary and the
# doorman are killed while they ask. What the doorman answers over HTTP, and
# that a kill at any moment loses nothing, doorman/test has.
#
# track: podman
# when: doorman/ cli/cmd_doorman build-and-publish/recipes/notary/ lib/net/http_server corda/authority corda/certificate corda/csr corda/network_ corda/node_info corda/signed_data test/network/60-doorman.sh test/network/doorman.resolved.yaml
# needs: root
. "$(dirname "$0")/common.sh"
net=medley-doorman-$$
state=$runs/state
# As run/jvm.c has them for what is not measured.
jvm="-XX:TieredStopAtLevel=1 -XX:-UseG1GC -XX:+UseSerialGC -Xms384m -XX:MetaspaceSize=192m -Xshare:auto"
doorman_pid=
watcher=

tidy() {
	[ -z "$watcher" ] || kill -KILL "$watcher" 2>/dev/null
	[ -z "$doorman_pid" ] || kill -KILL "$doorman_pid" 2>/dev/null
	podman ps -aq --filter "network=$net" | xargs -r podman rm -f -t 2 >/dev/null 2>&1
	podman network rm -f "$net" >/dev/null 2>&1
	finish
}
trap tidy EXIT

[ "$(id -u)" -eq 0 ] || {
	echo "  skip  needs root: the doorman serves at the network's gateway"
	exit
}

# image WORD FIELD: of a notary that was built; it serves as a bank as well.
image() {
	jq -r ".images[] | select(.word == \"$1\") | .$2" "$runs/images"
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

# node NAME RELEASE LEGAL-NAME [PODMAN-OPTION...]: registers, and starts. What
# it says is in NAME.log, also after it was started again.
node() {
	name=$1 release=maven:$2 legal=$3
	shift 3
	mkdir -p "$runs/$name/cordapps"
	cp "$runs"/jars/*.jar "$runs/$name/cordapps/"
	chmod 755 "$runs"
	chown -R 1000:1000 "$runs/$name"
	echo "  ...   $legal"
	podman run -d --name "$net-$name" --hostname "$name" --network "$net" \
		--log-driver k8s-file --log-opt "path=$runs/$name.log" \
		--memory 1500m --read-only --tmpfs /tmp --cap-drop ALL \
		-v "$runs/$name:/var/lib/corda" -e LEGAL_NAME="$legal" \
		-e P2P_ADDRESS="$net-$name:10002" -e DOORMAN_URL="$url" \
		-e _JAVA_OPTIONS="$jvm" \
		-e PLATFORM="$(image "$release" platform)" \
		-e RPC_PASSWORD=not-a-secret -e ROLE=bank "$@" \
		"$(image "$release" image)" >/dev/null
}

log_has() {
	grep -q "$2" "$runs/$1.log"
}

# up NAME [TIMES]
up() {
	[ "$(grep -c "started up and registered" "$runs/$1.log")" -eq "${2:-1}" ]
}

# ended NAME SECONDS: by itself; its exit code is in NAME.code.
ended() {
	timeout "$2" podman wait "$net-$1" >"$runs/$1.code"
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

# admit LEGAL-NAME
admit() {
	ok "$1 asks" until_true 120 pending 1 "$1"
	ok "and is approved by hand" doorman approve "$(echo "$id" | cut -c1-10)"
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

accepted() {
	[ "$(doorman list --json | jq '[.nodes[] | select(.accepted)] | length')" -eq "$1" ]
}

address() {
	podman inspect "$net-$1" --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}'
}

echo "  ...   images"
"$medley" build notary maven:4.0 maven:4.5 maven:4.8 maven:4.10 --json >"$runs/images" 2>/dev/null
jars=$("$medley" build cordapps finance-4.0 --json 2>/dev/null | jq -r '.images[0].image')
holder=$(podman create "$jars" true)
podman cp "$holder:/opt/cordapps/." "$runs/jars"
podman rm "$holder" >/dev/null
podman network create "$net" >/dev/null
gateway=$(podman network inspect "$net" | jq -r '.[0].subnets[0].gateway')
url=http://$gateway:8080
# The gateway's address is there as long as a container runs.
podman run -d --name "$net-hold" --network "$net" "$(image maven:4.8 image)" sleep 100000 >/dev/null
# It keeps its hardware address, too, as in a network that medley makes: else
# those who know it by that do not find it for a minute when another goes.
bridge=/sys/class/net/$(podman network inspect "$net" | jq -r '.[0].network_interface')
ip link set dev "${bridge##*/}" address "$(cat "$bridge/address")"
cat >"$runs/parameters.yaml" <<'YAML'
notaries:
  - name: "O=Notary Service, L=London, C=GB"
  - name: "O=Notary 45, L=London, C=GB"
YAML

# Two notaries and two banks at once. Parameters wait for both notaries: 4.8's
# service is known by its request, 4.5 by the node info of its registration.
ok "the doorman serves" serve hand
node n48 4.8 "O=Notary 48, L=London, C=GB" -e ROLE=notary \
	-e SERVICE_NAME="O=Notary Service, L=London, C=GB"
# Without a platform it asks its jar.
node n45 4.5 "O=Notary 45, L=London, C=GB" -e ROLE=notary -e PLATFORM=
node b40 4.0 "O=Bank 40, L=London, C=GB"
node b410 4.10 "O=Bank 410, L=New York, C=US"
for name in "O=Notary Service, L=London, C=GB" "O=Notary 45, L=London, C=GB" \
	"O=Notary 48, L=London, C=GB" "O=Bank 40, L=London, C=GB" \
	"O=Bank 410, L=New York, C=US"; do
	admit "$name"
done
ok "the notary of 4.8 is up" until_true 240 up n48
ok "the notary of 4.5 is up" until_true 240 up n45
ok "the bank of 4.0 is up" until_true 240 up b40
ok "the bank of 4.10 is up" until_true 240 up b410
ok "all four are in the map" in_map 4
ok "parameters are signed" test -n "$(doorman list --json | jq -r '.parameters.current // empty')"
ok "an update is announced" doorman parameters "$runs/parameters.yaml" --reason "epoch two" --after 1

# They pay each other through the registered notary, and accept it meanwhile.
mkdir "$runs/paid"
cp test/network/doorman.resolved.yaml "$runs/paid/network.resolved.yaml"
printf '{"nodes":{"bank-4.0":{"host":"%s","port":10003},"bank-4.10":{"host":"%s","port":10003}}}' \
	"$(address b40)" "$(address b410)" >"$runs/paid/endpoints.json"
echo '{"rpc_user":"medley","rpc_password":"not-a-secret","database_user":"-","database_password":"-"}' \
	>"$runs/paid/secrets.json"
medley_run drive 0 drive "$runs/paid"
ok "4.0 paid 4.10" some "$runs/paid/history.jsonl" '.kind == "pay" and .outcome == "ok" and .payer == "bank-4.0"'
ok "4.10 paid 4.0" some "$runs/paid/history.jsonl" '.kind == "pay" and .outcome == "ok" and .payer == "bank-4.10"'
ok "all four nodes accept the update" until_true 60 accepted 4
ok "flag day" doorman flag-day

# 4.0 and 4.5 end, to begin anew. Each waits 50 s for a thread of its own, so
# what follows goes on meanwhile.
begin_anew() {
	ended b40 120 && podman start "$net-b40" >/dev/null
}
begin_anew &
watcher=$!

# A notary and a stranger. The notary is killed with a half-made key, and the
# doorman with it; a node gives up when nobody listens as it asks, its start
# script does not.
node d48 4.8 "O=Late 48, L=London, C=GB" -e ROLE=notary \
	-e SERVICE_NAME="O=Late Service, L=London, C=GB"
node mallory 4.0 "O=Mallory, L=London, C=GB"
ok "a notary asks for its service first" until_true 120 pending 1 "O=Late Service, L=London, C=GB"
ok "a stranger asks" until_true 120 pending 1 "O=Mallory, L=London, C=GB"
podman kill -s KILL "$net-d48" >/dev/null
before=$(requests true)
killed
echo "  ...   notary killed with a half-made key"
ok "the stranger asked in vain" until_true 30 log_has mallory "Connection refused"
ok "the doorman serves again" serve hand
ok "no request was lost" has_all "$before"
podman start "$net-d48" >/dev/null
ok "the stranger asks again" until_true 60 log_has mallory "registering again"
ok "and is rejected" doorman reject "$(requests '.name == "O=Mallory, L=London, C=GB"')" \
	--reason "nobody knows you"
ok "the notary asks with a new key" until_true 120 pending 2 "O=Late Service, L=London, C=GB"
ok "the new one is approved by hand" doorman approve "$id"
ok "the old one is rejected by hand" doorman reject \
	"$(requests '.name == "O=Late Service, L=London, C=GB"' | head -n 1)" --reason "a newer one came"
ok "then it asks for itself" until_true 60 pending 1 "O=Late 48, L=London, C=GB"
killed
ok "it asked in vain" until_true 30 log_has d48 "Connection refused"
ok "the doorman serves again, and approves by itself" serve auto
ok "the stranger has ended" ended mallory 60
ok "and was told why" log_has mallory "nobody knows you"
ok "the notary is in the map" until_true 240 in_map 5
podman kill -s KILL "$net-d48" >/dev/null

ok "4.0 began anew" wait "$watcher"
watcher=
is "it had ended by itself" "$(cat "$runs/b40.code")" 0
ok "4.5 ended" ended n45 60
is "by itself, too" "$(cat "$runs/n45.code")" 0
ok "4.0 is up again" until_true 120 up b40 2
ok "the stranger is not in the map" in_map 5
ok "4.8 and 4.10 went on" sh -c "[ \$(podman ps -q --filter name=$net-n48 --filter name=$net-b410 | wc -l) -eq 2 ]"

kill -TERM "$doorman_pid"
wait "$doorman_pid"
is "the doorman ends when asked" $? 0
doorman_pid=
