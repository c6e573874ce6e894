#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# node.sh - builds the node image of a release: node.sh maven:4.10, node.sh
# origin/main (HEAD unless given).
home=$(dirname "$0")/../..
[ -x "$home/medley" ] || make --no-print-directory -C "$home" medley >&2 || exit
exec "$home/medley" build node "$@"
