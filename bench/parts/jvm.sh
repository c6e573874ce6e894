# SPDX-License-Identifier: Apache-2.0
# jvm.sh - what options of the nodes' JVMs do to a boot and to a load.
# shellcheck shell=sh

c1=-XX:TieredStopAtLevel=1
serial='-XX:-UseG1GC -XX:+UseSerialGC'
room='-Xms384m -XX:MetaspaceSize=192m'

# jvm_network OPTIONS [MORE]: the network of the quick start, as $work/jvm.yaml.
jvm_network() {
	cp examples/quickstart/network.yaml "$work/jvm.yaml"
	printf 'jvm: "%s"\n%s\n' "$1" "${2:-}" >>"$work/jvm.yaml"
}

# jvm_round OPTIONS: one run, and what the JVMs took by its end.
jvm_round() {
	jvm_network "$1"
	./medley run "$work/jvm.yaml" --keep --runs "$work/jvm" >"$work/jvm.out" 2>&1 ||
		{ cat "$work/jvm.out" >&2; exit 70; }
	used=$(ps -C java -o cputimes=,rss= |
		awk '{ cpu += $1; rss += $2 } END { printf "{\"cpu\": %d, \"mib\": %d}", cpu, rss / 1024 }')
	./medley down "$work/jvm/latest" >/dev/null 2>&1
	jq -c --arg options "$1" --argjson used "$used" '
		(.phases | map({(.phase): .}) | add) as $p |
		{options: $options, deploy: $p.deploy.seconds, drive: $p.drive.seconds,
		 rate: $p.drive.details.per_second, p50: ($p.drive.details.latency_ms.p50 / 1000)} + $used' \
		"$work/jvm/latest/results.json" | tee -a "$work/jvm.json"
}

for _ in $(seq "${JVM_ROUNDS:-3}"); do
	for options in stock fast "$c1" "$serial" "$c1 $serial" "$c1 $serial $room"; do
		jvm_round "$options"
	done
done

# jvm_cpu OPTIONS: processor seconds so far of the nodes of its run. A node's
# first process starts the JVM that does the work.
jvm_cpu() {
	run=$(basename "$(readlink -f "$work/jvm-$1/latest")")
	podman ps --filter "name=^medley-$run-.*-node$" --format '{{.Pid}}' |
		while read -r pid; do
			ps -o cputimes= -p "$pid" --ppid "$pid"
		done | awk -v options="$1" -v at="$(date +%s)" '
		{ seconds += $1 }
		END { printf "{\"options\": \"%s\", \"at\": %d, \"cpu\": %d}\n", options, at, seconds }'
}

# Two networks under the same load at the same time. What each pays for a second
# of processor tells which has the better code by then, whatever else is running.
jvm_minutes=${JVM_MINUTES:-15}
runs=
for options in stock fast; do
	jvm_network "$options" "load: {seconds: $((jvm_minutes * 60)), in_flight: 4}"
	mv "$work/jvm.yaml" "$work/jvm-$options.yaml"
	./medley run "$work/jvm-$options.yaml" --runs "$work/jvm-$options" >"$work/jvm-$options.out" 2>&1 &
	runs="$runs $!"
done
while sleep 60 && kill -0 $runs 2>/dev/null; do
	for options in stock fast; do
		jvm_cpu $options
	done >>"$work/jvm-cpu.json"
done
wait $runs
for options in stock fast; do
	jq -c --arg options "$options" 'select(.kind == "pay" and .outcome == "ok") |
		{options: $options, paid_at: (.done_us / 1e6)}' "$work/jvm-$options/latest/history.jsonl"
done | jq -sc --slurpfile cpu "$work/jvm-cpu.json" '. as $paid |
	$cpu | group_by(.options)[] | sort_by(.at) | . as $samples | range(1; length) |
	$samples[. - 1] as $from | $samples[.] as $to | {
		options: $to.options, minute: ., cpu: ($to.cpu - $from.cpu),
		payments: ([$paid[] | select(.options == $to.options and .paid_at >= $from.at and .paid_at < $to.at)] | length)
	}' | tee "$work/jvm-minutes.json"
