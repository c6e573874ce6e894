# SPDX-License-Identifier: Apache-2.0
# common.sh - a directory for a script about the command line, and what it
# asserts; sourced by it, with the program as $1. It ends with `exit $bad`.
# shellcheck shell=sh disable=SC2034
medley=$(readlink -f "$1")
script=${0##*/}
dir=$(mktemp -d "${TMPDIR:-/tmp}/medley-${script%.sh}-XXXXXX") || exit 70
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 70
bad=0

# ok NAME COMMAND...: the command succeeds. What it printed, and what is in the
# files of $shown, is shown otherwise.
ok() {
	name=$1
	shift
	if "$@" >output 2>&1; then
		echo "[       OK ] $name"
	else
		# shellcheck disable=SC2086
		cat output $shown 2>/dev/null
		echo "[  FAILED  ] $name: $*"
		bad=1
	fi
}
shown=

# expect NAME CODE PATTERN ARGS...: exit code, and a line of the output.
expect() {
	name=$1 code=$2 pattern=$3
	shift 3
	# Words, not one: `env NAME=VALUE` may stand before the program.
	# shellcheck disable=SC2086
	$medley "$@" >out 2>&1 </dev/null
	got=$?
	if [ "$got" -eq "$code" ] && grep -qE -- "$pattern" out; then
		echo "[       OK ] $name"
	else
		echo "medley $*: exit $got, expected $code and '$pattern' in:"
		cat out
		echo "[  FAILED  ] $name"
		bad=1
	fi
}
