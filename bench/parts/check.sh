# SPDX-License-Identifier: Apache-2.0
# check.sh - the check of 1,000 and of 100,000 stored transactions, against
# OpenSSL verifying the same signatures and doing nothing else.
# shellcheck shell=sh

pg=/usr/lib/postgresql/15/bin
sql=$(mktemp -d "$work/sql-XXXXXX")
port=$(shuf -n 1 -i 20000-29999)
mkdir "$work/pg"
chown postgres "$work/pg"
(umask 077 && echo bench >"$work/password")
chown postgres "$work/password"
runuser -u postgres -- "$pg/initdb" -D "$work/pg" -U corda -A scram-sha-256 --pwfile "$work/password" >/dev/null
echo "host all all 127.0.0.1/32 scram-sha-256" >>"$work/pg/pg_hba.conf"
runuser -u postgres -- "$pg/pg_ctl" -s -w -D "$work/pg" -l "$work/pg/log" \
	-o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c shared_buffers=512MB -c max_connections=60 -c max_wal_size=4GB" start
server=1
export PGPASSWORD=bench PGHOST=127.0.0.1 PGPORT="$port" PGUSER=corda
mkdir -p "$work/checked"
cp bench/check.resolved.yaml "$work/checked/network.resolved.yaml"
echo "{\"nodes\":{},\"database\":{\"host\":\"127.0.0.1\",\"port\":$port}}" >"$work/checked/endpoints.json"
echo '{"rpc_user":"","rpc_password":"","database_user":"corda","database_password":"bench"}' >"$work/checked/secrets.json"
: >"$work/checked/history.jsonl"
threads=$(nproc)

for pairs in ${PAIRS:-250 25000}; do
	say "$((pairs * 4)) stored transactions"
	$bin/check_data $pairs "$sql"
	for db in bank_a:4.0/schema bank_d:4.10/schema notary:4.8/schema-notary; do
		name=${db%%:*}
		dropdb --if-exists "$name" 2>/dev/null && createdb "$name"
		psql -q -d "$name" -f "test/vectors/vault/${db#*:}.sql" >/dev/null
		psql -q -d "$name" -f "$sql/$name.sql" >/dev/null
		psql -q -d "$name" -c checkpoint
	done
	for _ in 1 2 3; do
		$bin/verify_alone "$sql/signatures.bin" "$threads" | tee -a "$work/alone-$pairs.json"
		$bin/timed ./medley check "$work/checked" >"$work/check.out" 2>"$work/check.err" ||
			{ cat "$work/check.out" "$work/check.err" >&2; exit 70; }
		jq -c --argjson t "$(tail -n 1 "$work/check.err")" 'select(.phase == "check") |
			{seconds: $t.seconds, cpu_seconds: $t.cpu_seconds, peak_kib: $t.peak_kib, details}' \
			"$work/checked/phases.jsonl" | tail -n 1 | tee -a "$work/check-$pairs.json"
	done
done
runuser -u postgres -- "$pg/pg_ctl" -s -D "$work/pg" -m immediate stop
server=
unset PGPASSWORD PGHOST PGPORT PGUSER
