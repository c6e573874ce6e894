#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Two releases around a notary pass; then a payment is deleted from one vault,
# and the check finds it and names both releases.
#
# track: podman
# when: always
# needs: -
. "$(dirname "$0")/common.sh"

medley_run run 0 run test/network/two-releases.yaml --runs "$runs" --keep
run=$(latest)
results=$run/results.json
ok "4.0 -> 4.10 passes" holds "$results" '.cells[] | select(.payer == "4.0" and .payee == "4.10") | .verdict == "pass"'
ok "4.10 -> 4.0 passes" holds "$results" '.cells[] | select(.payer == "4.10" and .payee == "4.0") | .verdict == "pass"'
ok "nothing was found" test ! -s "$run/findings.jsonl"
ok "JUnit's file is XML" xmllint --noout "$run/junit.xml"
ok "the page is there" test -s "$run/report.html"

is "a node's role owns all of its tables" "$(sql "$run" bank_4_10_0 "select distinct tableowner
	from pg_tables where schemaname = 'public'")" bank_4_10_0
is "and reads its database" "$(sql_as_node "$run" bank-4.10-0 bank_4_10_0 'select 1')" 1
ok "but no other" refused 'no pg_hba.conf entry .* user "bank_4_10_0", database "bank_4_0_0"' \
	sql_as_node "$run" bank-4.10-0 bank_4_0_0 'select 1'

tx=$(jq -r 'select(.kind == "pay" and .outcome == "ok" and .payer == "bank-4.0-0") | .tx' "$run/history.jsonl" | tail -n 1)
echo "  ...   planting: payment $tx vanishes from bank-4.10-0"
for table in vault_fungible_states_parts state_party contract_cash_states vault_fungible_states vault_states; do
	ok "deleted from $table" sql "$run" bank_4_10_0 "delete from $table where transaction_id = '$tx'"
done
ok "deleted from node_transactions" sql "$run" bank_4_10_0 "delete from node_transactions where tx_id = '$tx'"
medley_run check 0 check "$run"
medley_run report 1 report "$run"
ok "the payment is not recorded" some "$run/findings.jsonl" ".kind == \"not-recorded\" and .tx == \"$tx\""
ok "4.0 -> 4.10 fails now" holds "$results" '.cells[] | select(.payer == "4.0" and .payee == "4.10") | .verdict == "fail"'
ok "4.10 -> 4.0 does not" holds "$results" '.cells[] | select(.payer == "4.10" and .payee == "4.0") | .verdict == "pass"'
ok "both releases are named" grep -q '4\.0 -> 4\.10' "$runs/report.out"
ok "and the payment" grep -q "$(echo "$tx" | cut -c1-8)" "$runs/report.out"

medley_run down 0 down "$run"
ok "nothing is left" nothing_left "$run"
medley_run again 0 down "$run"
