# SPDX-License-Identifier: Apache-2.0
# render.sh - the objects of a network as texts: generated, against helm template
# of the chart and kubectl kustomize of the base that were generated of it.
# RENDER_ROUNDS says how often (5), RENDER_NODES how large (1000).
# shellcheck shell=sh

render_bench() {
	helm=$(test/kubernetes/build-helm)
	kubectl=$("test/kubernetes/build-binaries")/kubectl
	nodes=${RENDER_NODES:-1000} site=$work/render
	mkdir -p "$site/built"
	cp test/vectors/images/node-images.txt "$site/built/"
	cat >"$site/network.yaml" <<-END
		banks:
		  - {release: maven:4.0, count: $((nodes / 2))}
		  - {release: maven:4.10, count: $((nodes / 2))}
		notaries: [{release: maven:4.8}]
		cordapps: finance-4.0
	END
	render_write chart helm
	render_write base kustomize
	for round in $(seq "${RENDER_ROUNDS:-5}"); do
		# Keys and manifests; then all manifests of these keys in a new directory;
		# then nothing changes, and each file is compared with what it would be.
		render_timed "generate, new keys" render_write "new-$round" plain
		mkdir -p "$site/same-$round/.medley"
		cp "$site/new-$round/.medley/identities.jks" "$site/new-$round/.medley/passwords" \
			"$site/same-$round/.medley/"
		render_timed "generate, same keys" render_write "same-$round" plain
		render_timed "generate, no change" render_write "same-$round" plain
		render_timed "helm template" "$helm" template medley "$site/chart" -n medley \
			-f "$site/chart/.medley/secrets.yaml"
		render_timed "kubectl kustomize" "$kubectl" kustomize "$site/base"
	done
}

# render_write DIR FORMAT
render_write() {
	(cd "$site" && "$OLDPWD/$bin/timed" "$OLDPWD/medley" generate -f network.yaml -o "$1" --format "$2")
}

# render_timed WHO COMMAND...: a line of what it took, and how busy the machine was.
render_timed() {
	who=$1
	shift
	case $1 in
	render_write) "$@" ;;
	*) "$bin/timed" "$@" ;;
	esac >"$work/render.out" 2>"$work/render.err" || {
		cat "$work/render.err" >&2
		exit 70
	}
	tail -n 1 "$work/render.err" | jq -c --arg who "$who" --argjson nodes "$nodes" \
		--arg load "$(cut -d' ' -f1 /proc/loadavg)" \
		'. + {$who, $nodes, load: ($load | tonumber)}' | tee -a "$work/render.json"
}

if [ -e "${MEDLEY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/medley}/kubernetes" ]; then
	render_bench
else
	say "render: skipped, kubectl is not there: make kubernetes-binaries"
fi
