#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# completion.sh - each shell completes medley's command lines; manual pages are
# what mandoc and groff expect.
# Usage: completion.sh MEDLEY   Prints a line an assertion, as cmocka does. A
# shell or a checker that the machine does not have is skipped.
set -u
medley=$(readlink -f "$1")
dir=$(mktemp -d "${TMPDIR:-/tmp}/medley-completion-XXXXXX") || exit 70
trap 'rm -rf "$dir"' EXIT
export LC_ALL=C
bad=0
mkdir "$dir/bin" "$dir/here"
ln -s "$medley" "$dir/bin/medley"
PATH=$dir/bin:$PATH
cd "$dir/here" || exit 70
export HOME="$dir"

# A run, with the nodes bank-4.0-0, bank-4.10-0 and notary-4.10-0 or the like.
mkdir runs
cp -r "$MEDLEY_HOME/test/vectors/report/green" runs/20261121-075012
ln -s 20261121-075012 runs/latest
touch network.yaml other.txt

# same NAME EXPECTED GOT
same() {
	if [ "$2" = "$3" ]; then
		echo "[       OK ] $1"
	else
		printf 'expected:\n%s\nbut got:\n%s\n' "$2" "$3"
		echo "[  FAILED  ] $1"
		bad=1
	fi
}
# has NAME WORD WORDS: the word is one of those.
has() {
	case " $(echo $3) " in
	*" $2 "*) echo "[       OK ] $1" ;;
	*)
		echo "no '$2' in: $3"
		echo "[  FAILED  ] $1"
		bad=1
		;;
	esac
}

# bash LINE: what bash offers behind it.
cat >"$dir/ask.bash" <<'END'
source <(medley completion bash)
COMP_LINE=$1 COMP_POINT=${#1} COMP_TYPE=9
_medley
printf '%s\n' "${COMPREPLY[@]}"
END
in_bash() {
	bash --norc --noprofile "$dir/ask.bash" "$1" 2>&1
}
same bash_command 'report' "$(in_bash 'medley repo')"
same bash_program_option '--verbose' "$(in_bash 'medley --verb')"
same bash_command_behind_option 'run' "$(in_bash 'medley --verbose ru')"
same bash_option '--engine' "$(in_bash 'medley run --en')"
same bash_value 'podman
kubernetes' "$(in_bash 'medley run --engine ')"
same bash_value_behind_equals 'podman' "$(in_bash 'medley run --engine=po')"
same bash_verb 'approve' "$(in_bash 'medley doorman app')"
same bash_option_of_verb '--reason' "$(in_bash 'medley doorman reject --rea')"
same bash_literal 'tx' "$(in_bash 'medley show t')"
same bash_run '20261121-075012' "$(in_bash 'medley report 2026')"
same bash_runs_elsewhere '20261121-075012' "$(in_bash 'medley report --runs ../here/runs 2026')"
same bash_file 'network.yaml' "$(in_bash 'medley run net')"
same bash_node 'bank-4.10-0' "$(in_bash 'medley logs bank-4.1')"
same bash_cell '4.8
4.10:4.8' "$(in_bash 'medley expect --cell 4.0:4.5:' | head -1)
$(in_bash 'medley expect --cell 4.0:4.1' | head -1)"
same bash_cell_behind_equals '4.0:4.8' "$(in_bash 'medley expect --cell=4.5:4.0' | head -1)"
same bash_nothing '' "$(in_bash 'medley frobnicate ')"
same bash_no_hidden_command '' "$(in_bash 'medley complete')"
has bash_shows_directory 'runs' "$(in_bash 'medley run --runs ru')"

if command -v zsh >/dev/null; then
	medley completion zsh >"$dir/_medley"
	same zsh_syntax '' "$(zsh -n "$dir/_medley" 2>&1)"
	# With compadd's place taken, the function alone: what it would offer.
	cat >"$dir/ask.zsh" <<'END'
compdef() { : }
_describe() { print -rl -- "${(@P)2}" }
_files() { print -r -- "files $*" }
source $1
words=("${(@s: :)2}") CURRENT=${#words}
_medley
END
	in_zsh() {
		zsh -f "$dir/ask.zsh" "$dir/_medley" "$1" 2>&1
	}
	same zsh_command 'report:judge a run from its files; the exit code is the answer' "$(in_zsh 'medley repo')"
	same zsh_file 'files' "$(in_zsh 'medley drive --load net' | tr -d ' ')"
	same zsh_directory 'files-/' "$(in_zsh 'medley run --runs ru' | tr -d ' ')"
else
	echo '[  SKIPPED ] zsh'
fi

if command -v fish >/dev/null; then
	medley completion fish >"$dir/medley.fish"
	same fish_syntax '' "$(fish --no-config -n "$dir/medley.fish" 2>&1)"
	in_fish() {
		fish --no-config -c "source $dir/medley.fish; complete -C '$1'" 2>&1 | cut -f 1
	}
	same fish_command 'report' "$(in_fish 'medley repo')"
	same fish_value 'kubernetes' "$(in_fish 'medley run --engine ku')"
	same fish_verb 'approve' "$(in_fish 'medley doorman app')"
	same fish_file 'network.yaml' "$(in_fish 'medley run net')"
else
	echo '[  SKIPPED ] fish'
fi

# ---- manual pages ----

pages=0 wrong=
for page in $(medley man); do
	pages=$((pages + 1))
	medley man "$page" >"$dir/$page"
	if command -v mandoc >/dev/null; then
		wrong="$wrong$(mandoc -T lint -W warning "$dir/$page" 2>&1)"
	fi
	if command -v man >/dev/null && command -v groff >/dev/null; then
		wrong="$wrong$(man -l --warnings=w "$dir/$page" 2>&1 >/dev/null)"
	fi
done
same manual_pages '' "$wrong"
same a_page_for_each_command "$(medley help | grep -c '^  [a-z][a-z]*  ')" $((pages - 2))
exit $bad
