#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Two releases around a notary, from an interrupted start to the last teardown:
# the network passes, a payment that is deleted from one vault is found, as is a
# node that holds another sum than it owns, a load is interrupted, and a bank
# dies under a load.
#
# track: podman
# when: always
# needs: -
. "$(dirname "$0")/common.sh"

# ---- an interrupt while the nodes start ----

start deploy run test/network/two-releases.yaml --runs "$runs"
ok "a run has begun" until_true 60 test -L "$runs/latest"
run=$(latest)
ok "a node starts" until_true 300 speaks "$run" bank-4-0-0
interrupt
ends "an interrupted deploy ends with 130" 130
ok "nothing is left of it" nothing_left "$run"
ok "the log of the node was kept" test -s "$run/logs/bank-4.0-0.log"

# ---- the network passes ----

medley_run run 0 run test/network/two-releases.yaml --runs "$runs" --keep --ask-nodes
run=$(latest)
is "4.0 -> 4.10" "$(verdict "$run" 4.0 4.10)" pass
is "4.10 -> 4.0" "$(verdict "$run" 4.10 4.0)" pass
ok "nothing was found" test ! -s "$run/findings.jsonl"
is "the banks hold what was proved: asked, answered, agree" "$(asked "$run")" "2 2 2"
ok "JUnit's file is XML" xmllint --noout "$run/junit.xml"
ok "the page is there" test -s "$run/report.html"

# shapes: of lines, without their numbers, units and lengths.
shapes() {
	sed -E 's/^    //; s/[0-9]+(\.[0-9]+)?/N/g; s/N (ms|s|min)\b/T/g; s/T( T)+/T/g; s/ +/ /g; s/^ //; s/(N )+/N /g
		s/; N banks agree//; s,(runs|[^ ]*)/N-N/,RUN/,; s/medley run [^ ]+/medley run FILE/'
}
# What the README shows of `make run`, but for the teardown, the size of the
# build, and the matrix of other releases. No node is asked there.
sed -n '/^    \$ make run$/,/^$/p; /^    PASS/,/^$/p' README.md | grep -vE '^    (\$|build|down)|^$' |
	shapes >"$runs/sample"
cat "$runs/run.err" "$runs/run.out" | sed "s,$runs,runs,g" | shapes >"$runs/seen"
is "the README shows what a run prints" "$(grep -vxFf "$runs/seen" "$runs/sample")" ""

is "a node's role owns all of its tables" "$(sql "$run" bank_4_10_0 "select distinct tableowner
	from pg_tables where schemaname = 'public'")" bank_4_10_0
is "and reads its database" "$(sql_as_node "$run" bank-4.10-0 bank_4_10_0 'select 1')" 1
ok "but no other" refused 'no pg_hba.conf entry .* user "bank_4_10_0", database "bank_4_0_0"' \
	sql_as_node "$run" bank-4.10-0 bank_4_0_0 'select 1'

# ---- a node holds another sum than it owns ----

