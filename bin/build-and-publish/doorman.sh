#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# doorman.sh - builds the doorman's image: medley of a commit of its own
# repository (HEAD unless given).
home=$(dirname "$0")/../..
[ -x "$home/medley" ] || make --no-print-directory -C "$home" medley >&2 || exit
exec "$home/medley" build doorman "$@"
