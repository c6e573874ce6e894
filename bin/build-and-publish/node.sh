#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# node.sh - builds the node image of one release: node.sh maven:4.10
set -eu
exec "$(dirname "$0")/../../medley" build node "$@"
