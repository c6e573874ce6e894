#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# cordapps.sh - builds the cordapps image of one release: cordapps.sh finance-4.0
set -eu
exec "$(dirname "$0")/../../medley" build cordapps "$@"
