# SPDX-License-Identifier: Apache-2.0
# history.sh - a history of 20,000 and of 2,000,000 operations, written and
# judged as it is done and as it was done until November 2026: a JSON value, an
# open, an append and a close for each line, the whole history in memory.
# shellcheck shell=sh

for ops in ${OPS:-20000 2000000}; do
	for round in 1 2 3; do
		for way in new old; do
			[ "$way$round$ops" != old22000000 ] && [ "$way$round$ops" != old32000000 ] || continue
			rm -rf "$work/history" && mkdir "$work/history"
			cp bench/check.resolved.yaml "$work/history/network.resolved.yaml"
			for step in write judge; do
				$bin/timed $bin/history_bench $step $way "$work/history" "$ops" 2>"$work/history.err" ||
					{ cat "$work/history.err" >&2; exit 70; }
				jq -c --arg way $way --arg step $step --argjson ops "$ops" \
					'{way: $way, step: $step, ops: $ops} + .' "$work/history.err" | tee -a "$work/history.json"
			done
		done
	done
done
rm -rf "$work/history"
