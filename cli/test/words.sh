#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# words.sh - help texts and errors are those that somebody has read: test/words.txt.
# Usage: words.sh MEDLEY   Prints a line an assertion, as cmocka does.
set -u
dir=$(mktemp -d "${TMPDIR:-/tmp}/medley-words-XXXXXX") || exit 70
trap 'rm -rf "$dir"' EXIT
"$MEDLEY_HOME/test/words" "$1" >"$dir/words"
if diff -u "$MEDLEY_HOME/test/words.txt" "$dir/words"; then
	echo '[       OK ] words'
else
	echo "Read the differences; 'make golden' accepts them."
	echo '[  FAILED  ] words'
	exit 1
fi
