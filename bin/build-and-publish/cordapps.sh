#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# cordapps.sh - builds the image of CorDapps of a release: cordapps.sh
# finance-4.0, cordapps.sh maven:4.8, cordapps.sh origin/main (HEAD).
home=$(dirname "$0")/../..
[ -x "$home/medley" ] || make --no-print-directory -C "$home" medley >&2 || exit
exec "$home/medley" build cordapps "$@"
