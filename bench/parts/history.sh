# SPDX-License-Identifier: Apache-2.0
# history.sh - histories of 20,000 and 2,000,000 operations, written and judged
# as it is done, and as it was done until November 2026 (history_bench.c); of
# 2,000,000 one round each. And what `medley report` and `medley show tx` take to
# read them.
# shellcheck shell=sh

# history_step new|old write|judge OPERATIONS
history_step() {
	$bin/timed $bin/history_bench "$2" "$1" "$work/history" "$3" 2>"$work/history.err" ||
		{ cat "$work/history.err" >&2; exit 70; }
	jq -c --arg way "$1" --arg step "$2" --argjson ops "$3" \
		'{way: $way, step: $step, ops: $ops} + .' "$work/history.err" | tee -a "$work/history.json"
}

# history_read NAME OPERATIONS COMMAND...: the verdict is none of ours: one payment
# in ten has no answer.
history_read() {
	name=$1 ops=$2
	shift 2
	MEDLEY_HOME=$PWD $bin/timed ./medley "$@" "$work/history" >/dev/null 2>"$work/history.err" || [ $? -le 2 ] ||
		{ cat "$work/history.err" >&2; exit 70; }
	jq -c --arg step "$name" --argjson ops "$ops" '{way: "new", step: $step, ops: $ops} + .' \
		"$work/history.err" | tee -a "$work/history.json"
}

for count in 20000 20000 20000 2000000; do
	for way in new old; do
		rm -rf "$work/history" && mkdir "$work/history"
		cp bench/check.resolved.yaml "$work/history/network.resolved.yaml"
		history_step $way write $count
		history_step $way judge $count
		[ $way = old ] || {
			history_read report $count report
			history_read show $count show tx 00000000000000000000
		}
	done
done
rm -rf "$work/history"
