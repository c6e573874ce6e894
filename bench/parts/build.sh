# SPDX-License-Identifier: Apache-2.0
# build.sh - seven releases from nothing, against their downloads and the system
# that they stand on alone; and again, with nothing changed.
# shellcheck shell=sh
seven="maven:4.3 maven:4.4 maven:4.5 maven:4.7 maven:4.8 maven:4.9 maven:4.10"
mkdir -p "$work/new"
cat >"$work/new/storage.conf" <<END
[storage]
driver = "overlay"
graphroot = "$work/new/root"
runroot = "$work/new/run"
END

# timed NAME COMMAND...: with no image, no cache and no Maven repository but
# those of this bench; a line of JSON in $work/build-NAME.json
build_timed() {
	name=$1
	shift
	(
		cd "$work/new" && CONTAINERS_STORAGE_CONF=$work/new/storage.conf \
			MEDLEY_CACHE=$work/new/cache MAVEN_OPTS=-Dmaven.repo.local=$work/new/m2-$name \
			"$OLDPWD/$bin/timed" "$@" >"$work/build.out" 2>"$work/build.err"
	) || { cat "$work/build.out" "$work/build.err" >&2; exit 70; }
	# Maven leaves colours before the line.
	tail -n 1 "$work/build.err" | grep -o '{.*' | tee -a "$work/build-$name.json"
}

# shellcheck disable=SC2086
build_timed nothing "$PWD/medley" build node $seven --json
cp "$work/build.out" "$work/build-images.json"
for _ in 1 2 3; do
	# shellcheck disable=SC2086
	build_timed again "$PWD/medley" build node $seven --json
done
build_timed system mmdebstrap --variant=minbase \
	--include=openjdk-8-jre-headless,ca-certificates \
	'--aptopt=Acquire::Check-Valid-Until "false"' sid "$work/new/alone.tar"
cat >"$work/new/fetch" <<'END'
#!/bin/sh
for v in "$@"; do
	mvn -q -B dependency:copy "-Dartifact=net.corda:corda:${v#maven:}" -DoutputDirectory=fetched || exit
done
END
chmod +x "$work/new/fetch"
# shellcheck disable=SC2086
build_timed fetch "$work/new/fetch" $seven
umount -l "$work/new/root/overlay" 2>/dev/null || true
rm -rf "$work/new"
