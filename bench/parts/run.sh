# SPDX-License-Identifier: Apache-2.0
# run.sh - the main job on cached images, against the boot of its own JVMs.
# shellcheck shell=sh

for _ in 1 2 3; do
	$bin/timed ./medley run examples/quickstart/network.yaml --runs "$work/main" \
		>"$work/main.out" 2>"$work/main.err" || { cat "$work/main.out" "$work/main.err" >&2; exit 70; }
	jq -c --argjson t "$(tail -n 1 "$work/main.err")" '
		(.phases | map({(.phase): .}) | add) as $p |
		($p.deploy.details.nodes | map(.boot_seconds) | max) as $boot |
		{seconds: $t.seconds, cpu_seconds: $t.cpu_seconds, peak_kib: $t.peak_kib,
		 drive: $p.drive.seconds, boot: $boot,
		 jvm: ($p.deploy.details.nodes | map(.jvm_seconds) | max),
		 check: $p.check.seconds, down: $p.down.seconds,
		 ratio: (($t.seconds - $p.drive.seconds) / $boot)}' \
		"$work/main/latest/results.json" | tee -a "$work/main.json"
done
