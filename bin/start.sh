#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# start.sh - brings the network of a run up: start.sh [RUN] (runs/latest).
set -eu
home=$(cd "$(dirname "$0")/.." && pwd)
exec "$home/medley" up "${1:-$home/runs/latest}"
