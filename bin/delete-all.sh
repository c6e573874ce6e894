#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# delete-all.sh - takes the network of a run down, and proves that nothing is
# left: delete-all.sh [RUN] [OPTION...] (runs/latest).
set -eu
exec "$(dirname "$0")/../medley" down "$@"
