# SPDX-License-Identifier: Apache-2.0
# generate.sh - a cluster's manifests: how time and memory grow with the nodes.
# shellcheck shell=sh

mkdir -p "$work/generate/built"
cp test/vectors/images/node-images.txt "$work/generate/built/"
for n in 10 100 1000; do
	cat >"$work/generate/$n.yaml" <<-END
		banks:
		  - {release: maven:4.0, count: $((n / 2))}
		  - {release: maven:4.10, count: $((n / 2))}
		notaries: [{release: maven:4.8}]
		cordapps: finance-4.0
	END
	for round in 1 2 3 4 5; do
		for keys in new kept; do
			(cd "$work/generate" && "$OLDPWD/$bin/timed" "$OLDPWD/medley" \
				generate -f $n.yaml -o "$n-$round") >/dev/null 2>"$work/generate.err"
			tail -n 1 "$work/generate.err" |
				jq -c --arg keys $keys --argjson n $n '. + {nodes: $n, keys: $keys}' |
				tee -a "$work/generate.json"
		done
	done
	jq -nc --argjson n $n --argjson files "$(find "$work/generate/$n-1" -name '*.yaml' | wc -l)" \
		--argjson kib "$(du -sk "$work/generate/$n-1" | cut -f1)" \
		'{nodes: $n, files: $files, kib: $kib}' | tee -a "$work/generate-size.json"
done
