#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A release whose build fails: its cells are not-run, the others run. Two that
# do run, 4.3 and 4.9, are named by no code: a line in a file is all they need.
#
# track: podman
# when: always
# needs: -
. "$(dirname "$0")/common.sh"

medley_run run 65 run test/network/build-fails.yaml --runs "$runs"
run=$(latest)
results=$run/results.json
ok "cells of 4.99 are not run" holds "$results" '[.cells[] | select(.payer == "4.99" or .payee == "4.99")] | length > 0 and all(.verdict == "not-run")'
ok "and say why" holds "$results" '[.cells[] | select(.payer == "4.99" and .payee == "4.9")][0].reason | test("build")'
ok "4.3 -> 4.9 passes" holds "$results" '.cells[] | select(.payer == "4.3" and .payee == "4.9") | .verdict == "pass"'
ok "4.9 -> 4.3 passes" holds "$results" '.cells[] | select(.payer == "4.9" and .payee == "4.3") | .verdict == "pass"'
ok "4.9 -> 4.9 passes: two banks" holds "$results" '.cells[] | select(.payer == "4.9" and .payee == "4.9") | .verdict == "pass"'
ok "4.3 -> 4.3 has one bank only" holds "$results" '.cells[] | select(.payer == "4.3" and .payee == "4.3") | .verdict == "not-run"'
ok "nothing is left" nothing_left "$run"
