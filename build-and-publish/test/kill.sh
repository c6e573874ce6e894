#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# medley is killed with -9 in every phase of a build: the next build takes away
# what that one left, and succeeds. Run in the root.
#
# track: build
# when: build-and-publish/ lib/sys/process.c
# needs: -
. build-and-publish/test/common.sh
# A cache of its own: nothing is there at first but the images.
export MEDLEY_CACHE="$runs/cache"
cache=$MEDLEY_CACHE

released_jar maven:4.0
make_clone
gradlew main 'sh -c "exec sleep 0.2; true"
sh -c "echo \$\$ >>\"$PIDS\"; [ -z \"$HOLD_COMPILE\" ] || exec sleep 300" &
wait
mkdir -p node/capsule/build/libs
cp "$TEST_JAR" node/capsule/build/libs/corda-9.jar'
export PIDS="$runs/pids"

# A program of the same name before the real one: it stops where it is told to,
# before or after the real one has done its work.
mkdir shims
for tool in mvn mmdebstrap buildah skopeo; do
	real=$(command -v $tool)
	cat >shims/$tool <<END
#!/bin/sh
[ "\$HOLD" != "$tool-before" ] || { echo \$\$ >>"\$PIDS"; exec sleep 300; }
[ "\$HOLD" != "$tool-half" ] || { "$real" "\$@" & sleep 1.5; echo \$\$ >>"\$PIDS"; wait; sleep 300; }
"$real" "\$@" || exit
[ "\$HOLD" != "$tool-after" ] || { echo \$\$ >>"\$PIDS"; sleep 300; }
END
	chmod +x shims/$tool
done
export PATH="$runs/shims:$PATH"

mkdir own # recipes of its own: see below

# killed_at WHERE COMPONENT [WORD]: a build that stops there; medley is killed.
killed_at() {
	rm -f "$PIDS"
	export HOLD=$1 HOLD_COMPILE=
	[ "$1" != compile ] || HOLD_COMPILE=1
	shift
	start killed build "$@" --repo "$clone" --recipes own
	set -- "$HOLD"
	ok "the build reaches $1" until_true 120 test -s "$PIDS"
	kill -KILL "$(pgrep -P "$background" -x medley)"
	wait "$background" 2>/dev/null
	background=
	export HOLD= HOLD_COMPILE=
	ok "killed at $1, something is left" sh -c \
		'[ -n "$(ls -d "$0"/build/work-* 2>/dev/null)" ]' "$cache"
}

# recovers WHERE COMPONENT [WORD]: the next build finds its way.
recovers() {
	where=$1
	shift
	medley_run again 0 build "$@" --repo "$clone" --recipes own --json
	set -- "$where"
	ok "after $1: no work directory, container or name is left" no_build_left
	is "after $1: no worktree" "$(worktrees)" 0
	ok "after $1: no process" sh -c 'while read -r p; do
		! kill -0 "$p" 2>/dev/null || exit 1; done <"$PIDS"'
}

anew() {
	image=$(jq -r '.images[0].image // empty' again.out)
	podman rmi -f "$image" >/dev/null
	rm -rf "$cache/compiled"
}

for where in compile buildah-before buildah-half buildah-after; do
	killed_at $where node main
	recovers $where node main
	anew
done

# While it asks a registry, where nobody is.
killed_at skopeo-before node main --docker-registry 127.0.0.1:1/x
recovers skopeo-before node main
anew

# While it fetches: nothing of a jar that is half there is taken.
mkdir own/fetched own/system
cat >own/fetched/recipe.yaml <<'END'
base: base
words: [{word: "maven:{}", maven: {it.jar: "net.corda:corda-finance-contracts:{}"}}]
END
printf 'FROM base\nCOPY it.jar /it.jar\n' >own/fetched/Containerfile
for where in mvn-before mvn-half mvn-after; do
	rm -rf "$cache/artifacts"
	killed_at $where fetched maven:4.0
	recovers $where fetched maven:4.0
	anew
done

# While it installs a system, which mounts things.
printf 'debian: {suite: bookworm, packages: [sed]}\n' >own/system/recipe.yaml
printf 'FROM scratch\nADD rootfs.tar /\n' >own/system/Containerfile
killed_at mmdebstrap-half system
recovers mmdebstrap-half system
ok "no mount is left" sh -c '! grep -F "$0" /proc/mounts' "$cache"
anew
remove_images
