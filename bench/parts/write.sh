# SPDX-License-Identifier: Apache-2.0
# write.sh - docs/benchmarks.md from what the parts measured.
# shellcheck shell=sh


rpc_row() {
	ours=$work/rpc-ours-$1.json java=$work/rpc-java-$1.json
	printf '| %s | %.0f | %.0f | %.0f | %.0f | 1/%.0f | %.1f | %.0f | 1/%.0f |\n' "$1" \
		"$(median "$ours" '.calls / .seconds')" "$(median "$java" '.calls / .seconds')" \
		"$(median "$ours" '.cpu_seconds / .calls * 1e6')" "$(median "$java" '.cpu_seconds / .calls * 1e6')" \
		"$(jq -n "$(median "$java" .cpu_seconds) / $(median "$ours" .cpu_seconds)")" \
		"$(median "$ours" '.peak_kib / 1024')" "$(median "$java" '.peak_kib / 1024')" \
		"$(jq -n "$(median "$java" .peak_kib) / $(median "$ours" .peak_kib)")"
}

# of FILE FILTER KEY: the median of those lines.
of() {
	jq -s "map(select($2) | $3) | sort | .[length / 2 | floor]" "$1"
}
generate_row() {
	all=$work/generate.json
	new=".nodes == $1 and .keys == \"new\"" kept=".nodes == $1 and .keys == \"kept\""
	printf '| %s | %s | %.1f | %.2f | %s | %.2f | %.2f | %.2f | %.0f |\n' "$1" \
		"$(of "$work/generate-size.json" ".nodes == $1" .files)" \
		"$(of "$work/generate-size.json" ".nodes == $1" '.kib / 1024')" \
		"$(of "$all" "$new" .seconds)" \
		"$(jq -rs "map(select($new) | .seconds * 100 | round / 100) | \"\(min) … \(max)\"" "$all")" \
		"$(of "$all" "$new" .cpu_seconds)" "$(of "$all" "$kept" .seconds)" \
		"$(of "$all" "$kept" .cpu_seconds)" "$(of "$all" "$kept" '.peak_kib / 1024')"
}

