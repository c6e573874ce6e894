#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# start.sh - brings a network up: start.sh [CONFIG|RUN|NETWORK.yaml] [OPTION...]
# Without a name: config/, which generate_config wrote, or else runs/latest.
set -eu
case ${1:--} in
-*) [ ! -f config/.medley/resolved ] || set -- config "$@" ;;
esac
exec "$(dirname "$0")/../medley" up "$@"
