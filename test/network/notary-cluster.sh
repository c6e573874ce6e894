#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# One notary of three nodes: open-source nodes with the Raft service that their
# jar has, an identity that they share, and two banks that pay by way of it,
# also when a member is killed. docs/notaries.md tells how it is set up.
. "$(dirname "$0")/common.sh"
net=medley-raft-$$
state=$runs/state
recipe=$PWD/build-and-publish/recipes/notary
service="O=Notary Service, L=London, C=GB"
doorman_pid=

tidy() {
	[ -z "$doorman_pid" ] || kill -KILL "$doorman_pid" 2>/dev/null
	for n in n1 n2 n3 b45 b410 hold; do
		[ "$failed" -eq 0 ] || podman logs "$net-$n" >"$runs/$n.log" 2>&1
		podman rm -f -t 2 "$net-$n" >/dev/null 2>&1
	done
	podman network rm -f "$net" >/dev/null 2>&1
	finish
}
trap tidy EXIT

for command in keytool id; do
	command -v "$command" >/dev/null && continue
	echo "  skip  needs $command"
	exit
done
[ "$(id -u)" -eq 0 ] || {
	echo "  skip  needs root: the doorman serves at the network's gateway"
	exit
}

image() {
	(cd "$runs" && "$medley" build notary "$1" --json 2>/dev/null) |
		jq -r '.images[0].image'
}