echo "  ...   planting: bank-4.10-0 does not see its largest coin, which is in its database"
coin=$(sql "$run" bank_4_10_0 "select pennies, transaction_id, output_index from contract_cash_states
	join vault_states using (transaction_id, output_index) where state_status = 0 order by pennies desc limit 1")
pennies=${coin%%|*} index=${coin##*|}
coin=${coin#*|}
coin="transaction_id = '${coin%|*}' and output_index = $index"
ok "a policy hides it" sql "$run" bank_4_10_0 "create policy seen on contract_cash_states using (not ($coin));
	alter table contract_cash_states enable row level security;
	alter table contract_cash_states force row level security"
medley_run check 0 check --ask-nodes "$run"
medley_run report 1 report "$run"
ok "its answer is a finding" some "$run/findings.jsonl" ".kind == \"balance-mismatch\" and (.note | not) and
	.node == \"bank-4.10-0\" and .evidence.owned - .evidence.answered == $pennies"
ok "and the only one" none "$run/findings.jsonl" '.kind != "balance-mismatch"'
is "asked, answered, agree" "$(asked "$run")" "2 2 1"
ok "it sees the coin again" sql "$run" bank_4_10_0 "alter table contract_cash_states no force row level security;
	alter table contract_cash_states disable row level security; drop policy seen on contract_cash_states"

echo "  ...   planting: the coin is worth a cent more"
ok "its row is altered" sql "$run" bank_4_10_0 "update contract_cash_states set pennies = pennies + 1 where $coin"
medley_run check 0 check --ask-nodes "$run"
ok "its transaction is a finding" some "$run/findings.jsonl" '.kind == "row-mismatch" and .node == "bank-4.10-0" and (.note | not)'
ok "and the node bears witness to it" some "$run/findings.jsonl" '.kind == "balance-mismatch" and .note and
	.node == "bank-4.10-0" and .evidence.answered - .evidence.owned == 1'
ok "it is mended" sql "$run" bank_4_10_0 "update contract_cash_states set pennies = pennies - 1 where $coin"

# ---- a payment is deleted from one vault, and put back ----

tx=$(jq -r 'select(.kind == "pay" and .outcome == "ok" and .payer == "bank-4.0-0") | .tx' "$run/history.jsonl" | tail -n 1)
echo "  ...   planting: payment $tx vanishes from bank-4.10-0"
tables='vault_fungible_states_parts state_party contract_cash_states vault_fungible_states vault_states node_transactions'
# of_tx TABLE: which of its rows are of the payment.
of_tx() {
	[ "$1" = node_transactions ] && echo "tx_id = '$tx'" || echo "transaction_id = '$tx'"
}
taken='' back=''
for table in $tables; do
	taken="$taken create schema if not exists taken;
		create table taken.$table as select * from $table where $(of_tx "$table");
		delete from $table where $(of_tx "$table");"
	back="insert into $table select * from taken.$table; $back"
done
ok "deleted from its tables" sql "$run" bank_4_10_0 "begin; $taken commit"
medley_run check 0 check "$run"
medley_run report 1 report "$run"
ok "the payment is not recorded" some "$run/findings.jsonl" ".kind == \"not-recorded\" and .tx == \"$tx\""
is "4.0 -> 4.10" "$(verdict "$run" 4.0 4.10)" fail
is "4.10 -> 4.0" "$(verdict "$run" 4.10 4.0)" pass
ok "both releases are named" grep -q '4\.0 -> 4\.10' "$runs/report.out"
ok "and the payment" grep -q "$(echo "$tx" | cut -c1-8)" "$runs/report.out"
ok "it is put back" sql "$run" bank_4_10_0 "begin; $back drop schema taken cascade; commit"
medley_run check 0 check "$run"
medley_run report 0 report "$run"

# ---- a load of another file is interrupted ----

cp "$run/network.resolved.yaml" "$runs/before.yaml"
had=$(payments "$run/history.jsonl")
start load drive "$run" --load test/network/long-load.yaml
ok "payments flow" until_true 120 paid "$run/history.jsonl" $((had + 2))
interrupt
ends "an interrupted load ends with 130" 130
ok "every line of history is whole" none "$run/history.jsonl" '.outcome | IN("ok", "fail", "unknown") | not'
ok "the run's own load stays" cmp "$run/network.resolved.yaml" "$runs/before.yaml"
ok "what was driven is recorded" some "$run/phases.jsonl" '.phase == "drive" and
	(.details | .load.seconds == 120 and .timeouts.flow == 10 and .load_file == "test/network/long-load.yaml")'

# ---- a bank dies under a load ----

had=$(payments "$run/history.jsonl")
start load drive "$run" --load test/network/long-load.yaml
ok "payments flow" until_true 120 paid "$run/history.jsonl" $((had + 4))
# Else a container that goes may take the address that others know it by.
bridge=$(podman network inspect "$(cat "$run/engine/prefix")" | jq -r '.[0].network_interface')
# (That is for root alone.)
[ "$(id -u)" -ne 0 ] || is "the network keeps its address" "$(cat "/sys/class/net/$bridge/addr_assign_type")" 3
podman kill "$(container_of "$run" bank-4.10-0)" >/dev/null
killed=$(($(date +%s%6N) + 1000000))
ends "the load ends" 0
ok "no payment to or from the dead node is ok after that" none "$run/history.jsonl" \
	".kind == \"pay\" and .outcome == \"ok\" and .sent_us > $killed and (.payer == \"bank-4.10-0\" or .payee == \"bank-4.10-0\")"
ok "some were cut off" some "$run/history.jsonl" ".outcome != \"ok\" and .done_us > $killed"
medley_run check 0 check --ask-nodes "$run"
ok "that the dead node did not answer is a note" some "$run/findings.jsonl" '.kind == "no-answer" and .note and .node == "bank-4.10-0"'
medley_run report 1 report "$run"
ok "the verdict says so" holds "$run/results.json" '[.cells[] | select(.verdict == "fail")] != []'
ok "the command that repeats the run is named" grep -q "again: medley reproduce $run$" "$runs/report.out"
ok "which knows the load" holds "$run/results.json" '.reproduce.drives | any(.load_file == "test/network/long-load.yaml")'

# ---- teardown ----

medley_run down 0 down "$run"
ok "nothing is left" nothing_left "$run"
for node in bank-4.0-0 bank-4.10-0 notary-4.8-0; do
	ok "the log of $node was kept" test -s "$run/logs/$node.log"
done
medley_run again 0 down "$run"
medley_run ask 64 check --ask-nodes "$run"
ok "nodes that are gone cannot be asked" grep -q "no bank of $run is up; 'medley up $run' boots" "$runs/ask.err"
