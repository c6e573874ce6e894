#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The Debian package: made twice it has the same bytes, lintian has nothing to
# say, and dpkg installs and removes it, in a root file system over this machine's.
#
# track: build
# when: make/ setup lib/sys/home build-and-publish/test/package.sh
# needs: root
. test/network/common.sh
# Another directory, another time: clones of what is committed.
made() {
	git clone -q "$PWD" "$runs/$1" && make -s -j2 -C "$runs/$1" deb >"$runs/$1.log" 2>&1 &&
		tail -n 1 "$runs/$1.log"
}
first=$(made first)
second=$(made second)
ok "the package is made" test -s "$first"
ok "made again elsewhere, it has the same bytes" cmp "$first" "$second"
is "lintian has nothing to say" "$(lintian "$first" 2>&1 | grep -v 'root privileges')" ""

merged=$runs/merged
mkdir "$runs/layer" "$merged"
cat >"$runs/in-layer" <<END
set -e
mount -t tmpfs layer "$runs/layer"
mkdir "$runs/layer/upper" "$runs/layer/work"
mount -t overlay overlay -o "lowerdir=/,upperdir=$runs/layer/upper,workdir=$runs/layer/work" "$merged"
cp "$first" "$merged/tmp/medley.deb"
cp -r test/vectors/report/green "$merged/tmp/green"
chroot "$merged" sh -ec "\$1"
END
# in_layer SCRIPT: sees this machine's files; what it writes is gone at its end.
in_layer() {
	unshare --mount sh "$runs/in-layer" "$1"
}
ok "dpkg installs it, and it judges a run" in_layer '
	dpkg -i /tmp/medley.deb
	cd /
	[ "$(command -v medley)" = /usr/bin/medley ]
	medley report /tmp/green'
ok "dpkg removes every file of it" in_layer '
	dpkg -i /tmp/medley.deb
	dpkg -L medley | grep /medley >/tmp/files
	dpkg --purge medley
	while read -r file; do [ ! -e "$file" ]; done </tmp/files'