# node NAME IMAGE LEGAL-NAME [PODMAN-OPTION...]: registers, and starts.
node() {
	name=$1 of=$2 legal=$3
	shift 3
	mkdir -p "$runs/$name/cordapps"
	cp "$runs"/jars/*.jar "$runs/$name/cordapps/"
	chown -R 1000:1000 "$runs/$name"
	podman run -d --name "$net-$name" --hostname "$name" --network "$net" \
		--memory 1500m --read-only --tmpfs /tmp --cap-drop ALL \
		-v "$runs/$name:/var/lib/corda" -e LEGAL_NAME="$legal" \
		-e P2P_ADDRESS="$net-$name:10002" -e DOORMAN_URL="$url" \
		-e RPC_PASSWORD=not-a-secret -e ROLE=bank "$@" "$of" >/dev/null
}

# member N JOINS: a node of the notary; it joins another's cluster, or begins.
member() {
	{
		grep -v '	notary	' "$recipe/releases.txt"
		printf '1	999	notary	notary { validating = ${VALIDATING}, '
		printf 'serviceLegalName = ${SERVICE_NAME}, raft { '
		printf 'nodeAddress = "%s:10005", clusterAddresses = [%s] } }\n' \
			"$net-n$1" "$2"
	} >"$runs/releases-$1.txt"
	chmod 644 "$runs/releases-$1.txt"
	node "n$1" "$i48" "O=Notary $1, L=London, C=GB" -e ROLE=notary \
		-e SERVICE_NAME="$service" \
		-v "$runs/releases-$1.txt:/opt/corda/notary/releases.txt:ro"
}

# share N: a member gets the service's key before it registers.
share() {
	mkdir -p "$runs/n$1/certificates"
	keytool -importkeystore -noprompt -srcalias distributed-notary-private-key \
		-srckeystore "$runs/n1/certificates/nodekeystore.jks" \
		-destkeystore "$runs/n$1/certificates/nodekeystore.jks" \
		-srcstoretype JKS -deststoretype JKS \
		-srcstorepass cordacadevpass -deststorepass cordacadevpass \
		-srckeypass cordacadevpass -destkeypass cordacadevpass
}

# up NAME [TIMES]: it has started so often.
up() {
	until_true 240 sh -c "[ \"\$(podman logs $net-$1 2>&1 |
		grep -c 'started up and registered')\" -ge ${2:-1} ]"
}

address() {
	podman inspect "$net-$1" --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}'
}

# paid NAME: the banks pay each other; all payments must be good.
paid() {
	mkdir "$runs/$1"
	cp test/network/raft-notary.resolved.yaml "$runs/$1/network.resolved.yaml"
	printf '{"nodes":{"bank-4.5":{"host":"%s","port":10003},"bank-4.10":{"host":"%s","port":10003}}}' \
		"$(address b45)" "$(address b410)" >"$runs/$1/endpoints.json"
	echo '{"rpc_user":"medley","rpc_password":"not-a-secret","database_user":"-","database_password":"-"}' \
		>"$runs/$1/secrets.json"
	medley_run "drive-$1" 0 drive "$runs/$1"
	ok "all payments $2 are good" none "$runs/$1/history.jsonl" '.outcome != "ok"'
	is "payments $2" "$(jq -s '[.[] | select(.kind == "pay")] | length' "$runs/$1/history.jsonl")" 6
}

# commits N: how many transactions the member has answered for.
commits() {
	cat "$runs/n$1"/logs/node-*.log | grep -c 'input states of transaction .* have been committed'
}

# rows N TABLE: of a member that is stopped; it has its own copy of all commits.
rows() {
	podman run --rm --network none --read-only --tmpfs /tmp \
		-v "$runs/n$1:/var/lib/corda" "$i48" sh -c '
		java -cp "$(find /opt/corda -name "h2-*.jar" | head -n 1)" \
			org.h2.tools.Shell -user sa -password "" \
			-url "jdbc:h2:file:/var/lib/corda/persistence;IFEXISTS=TRUE" \
			-sql "select count(*) as n from $0"' "$2" |
		sed -n 2p | tr -d ' '
}

i48=$(image maven:4.8) i45=$(image maven:4.5) i410=$(image maven:4.10)
jars=$(cd "$runs" && "$medley" build cordapps finance-4.0 --json 2>/dev/null | jq -r '.images[0].image')
mkdir "$runs/jars"
holder=$(podman create "$jars" true)
podman cp "$holder:/opt/cordapps/." "$runs/jars"
podman rm "$holder" >/dev/null
chmod 755 "$runs"
podman network create "$net" >/dev/null
gateway=$(podman network inspect "$net" | jq -r '.[0].subnets[0].gateway')
url=http://$gateway:8080
# The gateway's address is there as long as a container runs.
podman run -d --name "$net-hold" --network "$net" "$i48" sleep 100000 >/dev/null
printf 'notaries:\n  - name: "%s"\n' "$service" >"$runs/parameters.yaml"
"$medley" doorman --state "$state" --listen "$gateway:8080" --poll 3 \
	--parameters "$runs/parameters.yaml" >"$runs/serve.out" 2>"$runs/serve.log" &
doorman_pid=$!
ok "the doorman serves" until_true 10 curl -sf "$url/healthz"

member 1 ""
ok "the first member is up" up n1
for n in 2 3; do
	ok "member $n has the service's key" share "$n"
	member "$n" "\"$net-n1:10005\""
	ok "member $n is up" up "n$n"
done
node b45 "$i45" "O=Bank 45, L=London, C=GB"
node b410 "$i410" "O=Bank 410, L=New York, C=US"
ok "the bank of 4.5 is up" up b45
ok "the bank of 4.10 is up" up b410
"$medley" doorman list --state "$state" --json >"$runs/list.json"
ok "five nodes are in the map" holds "$runs/list.json" '.nodes | length == 5'
ok "one service was certified" holds "$runs/list.json" \
	'[.requests[] | select(.role == "service")] | length == 1'
paid together "by all three"
for n in 1 2 3; do
	echo "  ...   member $n answered for $(commits $n)"
done
ok "more than one member answered" test \
	"$( (commits 1; commits 2; commits 3) | grep -vc '^0$')" -gt 1

podman kill -s KILL "$net-n1" >/dev/null
echo "  ...   the first member is killed"
paid two "by two"
podman start "$net-n1" >/dev/null
ok "it comes back" up n1 2
paid again "by all three again"
for n in b45 b410 n3 n2 n1; do
	podman stop -t 20 "$net-$n" >/dev/null 2>&1
done
for n in 1 2 3; do
	rows $n node_raft_committed_states >"$runs/states-$n"
	echo "  ...   member $n has $(rows $n node_raft_committed_txs) transactions," \
		"$(cat "$runs/states-$n") spent states"
done
is "a member that lived has all" "$(rows 2 node_raft_committed_txs)" 18
is "so has the other" "$(rows 3 node_raft_committed_txs)" 18
# As it starts it empties one of its tables, and not the other; what it reads
# again then breaks the other's key, and is thrown away.
ok "the one that came back has forgotten what was spent before" \
	test "$(cat "$runs/states-1")" -lt "$(cat "$runs/states-2")"
