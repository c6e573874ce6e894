#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# delete-all.sh - takes the network of a run down, and proves that nothing is
# left: delete-all.sh [RUN] (runs/latest).
set -eu
home=$(cd "$(dirname "$0")/.." && pwd)
exec "$home/medley" down "${1:-$home/runs/latest}"
