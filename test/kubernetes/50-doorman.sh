#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Real nodes of three releases register themselves in a cluster. In between the
# doorman is killed, a bank, and the PostgreSQL that has the doorman's state:
# nothing is lost, no node may read it, and the health check agrees.
#
# track: kubernetes
# when: cli/cmd_health.c doorman/store_postgres.c generate/manifest_services.c generate/registration
# needs: root kubernetes
. "$(dirname "$0")/common.sh"
generate=$PWD/bin/generate_config

up
enter_site database cordapps:finance-4.0 doorman healthcheck node:maven:4.0 \
	notary:maven:4.0 node:maven:4.8 notary:maven:4.8 node:maven:4.10 \
	notary:maven:4.10
cat >network.yaml <<'END'
banks:
  - {release: maven:4.0}
  - {release: maven:4.10}
notaries: [{release: maven:4.8}]
cordapps: finance-4.0
identity: doorman
END
ok "a network is generated" "$generate" -n corda -s "$medley_storage_class" \
	--docker-registry "$medley_registry/net"
is "it has no keys" "$(find config -name '*-keys.yaml' -o -name identities.jks)" ""
for part in network bank-4-0 bank-4-10; do
	ok "$part applies" kubectl apply -f "$site/config/$part"
	cat "$runs/assert.log" >>applied.log
	ok "$part has no difference" kubectl diff -f "$site/config/$part"
done
ok "no pod breaks a rule of security" test -z "$(grep -i warning applied.log)"

doorman() {
	kubectl -n corda exec doorman-0 -c doorman -- medley doorman "$@" \
		--database postgresql://doorman@database:5432/doorman
}

# sql USER DATABASE STATEMENT <PASSWORD: by the Service's name, as nodes do.
sql() {
	kubectl -n corda exec -i database-0 -c database -- sh -c \
		'read -r PGPASSWORD; export PGPASSWORD; exec /usr/lib/postgresql/15/bin/psql \
		-h database -U "$0" -d "$1" -At -v ON_ERROR_STOP=1 -c "$2"' "$@"
}

# in_state STATEMENT: of the doorman's database, as its administrator.
in_state() {
	jq -r .database_password "$site/config/.medley/passwords" | sql corda doorman "$1"
}

# as_bank DATABASE: connects with what the bank's container has.
as_bank() {
	{ kubectl -n corda exec bank-4-10-0 -c node -- cat /var/lib/corda/database-password; echo; } |
		sql bank_4_10_0 "$1" 'select 1'
}

# listed FILTER: it must hold of what the doorman lists.
listed() {
	doorman list --json >doorman.json && holds doorman.json "$1"
}

log_of() {
	kubectl -n corda logs "$1" -c node
}

says() {
	log_of "$1" | grep -q "$2"
}

ok "both releases scale" kubectl -n corda scale statefulset bank-4-0 bank-4-10 --replicas=1
began=$(date +%s)
ok "the doorman is ready" timeout 200 $cluster exec kubectl -n corda \
	rollout status statefulset/doorman --timeout=190s
ok "three nodes are at it" until_true 200 sh -c "$cluster exec kubectl -n corda get pods -o json |
	jq -e '[.items[] | select(.status.containerStatuses[]? |
		.name == \"node\" and .state.running)] | length == 3'"
ok "a request is there" until_true 120 listed '.requests | length > 0'
jq -r '.requests[].id' doorman.json >asked
ok "the doorman is killed" kubectl -n corda delete pod doorman-0 --force --grace-period=0
ok "so is a bank in the middle" kubectl -n corda delete pod bank-4-10-0 --force --grace-period=0
ok "the doorman is ready again" timeout 200 $cluster exec kubectl -n corda \
	rollout status statefulset/doorman --timeout=190s
all_known() {
	doorman list --json >doorman.json || return 1
	while read -r id; do
		grep -q "$id" doorman.json || return 1
	done <asked
}
ok "no request was lost ($(wc -l <asked))" until_true 30 all_known

for set in notary-4-8 bank-4-0 bank-4-10; do
	ok "$set comes up" timeout 400 $cluster exec kubectl -n corda \
		rollout status statefulset/$set --timeout=390s
	ok "$set has registered" until_true 60 says "$set-0" "started up and registered"
