#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A true incompatibility turns red: a 4.0 node does not trust the contracts
# jar of a 4.10 payer, whose payment is committed and never recorded.
#
# track: podman
# when: always
# needs: -
. "$(dirname "$0")/common.sh"

medley_run run 1 run examples/mixed-cordapps/network.yaml --runs "$runs"
run=$(latest)
results=$run/results.json
red='.payer == "4.10+finance-4.10" and .payee == "4.0+finance-4.0"'
ok "4.10 -> 4.0 fails" holds "$results" ".cells[] | select($red) | .verdict == \"fail\""
ok "4.0 -> 4.10 passes" holds "$results" '.cells[] | select(.payer == "4.0+finance-4.0" and .payee == "4.10+finance-4.10") | .verdict == "pass"'
ok "the finding is not-recorded" some "$run/findings.jsonl" '.kind == "not-recorded" and (.note | not)'
ok "the payer's node was content" some "$run/history.jsonl" '.kind == "pay" and .outcome == "ok" and (.payer | startswith("bank-4.10"))'
for word in not-recorded finance-4.10 finance-4.0 CashPaymentReceiver; do
	ok "the terminal says $word" grep -q "$word" "$runs/run.out"
done
ok "nothing is left" nothing_left "$run"
