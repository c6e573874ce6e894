#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Databases on a server that is there already, by the Secret that network.yaml
# names: nodes pay with roles of their own, are checked, and leave neither
# database nor role behind.
#
# track: kubernetes
# when: engine/kubernetes/kubernetes_external.c deploy/database.c
# needs: root kubernetes
. "$(dirname "$0")/common.sh"

up
enter_site database cordapps:finance-4.0 node:maven:4.5
cat >network.yaml <<'END'
banks: [{release: maven:4.5, count: 2}]
notaries: [{release: maven:4.5}]
cordapps: finance-4.0
seed: 42
gates: {settled: 2}
END

# The server: a network's database, in a namespace of its own.
step server 0 "$medley" generate -n dbs -s "$medley_storage_class" -o dbs \
	--docker-registry "$medley_registry/net"
for part in 00-namespace passwords database; do
	kubectl apply -f "$site/dbs/network/$part.yaml" >/dev/null
done
ok "the server is up" kubectl -n dbs wait pod/database-0 --for=condition=Ready --timeout=90s
address=$(kubectl -n dbs get pod database-0 -o jsonpath='{.status.podIP}')
admin() {
	jq -r .database_password dbs/.medley/passwords |
		$cluster exec kubectl -n dbs exec -i database-0 -c database -- sh -c \
		'read -r PGPASSWORD; export PGPASSWORD; exec /usr/lib/postgresql/15/bin/psql \
		-h /tmp -U corda -d postgres -At -v ON_ERROR_STOP=1 -c "$0"' "$1"
}
databases() {
	admin "SELECT datname FROM pg_database WHERE datname LIKE '%\_%\_%'"
}
roles() {
	admin "SELECT rolname FROM pg_roles WHERE rolname NOT LIKE 'pg%'
		AND rolname NOT IN ('corda', 'tenant')"
}

# As servers of others are: who makes databases there is no superuser.
user=tenant password=not-a-secret
ok "it has a role for us" admin "CREATE ROLE tenant LOGIN CREATEDB PASSWORD '$password'"
kubectl -n dbs exec database-0 -c database -- sh -c \
	'echo host all tenant all scram-sha-256 >>/var/lib/postgresql/data/pgdata/pg_hba.conf'
admin "SELECT pg_reload_conf()" >/dev/null

sed "\$a external_database: {host: $address, port: 5432, secret: db-login}" \
	network.yaml >external.yaml
run_it() {
	name=$1 code=$2
	shift 2
	step "$name" "$code" "$medley" "$@" external.yaml --engine kubernetes -n corda \
		-s "$medley_storage_class" --context test-token \
		--docker-registry "$medley_registry/net"
}
run_it secretless 66 run
ok "the Secret that is missing is named, with what makes it" \
	said secretless 'there is no Secret corda/db-login, which external_database names'
kubectl create namespace corda >/dev/null
kubectl -n corda create secret generic db-login --from-literal=database-user="$user" \
	--from-literal=database-password="$password" >/dev/null
run_it rightless 66 run
ok "the right that is missing is named" said rightless 'ALTER ROLE … CREATEROLE CREATEDB'
admin "ALTER ROLE tenant CREATEROLE" >/dev/null
run_it kept 0 run --keep
is "each node has a database" "$(databases | wc -l)" 3
is "and it is its own" "$(admin "SELECT count(*) FROM pg_database JOIN pg_roles ON datdba = pg_roles.oid
	WHERE rolname = datname AND NOT has_database_privilege('public', datname, 'CONNECT')")" 3
ok "every payment is in them" holds runs/latest/results.json \
	'[.cells[] | select(.verdict == "pass")] | length == 1'
step down 0 "$medley" down
is "no database is left" "$(databases)" ""
is "and no role" "$(roles)" ""
ok "the Secret is still there" kubectl -n corda get secret db-login

# Applied by hand, another network's database is not taken over.
admin "CREATE ROLE bank_4_5_0 LOGIN PASSWORD 'of-another'" >/dev/null
admin "CREATE DATABASE bank_4_5_0 OWNER bank_4_5_0" >/dev/null
hash_of() {
	admin "SELECT rolpassword FROM pg_authid WHERE rolname = 'bank_4_5_0'"
}
hash=$(hash_of)
step by-hand 0 "$medley" generate -f external.yaml -n corda -s "$medley_storage_class" \
	--docker-registry "$medley_registry/net"
for part in network bank-4-5; do
	kubectl apply -f "$site/config/$part" >/dev/null
done
kubectl -n corda scale statefulset bank-4-5 --replicas=2 >/dev/null
log_of() {
	kubectl -n corda logs "bank-4-5-$1" -c createdb
}
other() {
	log_of 0 | grep -q 'the name bank_4_5_0 is taken at .*, by another network'
}
ok "a node says whose it is, with what to do" until_true 90 other
is "its password is what it was" "$(hash_of)" "$hash"
second() {
	[ "$(databases | grep -c '^bank_4_5_1$')" = 1 ]
}
ok "the other node has its database" until_true 90 second
cd "$OLDPWD" || exit 70
down
