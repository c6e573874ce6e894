# SPDX-License-Identifier: Apache-2.0
# common.sh - a clone with a build like a node's, for the scenarios of builds;
# sourced by them, in the project's root.
# shellcheck shell=sh disable=SC2034,SC2154
[ -n "${medley:-}" ] || . test/network/common.sh
home=$PWD
cd "$runs" || exit 70
clone=$runs/clone
cache=$(dirname "$conf")
export TEST_JAR="$runs/jar/corda.jar"
export GIT_CONFIG_GLOBAL=/dev/null
# What the builds of these clones, and the shims of kill.sh, read.
export MEDLEY_ENVIRONMENT="TEST_JAR JARS COMPILED SLOW_PID PIDS HOLD HOLD_COMPILE"

in_clone() {
	git -C "$clone" -c user.name=t -c user.email=t@t "$@"
}

make_clone() {
	git init -q -b main "$clone"
}

# gradlew BRANCH SCRIPT: a commit whose build does that.
gradlew() {
	in_clone checkout -q -B "$1"
	printf '#!/bin/sh\n%s\n' "$2" >"$clone/gradlew"
	chmod +x "$clone/gradlew"
	in_clone add gradlew
	in_clone commit -q -m "$1"
}

# released_jar maven:VERSION: the jar that the clone's build "makes".
released_jar() {
	mvn -q -B dependency:copy "-Dartifact=net.corda:corda:${1#maven:}" \
		"-DoutputDirectory=$runs/jar" -Dmdep.stripVersion=true >/dev/null
	ok "Maven has a jar to build with" test -s "$TEST_JAR"
}

# Worktrees of builds, besides those kept for a look.
worktrees() {
	find "$cache/build/worktrees" -mindepth 1 -maxdepth 1 2>/dev/null | wc -l
}

# What a build that is over must not have left.
left_of_builds() {
	find "$cache/build" -maxdepth 1 -name 'work-*'
	buildah containers --format '{{.ContainerName}}' | grep '^for-'
	podman images --format '{{.Repository}}' | grep '/medley/for-'
	true
}

no_build_left() {
	left=$(left_of_builds)
	[ -z "$left" ] || { echo "$left"; false; }
}

# Images of commits: nobody needs them again.
remove_images() {
	cat "$runs"/*/node-images.txt 2>/dev/null |
		awk -F'\t' '$4 !~ /^(maven|debian):/ && $1 ~ /@/ { print $1 }' |
		sort -u | xargs -r podman rmi -f >/dev/null 2>&1
	true
}