# render_times WHO MEDLEY KEY: how many times what medley took it took.
render_times() {
	jq -n "$(of "$work/render.json" ".who == \"$1\"" "$3") / $(of "$work/render.json" ".who == \"$2\"" "$3")"
}
# render_row WHO
render_row() {
	all=$work/render.json who=".who == \"$1\""
	printf '| %s | %.2f | %s | %.2f | %.0f | %.1f | %.1f | %.1f | %.1f | %s |\n' "$1" "$(of "$all" "$who" .seconds)" \
		"$(jq -rs "map(select($who) | .seconds * 100 | round / 100) | \"\(min) … \(max)\"" "$all")" \
		"$(of "$all" "$who" .cpu_seconds)" "$(of "$all" "$who" '.peak_kib / 1024')" \
		"$(render_times "$1" "generate, new keys" .seconds)" "$(render_times "$1" "generate, new keys" .cpu_seconds)" \
		"$(render_times "$1" "generate, same keys" .seconds)" "$(render_times "$1" "generate, same keys" .cpu_seconds)" \
		"$(jq -rs "map(select($who) | .load) | \"\(min) … \(max)\"" "$all")"
}
render_section() {
	cat <<-END

		## The same objects by other tools

		The network has 1,000 banks of two releases and a notary. \`medley generate\` is compared with \`helm template\` and
		\`kubectl kustomize\`, which render the chart and the base that medley generated for the same network: whole
		processes in turns, five rounds (\`bench/parts/render.sh\`). All programs give the same objects. helm and kustomize
		read templates and files, make no keys, and write all objects into one file. medley writes 115 files and syncs each
		to the disk. "new keys": medley also makes the keys of all nodes, certificates, key stores and signed files. "same
		keys": the keys exist, and medley writes key stores, signed files and all objects again; this is the row to compare
		with helm and kustomize. "no change": the files exist as well, and medley compares each with what it would write.
		"times" are against medley with new keys and with the same keys; "load" is the machine's load average while it was
		measured.

		| | s | min … max | CPU s | peak MiB | times new keys | CPU | times same keys | CPU | load |
		| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
	END
	for who in "generate, new keys" "generate, same keys" "generate, no change" "helm template" "kubectl kustomize"; do
		render_row "$who"
	done
}

# all FILE FILTER KEY DIGITS: the spread of those lines.
all() {
	jq -rs "map(select($2) | $3 * pow(10; $4) | round / pow(10; $4)) | \"\(min) … \(max)\"" "$1"
}
cluster_row() {
	apply=$work/cluster-apply.json
	ours=".nodes == $1 and .who == \"medley\"" peer=".nodes == $1 and .who == \"kubectl\""
	printf '| %s | %s | %.2f | %s | %.2f | %s | %.1f | %.2f | %.2f | %.2f | %.2f | %.0f | %.0f |\n' "$1" \
		"$(of "$apply" "$ours" .objects)" \
		"$(of "$apply" "$ours" .seconds)" "$(all "$apply" "$ours" .seconds 2)" \
		"$(of "$apply" "$peer" .seconds)" "$(all "$apply" "$peer" .seconds 2)" \
		"$(jq -n "$(of "$apply" "$peer" .seconds) / $(of "$apply" "$ours" .seconds)")" \
		"$(of "$apply" "$ours" .cpu_seconds)" "$(of "$apply" "$peer" .cpu_seconds)" \
		"$(of "$apply" "$ours" .server_seconds)" "$(of "$apply" "$peer" .server_seconds)" \
		"$(of "$apply" "$ours" '.peak_kib / 1024')" "$(of "$apply" "$peer" '.peak_kib / 1024')"
}
ready_row() {
	ready=$work/cluster-ready.json nodes=".nodes == $1"
	printf '| %s | %s | %.1f | %s | %.1f | %.2f | %.2f | %.0f | %.1f | %s | %.2f | %.0f | %s |\n' "$1" \
		"$(of "$ready" "$nodes" .pods)" \
		"$(of "$ready" "$nodes" .seconds)" "$(all "$ready" "$nodes" .seconds 1)" \
		"$(of "$ready" "$nodes" .controllers)" "$(of "$ready" "$nodes" '.seconds / .controllers')" \
		"$(of "$ready" "$nodes" .wait_cpu)" "$(of "$ready" "$nodes" '.wait_kib / 1024')" \
		"$(of "$ready" "$nodes" .sweep)" "$(all "$ready" "$nodes" .sweep 1)" \
		"$(of "$ready" "$nodes" .sweep_cpu)" "$(of "$ready" "$nodes" '.sweep_kib / 1024')" \
		"$(jq -s "map(select($nodes).left) | max" "$ready")"
}
# ratio FILE FILTER FILTER KEY: how often the median of the first lines is in that
# of the second.
ratio() {
	printf "%.1f" "$(jq -n "$(of "$1" "$2" "$4") / $(of "$1" "$3" "$4")")"
}
# What the time of an apply goes into, and what was found out by hand.
cluster_limits() {
	ours='.nodes == 1000 and .who == "medley"'
	cat <<-END

		At 1,000 nodes the processors are the limit: in the $(printf %.2f "$(of "$apply" "$ours" .seconds)") s of medley's apply, $(nproc) processors have
		$(printf %.2f "$(jq -n "$(of "$apply" "$ours" .seconds) * $(nproc)")") s. API server and etcd use $(printf %.2f "$(of "$apply" "$ours" .server_seconds)") s of these, medley uses $(printf %.2f "$(of "$apply" "$ours" .cpu_seconds)") s.
		Other rounds, on 2026-11-26, measured the rest: the controllers that watch the objects used 0.12 to 0.2 s, and
		medley spent 0.14 s on reading 15.8 MB of YAML before it created the first object. medley sends ConfigMaps and
		Secrets, 99 % of the bytes, as protocol buffers, because the server reads JSON twice and then decodes base64: as
		JSON they cost the server 1.01 to 1.06 s of processor time (four rounds). Rounds with 2 to 64 objects in flight did
		not differ by more than their spread.
	END
}
ready_limits() {
	ready=$work/cluster-ready.json
	large='.nodes == 1000' small='.nodes == 100'
	cat <<-END

		Most of the time to ready is the time in which the controllers bind the claims. From 100 to 1,000 nodes, an apply
		takes $(ratio "$apply" "$large and .who == \"medley\"" "$small and .who == \"medley\"" .seconds) times as long, and watching takes $(ratio "$ready" "$large" "$small" .wait_cpu) times the processor time and $(ratio "$ready" "$large" "$small" .wait_kib) times the memory. The
		server sends each changed pod completely, 22 KiB; medley reads and keeps the 2 KiB with its status. A version of
		medley that kept all of it needed 33.8 s of processor time and 653 MiB for 1,000 nodes. The cluster is also the
		limit of a sweep.

		medley creates new objects and does not apply them. On 2026-11-26, API server and etcd used 1.1 and 1.2 s of
		processor time in two rounds to create the 119 objects of 1,000 nodes from JSON; for server-side apply they used
		2.6 and 2.3 s, for kubectl's apply 2.8 and 2.4 s.
	END
}
cluster_section() {
	cat <<-END

		## Objects in a cluster

		All objects that \`medley generate\` writes for a network (Namespace, ConfigMaps, Secrets, Services, StatefulSets
		without replicas) are in one file, which is sent to a cluster that does not have these objects yet. medley is
		compared with \`kubectl apply -f\`: whole processes in turns, three rounds (\`bench/parts/cluster.sh\`). The cluster is the test cluster of
		HACKING.md; all of it runs on this machine. "server" is the processor time of API server and etcd from the beginning to the end of the command, without
		the later work of controllers.

		| nodes | objects | s medley | min … max | s kubectl | min … max | times | CPU s medley | kubectl | server s medley | kubectl | MiB medley | kubectl |
		| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
	END
	for n in 10 100 1000; do cluster_row $n; done
	cluster_limits
	cat <<-END

		The same with a replica for each bank, a notary and a database, on 20 simulated machines (kwok), with
		a volume for each claim. "s to ready" is the time from the first object that is sent until medley knows that every
		StatefulSet is ready; "s to sweep" is the time until a listing of the objects is empty. "controllers" is the time
		at which the last pod became Ready, by the clock of the cluster, which has whole seconds: for 10 nodes this figure
		has no meaning. "of it" is the time to ready, divided by "controllers". CPU and memory are those of the process
		that waits, or sweeps. "left" is the number of objects that are left.

		| nodes | pods | s to ready | min … max | s controllers | of it | CPU s | MiB | s to sweep | min … max | CPU s | MiB | left |
		| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
	END
	for n in 10 100 1000; do ready_row $n; done
	ready_limits
}

boot_section() {
	cat <<-END

		## A boot that waits

		A boot of $(jq .banks "$work/boot.json") banks and a notary on 20 simulated machines (kwok), with a PostgreSQL beside the cluster
		(\`bench/parts/boot.sh\`). All pods run, and none answers, so medley waits. For 20 s the threads of the process
		are counted, five times per second. One thread handles the watches of the cluster, the other one all probes and
		forwards.

		| banks | threads, median | most | CPU, % of one processor |
		| --- | --- | --- | --- |
	END
	jq -r '"| \(.banks) | \(.threads) | \(.threads_max) | \(.cpu_percent * 10 | round / 10) |"' "$work/boot.json"
	cat <<-END

		Until November 2026 each connection of a forward had its own thread while it connected to the API server, and each
		probe makes a connection: up to 20 threads were counted.
	END
}

# history_row OPERATIONS STEP
history_row() {
	new=".ops == $1 and .step == \"$2\" and .way == \"new\""
	old=".ops == $1 and .step == \"$2\" and .way == \"old\""
	new_us=$(of "$work/history.json" "$new" '.cpu_seconds / .ops * 1e6')
	old_us=$(of "$work/history.json" "$old" '.cpu_seconds / .ops * 1e6')
	printf '| %s | %s | %.2f | %.2f | %.1f | %.0f | %.0f |\n' "$1" "$2" "$new_us" "$old_us" \
		"$(jq -n "$old_us / $new_us")" "$(of "$work/history.json" "$new" '.peak_kib / 1024')" \
		"$(of "$work/history.json" "$old" '.peak_kib / 1024')"
}

# history_read_row OPERATIONS STEP COMMAND
history_read_row() {
	step=".ops == $1 and .step == \"$2\""
	printf '| %s | `%s` | %.2f | %.0f |\n' "$1" "$3" "$(of "$work/history.json" "$step" '.cpu_seconds / .ops * 1e6')" \
		"$(of "$work/history.json" "$step" '.peak_kib / 1024')"
}

check_row() {
	check=$work/check-$1.json alone=$work/alone-$1.json
	ours=$(median "$check" '.details.signatures / .details.judge_seconds')
	limit=$(median "$alone" .per_second)
	anew=$(median "$check" '(.details.signatures - .details.signatures_repeated) / .details.judge_seconds')
	printf '| %s | %s | %s | %.2f | %.0f | %.0f | %.0f %% | %.0f %% | %.1f |\n' \
		"$(jq -s '.[0].details.transactions' "$check")" "$(jq -s '.[0].details.signatures' "$check")" \
		"$(jq -s '.[0].details.signatures - .[0].details.signatures_repeated' "$check")" \
		"$(median "$check" .details.judge_seconds)" "$ours" "$limit" \
		"$(jq -n "100 * $ours / $limit")" "$(jq -n "100 * $anew / $limit")" "$(median "$check" '.peak_kib / 1024')"
}

# jvm_rows FILE: a line for each set of options, in the order of the first round.
jvm_rows() {
	jq -rs 'def mid(f): map(f) | sort | .[length / 2 | floor];
		def spread(f): map(f * 10 | round / 10) | "\(min) … \(max)";
		(map(.options) | unique_by(.)) as $all | . as $rounds |
		reduce .[] as $r ([]; if index([$r.options]) then . else . + [$r.options] end) |
		.[] | . as $options | $rounds | map(select(.options == $options)) |
		"| `\($options)` | \(mid(.deploy) * 10 | round / 10) | \(spread(.deploy)) | \(mid(.rate) * 10 | round / 10) | " +
		"\(spread(.rate)) | \(mid(.p50) * 10 | round / 10) | \(mid(.cpu)) | \(mid(.mib)) |"' "$1"
}

# jvm_minutes FILE: a line a minute.
jvm_minutes() {
	jq -rs 'group_by(.minute)[] | (map({(.options): .}) | add) as $m |
		def row: if . and .payments > 0 then "\(.payments) | \(.cpu / .payments * 100 | round / 100)" else " | " end;
		"| \(.[0].minute) | \($m.stock | row) | \($m.fast | row) |"' "$1"
}

# The longest part, which may not have been measured with the others.
jvm_section() {
	cat <<-END

		## The JVMs of the nodes

		The same network with other values of the key \`jvm\`, three rounds in turns (\`bench/parts/jvm.sh\`). CPU and memory are
		those of all JVMs of the nodes at the end of the load. \`stock\` are the options that the nodes set themselves.

		| jvm | deploy s | min … max | payments/s | min … max | p50 s | CPU s | MiB |
		| --- | --- | --- | --- | --- | --- | --- | --- |
	END
	jvm_rows "$work/jvm.json"
	cat <<-END

		Two such networks ran under the same load at the same time, and shared the processors. The table has the payments in
		each minute since the networks were started, and the processor seconds of the nodes for each payment.

		| minute | stock: payments | CPU s each | fast: payments | CPU s each |
		| --- | --- | --- | --- | --- |
	END
	jvm_minutes "$work/jvm-minutes.json"
	cat <<-END

		A measurement of load should name its options and use \`jvm: stock\`, because nodes use these options outside
		medley.
	END
}

latency_row() {
	latency=$work/latency.json how=".how == \"$1\""
	printf '| %s | %.2f | %s | %.3f | %.1f | %.3f | %.3f |\n' "$2" \
		"$(of "$latency" "$how" .cpu_seconds)" "$(all "$latency" "$how" .cpu_seconds 2)" \
		"$(of "$latency" "$how" .worst_ms)" "$(of "$latency" "$how" '.peak_kib / 1024')" \
		"$(of "$latency" "$how" '.p50 / 1e6')" "$(of "$latency" "$how" '.p99 / 1e6')"
}
latency_section() {
	cat <<-END

		## Percentiles

		Two million payments with random times like those of real payments (\`bench/latency_bench.c\`, three rounds in
		turns): once with histograms, once with all times kept and sorted, as medley did before. "live" does what a driver
		does: it computes the median 200 times while payments are added. "cells" does what a report does: it adds latency
		and service time of each payment to one of 400 cells, and computes the percentiles of all cells at the end.
		Drawing the random times takes $(printf %.2f "$(of "$work/latency.json" '.how == "draw"' .cpu_seconds)") s of the processor time. "longest question" is the
		longest time that one computation blocks the driver's loop, or that the report computes. p50 and p99 are the results of the last computation.

		| | CPU s | min … max | ms longest question | peak MiB | s p50 | s p99 |
		| --- | --- | --- | --- | --- | --- | --- |
	END
	latency_row live-sorted 'live, sorted'
	latency_row live 'live, histogram'
	latency_row cells-sorted 'cells, sorted'
	latency_row cells 'cells, histograms'
	cat <<-END

		In results.json the histograms of 400 cells take $(jq -rs 'map("\(.text / 1000 | round) kB with \(.payments / .parts) payments a cell") | join(", ")' "$work/latency-text.json").
	END
}

r3=$(jq .seconds "$work/r3.json")
four=$(jq -s 'map(select(.nodes == 4))[0]' "$work/bootstrap.json")
{
	cat <<-END
		# Benchmarks

		Written by \`make bench\` on $(date -u +%Y-%m-%d): $(nproc) processors ($(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)),
		$(free -g | awk '/^Mem/ {print $2}') GiB, $(openssl version | cut -d' ' -f1,2). Every ratio compares programs that were measured side by side in this run. A
		figure is the median of three rounds, in which medley and the other program took turns, unless the text says
		something else. "CPU s" is processor time in seconds, "peak MiB" the peak of the memory of the process.

		## Identities of a network

		The benchmark makes everything that a network needs to boot, in memory: keys, certificates, key stores, node infos,
		signed parameters (\`bench/bootstrap_bench.c\`, 9 rounds; "first" is the first round of a process). The limit is OpenSSL
		alone, which makes the same number of keys and signatures on all processors.

		| nodes | first ms | median ms | min … max | OpenSSL alone ms |
		| --- | --- | --- | --- | --- |
	END
	jq -r '"| \(.nodes) | \(.first_ms) | \(.median_ms) | \(.min_ms) … \(.max_ms) | \(.openssl_median_ms) |"' "$work/bootstrap.json"
	cat <<-END

		R3's network bootstrapper (4.8), 4 nodes, same machine, one round: $(printf %.1f "$r3") s, because it starts every node twice.
		medley makes the identities of the same four nodes in $(echo "$four" | jq .first_ms) ms: $(printf %.0f "$(jq -n "$r3 * 1000 / $(echo "$four" | jq .first_ms)")") times faster. Keys and signatures limit medley, as the last column shows;
		the rest of the time goes into DER, JKS and SHA-1. medley uses all processors, too.

		## Manifests for a cluster

		\`medley generate -f FILE -o DIR\` for two releases and a notary, five rounds, the whole process
		(\`bench/parts/generate.sh\`): first with new keys into a new directory, then again with the existing keys.

		| nodes | files | MiB | s new keys | min … max | CPU s | s again | CPU s | peak MiB |
		| --- | --- | --- | --- | --- | --- | --- | --- | --- |
	END
	for n in 10 100 1000; do generate_row $n; done
	[ ! -s "$work/render.json" ] || render_section
	[ ! -s "$work/cluster-ready.json" ] || cluster_section
	[ ! -s "$work/boot.json" ] || boot_section
	cat <<-END

		## RPC client

		\`bench/rpc_bench.c\` is compared with R3's Java client 4.8 (\`bench/java/RpcBench.java\`, on the class path of a
		node's own jar, Java 8): 10,000 calls of currentNodeTime to the same 4.8 node, after 1,000 calls for warming up,
		with "depth" calls outstanding.
		CPU is that of the measured calls alone, without the start of either program; memory is the peak of the process.

		| depth | calls/s medley | Java | CPU us/call medley | Java | CPU | MiB medley | Java | memory |
		| --- | --- | --- | --- | --- | --- | --- | --- | --- |
	END
	for depth in 1 10 100; do rpc_row $depth; done
	cat <<-END

		Java ran with its default heap; with -Xmx128m and the serial collector it peaked at $(printf %.0f "$(jq '.peak_kib / 1024' "$work/rpc-java-small.json")") MiB (depth 10) and took
		$(printf %.0f "$(jq '.cpu_seconds / .calls * 1e6' "$work/rpc-java-small.json")") us of CPU for each call. Spread of calls/s at depth 10: medley $(jq -rs 'map(.calls / .seconds | floor) | "\(min) … \(max)"' "$work/rpc-ours-10.json"), Java $(jq -rs 'map(.calls / .seconds | floor) | "\(min) … \(max)"' "$work/rpc-java-10.json").

		## The main job

		\`medley run examples/quickstart/network.yaml\`, images cached: three banks of three releases and a notary on one
		machine. The JVMs' boot is the time from the start of the slowest node's container until it answers; "log" is the
		time in that node's own log ("started up and registered in … sec"), which does not include the start of Java itself.

		| run s | load s | boot s | log s | check s | down s | (run - load) / boot | (run - load) / log | CPU s of medley and its tools |
		| --- | --- | --- | --- | --- | --- | --- | --- | --- |
	END
	jq -r '[.seconds, .drive, .boot, .jvm, .check, .down, .ratio, ((.seconds - .drive) / .jvm), .cpu_seconds] | map(. * 100 | round / 100 | tostring) | "| " + join(" | ") + " |"' "$work/main.json"
	[ ! -f "$work/jvm-minutes.json" ] || jvm_section
	cat <<-END

		## The check

		\`medley check\` reads databases that \`bench/check_data.c\` made: issues and payments with correct ids and
		signatures, stored by payer and payee. The limit, \`bench/verify_alone.c\`, verifies the same signatures with OpenSSL
		on $(nproc) threads, all in memory, and does nothing else. While the check verifies, PostgreSQL uses the same processors.
		If both vaults hold a signature, the check verifies it once. "of the limit" compares the rate for all stored
		signatures with OpenSSL, "distinct" the rate for the signatures that had to be verified. The wait for quiet before
		the check is not included. With 1,000 transactions, most of the time goes into connecting to the databases and
		asking for their contents.

		| stored transactions | signatures | distinct | check s | signatures/s | OpenSSL alone/s | of the limit | distinct | peak MiB |
		| --- | --- | --- | --- | --- | --- | --- | --- | --- |
	END
	for pairs in 250 25000; do check_row $pairs; done
	cat <<-END

		With a hundred times as many transactions, memory grew by $(jq -n "($(median "$work/check-25000.json" .peak_kib) - $(median "$work/check-250.json" .peak_kib)) / 1024 | round") MiB.
	END
	latency_section
	cat <<-END

		## The history

		\`bench/history_bench.c\` writes a history (\`write\`), and reads, keeps and settles it like a check, but without
		databases (\`judge\`). "new" is what medley does now. "old" is what it did until November 2026: for each line it
		built a JSON value, opened the file, locked it, appended and closed it, and it kept the whole history in memory.
		Both write the same bytes. The table has the processor time of the whole process for each operation, and its peak
		memory.

		| operations | step | us/operation new | old | times | MiB new | old |
		| --- | --- | --- | --- | --- | --- | --- |
	END
	for count in 20000 2000000; do
		history_row $count write
		history_row $count judge
	done
	both='.ops == 2000000 and (.step == "write" or .step == "judge")'
	new_us=$(jq -s "map(select($both and .way == \"new\") | .cpu_seconds / .ops * 1e6) | add" "$work/history.json")
	old_us=$(jq -s "map(select($both and .way == \"old\") | .cpu_seconds / .ops * 1e6) | add" "$work/history.json")
	cat <<-END

		To write and judge one of 2,000,000 operations costs $(printf %.2f "$new_us") us; before, it cost $(printf %.2f "$old_us") us, $(printf %.1f "$(jq -n "$old_us / $new_us")") times as
		much. 12 MiB of the memory of the larger \`judge\` hold the 200,000 operations without an answer, whose transactions
		medley has still to find. For every operation, 72 bytes are kept in an unnamed temporary file.

		The whole commands \`medley report\` and \`medley show tx\` on the new histories:

		| operations | command | us/operation | peak MiB |
		| --- | --- | --- | --- |
	END
	for count in 20000 2000000; do
		history_read_row $count report 'medley report'
		history_read_row $count show 'medley show tx'
	done
	cat <<-END

		Memory grows because two sets of the ids that were read are kept. If the settlements are not in the order of the
		history (no check writes them so), all settlements from the first difference on are kept in memory.

		## Releases from nothing

		Node images of seven releases of Maven Central ($(jq -r '[.images[].word | sub("maven:"; "")] | join(" ")' "$work/build-images.json")), with no image, no cache and an empty Maven
		repository; one round, because each downloads about half a gigabyte. "downloads alone": Maven downloads the same jars, one
		after the other. "system alone": the Debian packages with Java 8, the base of all images. Both are measured after the
		builds, on the same machine. "again": nothing has changed, median of three. The images themselves (unpacking a jar by starting it once, writing the layer) took
		$(jq '[.images[].seconds] | add | floor' "$work/build-images.json") s together with their downloads, the sum of times that overlap on $(nproc) processors.

		| from nothing s | CPU s | downloads alone s | CPU s | system alone s | CPU s | again ms |
		| --- | --- | --- | --- | --- | --- | --- |
	END
	jq -rs 'map(.seconds, .cpu_seconds | round | tostring) | "| " + join(" | ") + " | "' \
		"$work/build-nothing.json" "$work/build-fetch.json" "$work/build-system.json" | tr -d '\n'
	printf '%.0f |\n' "$(median "$work/build-again.json" '.seconds * 1000')"
	built=$work/build-nothing.json
	cat <<-END

		The build used $(jq '.cpu_seconds | round' "$built") s of processor time in $(jq '.seconds | round' "$built") s, $(jq --argjson n "$(nproc)" '100 * .cpu_seconds / .seconds / $n | round' "$built") % of what $(nproc) processors have.
		Downloads and packages use $(jq -s 'map(.cpu_seconds) | add | round' "$work/build-fetch.json" "$work/build-system.json") s of it; the rest goes into unpacking each jar, by starting it once, and
		into writing layers.
	END
	cat bench/by-hand.md
} >docs/benchmarks.md.new
mv docs/benchmarks.md.new docs/benchmarks.md
