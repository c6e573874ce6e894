#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# notary.sh - builds the notary image of a release: notary.sh maven:4.8 (HEAD
# unless given).
home=$(dirname "$0")/../..
[ -x "$home/medley" ] || make --no-print-directory -C "$home" medley >&2 || exit
exec "$home/medley" build notary "$@"
