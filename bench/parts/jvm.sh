# SPDX-License-Identifier: Apache-2.0
# jvm.sh - what options of the nodes' JVMs do to a boot and to a load.
# shellcheck shell=sh

c1=-XX:TieredStopAtLevel=1
serial='-XX:-UseG1GC -XX:+UseSerialGC'
room='-Xms384m -XX:MetaspaceSize=192m'

# jvm_network OPTIONS MORE: the network of the quick start, as $work/jvm.yaml.
jvm_network() {
	cp examples/quickstart/network.yaml "$work/jvm.yaml"
	printf 'jvm: "%s"\n%s\n' "$1" "$2" >>"$work/jvm.yaml"
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

for _ in 1 2 3; do
	for options in stock fast "$c1" "$serial" "$c1 $serial" "$c1 $serial $room"; do
		jvm_round "$options"
	done
done

# Two networks under the same load at the same time share the processors alike:
# what each pays in a minute says which has the better code by then.
jvm_minutes=${JVM_MINUTES:-15}
for options in stock fast; do
	jvm_network "$options" "load: {seconds: $((jvm_minutes * 60)), in_flight: 4}"
	mv "$work/jvm.yaml" "$work/jvm-$options.yaml"
	./medley run "$work/jvm-$options.yaml" --runs "$work/jvm-$options" >"$work/jvm-$options.out" 2>&1 &
done
wait
for options in stock fast; do
	jq -c --arg options "$options" 'select(.kind == "pay" and .outcome == "ok") |
		{options: $options, at: .done_us}' "$work/jvm-$options/latest/history.jsonl"
done | jq -sc '(map(.at) | min) as $from |
	group_by([.options, ((.at - $from) / 60e6 | floor)])[] |
	{options: .[0].options, minute: ((.[0].at - $from) / 60e6 | floor), payments: length}' |
	tee "$work/jvm-minutes.json"
