#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The disk is full: under the cache, under the record, under the images. Each
# is said as it is, and nothing is left half made. Run in the root.
#
# track: build
# when: build-and-publish/ lib/sys/file.c
# needs: root
. build-and-publish/test/common.sh
released_jar maven:4.0
make_clone
gradlew main 'mkdir -p node/capsule/build/libs
cp "$TEST_JAR" node/capsule/build/libs/corda-9.jar || exit'
mounted=

small_disk() {
	mkdir -p "$1"
	mount -t tmpfs -o "size=$2" tmpfs "$1" && mounted="$mounted $1"
}

unmount() {
	for m in $mounted; do
		umount -l "$m"
	done
	mounted=
}
trap 'unmount; finish' EXIT

failure() {
	jq -r '.images[0].failure' "$1.out"
}

ok "a small disk for the cache" small_disk "$runs/cache" 20m
MEDLEY_CACHE="$runs/cache" medley_run cache 65 build node main --repo "$clone" --json
ok "a full cache is called full ($(failure cache))" holds cache.out \
	'.images[0].failure | test("No space left on device")'
cache=$runs/cache
ok "nothing but the kept worktree is left there" no_build_left
unmount

medley_run warm 0 build cordapps finance-4.0
rm -rf built
ok "a small disk for the record" small_disk "$runs/built" 256k
medley_run first 0 build node maven:4.0
cp built/node-images.txt before
dd if=/dev/zero of=built/filler bs=4k 2>/dev/null
medley_run record 65 build cordapps finance-4.0 --json
ok "a full record is called full ($(failure record))" holds record.out \
	'.images[0].failure | test("No space left on device")'
ok "and has whole lines only" diff before built/node-images.txt
rm built/filler
medley_run later 0 build cordapps finance-4.0
is "with room again, the line is written" \
	"$(grep -c '	cordapps	finance-4.0	' built/node-images.txt)" 1
unmount

# podman's storage: big enough for nothing but its own files.
ok "a small disk for images" small_disk "$runs/storage" 30m
cat >storage.conf <<END
[storage]
driver = "overlay"
graphroot = "$runs/storage/root"
runroot = "$runs/storage/run"
END
CONTAINERS_STORAGE_CONF="$runs/storage.conf" MEDLEY_CACHE="$runs/other" \
	medley_run storage 65 build base --json
ok "a full storage is called full ($(failure storage))" holds storage.out \
	'.images[0].failure | test("no space left on device")'
remove_images
