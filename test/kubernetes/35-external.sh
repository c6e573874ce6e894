#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Databases on a server that is there already, by the Secret that network.yaml
# names: nodes pay, are checked, and leave no database behind.
. "$(dirname "$0")/common.sh"

up
ok "the database is published" publish database - -
ok "CorDapps are published" publish cordapps finance-4.0 -
ok "a node of 4.5 is published" publish node maven:4.5 7
cd "$site" || exit 70
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
user=$(jq -r .database_user dbs/.medley/passwords)
password=$(jq -r .database_password dbs/.medley/passwords)
databases() {
	echo "$password" | $cluster exec kubectl -n dbs exec -i database-0 -c database -- sh -c \
		'read -r PGPASSWORD; export PGPASSWORD; /usr/lib/postgresql/15/bin/psql -h /tmp -U "$0" \
		-d postgres -At -c "SELECT datname FROM pg_database WHERE datname LIKE '"'%\\_%\\_%'"'"' "$user"
}

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
run_it kept 0 run --keep
is "each node has a database" "$(databases | wc -l)" 3
ok "every payment is in them" holds runs/latest/results.json \
	'[.cells[] | select(.verdict == "pass")] | length == 1'
step down 0 "$medley" down
is "no database is left" "$(databases)" ""
ok "the Secret is still there" kubectl -n corda get secret db-login
cd "$OLDPWD" || exit 70
down