done
echo "  ...   $(($(date +%s) - began)) s from nothing to three nodes"
ok "all are in the map" until_true 60 listed '.nodes | length == 3'
ok "the notary is known by its service" listed \
	'[.requests[] | select(.role == "service" and .state == "approved") | .name]
		| index("O=notary-4.8-0, L=London, C=GB") != null'
ok "parameters are signed" listed '.parameters.current != null'

# The health check's Job, run now; what it said is in health.log.
job_ended() {
	kubectl -n corda get job "$1" -o json |
		jq -e '(.status.succeeded // 0) + (.status.failed // 0) > 0'
}
try=0
checked() {
	try=$((try + 1))
	kubectl -n corda create job "now-$try" --from=cronjob/healthcheck &&
		until_true 120 job_ended "now-$try" &&
		kubectl -n corda logs "job/now-$try" >health.log &&
		kubectl -n corda get job "now-$try" -o json |
		jq -e "(.status.succeeded // 0) == $1"
}
# A node asks for the map every ten seconds.
all_know() {
	checked 1 && [ "$(grep -c '^ok .*rpc://.* 3 in its network map' health.log)" -eq 3 ]
}
ok "the network is whole, and all know all" until_true 120 all_know
sed 's/^/  ...   /' health.log

is "a node's role reads its own database" "$(as_bank bank_4_10_0)" 1
for database in doorman bank_4_0_0 postgres; do
	ok "but not $database" refused "no pg_hba.conf entry .* database \"$database\"" as_bank $database
done
is "its container does not know the administrator" "$(kubectl -n corda exec bank-4-10-0 -c node -- env |
	grep -cF "$(jq -r .database_password config/.medley/passwords)")" 0

doorman list --json >before.json
lasting="select kind, key, md5(value) from medley_doorman where kind in ('keys',
	'request', 'decision', 'certificate', 'name', 'use', 'parameters')"
in_state "$lasting" >before.rows
ok "a release gets one more bank than the file has" kubectl -n corda \
	scale statefulset bank-4-10 --replicas=2
ok "it asks for its certificate" until_true 200 listed \
	'[.requests[].name] | index("O=bank-4.10-1, L=London, C=GB") != null'
ok "PostgreSQL is killed meanwhile" kubectl -n corda delete pod database-0 --force --grace-period=0
ok "the bank comes up" timeout 400 $cluster exec kubectl -n corda \
	rollout status statefulset/bank-4-10 --timeout=390s
ok "and is in the map" until_true 60 listed \
	'[.nodes[].name] | index("O=bank-4.10-1, L=London, C=GB") != null'
in_state "$lasting" >after.rows
is "no row of the doorman's was lost ($(wc -l <before.rows))" "$(grep -Fvxf after.rows before.rows)" ""
ok "there were some" grep -q '^certificate|' before.rows
is "each request that was approved has its certificate" \
	"$(in_state "select count(*) from medley_doorman where kind = 'certificate'")" \
	"$(jq '[.requests[] | select(.state == "approved")] | length' doorman.json)"

ok "a bank is killed" kubectl -n corda delete pod bank-4-0-0 --force --grace-period=0
ok "and comes up" timeout 400 $cluster exec kubectl -n corda \
	rollout status statefulset/bank-4-0 --timeout=390s
ok "it did not register again" sh -c "! $cluster exec kubectl -n corda logs bank-4-0-0 -c node | grep -q 'registering O='"
ok "four nodes are in the map, still" listed '.nodes | length == 4'
ok "a bank is scaled to none" kubectl -n corda scale statefulset bank-4-0 --replicas=0
ok "and is gone" kubectl -n corda wait --for=delete pod/bank-4-0-0 --timeout=90s
absent() {
	checked 1 && grep -q 'bank-4-0-0.*skipped: no address in DNS' health.log
}
ok "nobody misses it" until_true 90 absent
ok "the notary is scaled to none" kubectl -n corda scale statefulset notary-4-8 --replicas=0
missing() {
	checked 0 && grep -q '^FAIL .*notary-4-8-0' health.log
}
ok "the health check misses that one" until_true 180 missing
grep FAIL health.log | sed 's/^/  ...   /'
cd "$OLDPWD" || exit 70
down
