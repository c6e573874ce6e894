/* SPDX-License-Identifier: Apache-2.0 */
/* completion_scripts.c - scripts with which bash, zsh and fish ask medley. */
#include <string.h>

#include "base/cleanup.h"
#include "cli/completion.h"

/* Bash breaks words at = and :, and replaces only the part after them. */
static const char bash[] =
	"# bash completion of medley; source it, or see 'medley help "
	"completion'.\n"
	"_medley() {\n"
	"\tlocal line=${COMP_LINE:0:COMP_POINT} word disk last cut words\n"
	"\tIFS=$' \\t' read -ra words <<<\"$line\"\n"
	"\t[[ $line == *[[:space:]] ]] && words+=(\"\")\n"
	"\tlast=${words[${#words[@]}-1]} cut=\n"
	"\tcase $last in *[=:]*) cut=${last%\"${last##*[=:]}\"} ;; esac\n"
	"\tCOMPREPLY=()\n"
	"\twhile IFS=$'\\t' read -r word _; do\n"
	"\t\tcase $word in\n"
	"\t\t:*) disk=$word ;;\n"
	"\t\t*) COMPREPLY+=(\"${word#\"$cut\"}\") ;;\n"
	"\t\tesac\n"
	"\tdone < <(\"${words[0]}\" complete -- \"${words[@]:1}\" "
	"2>/dev/null)\n"
	"\tcase $disk in\n"
	"\t:files) mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "
	"\"${last#\"$cut\"}\") ;;\n"
	"\t:directories) mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen "
	"-d "
	"-- \"${last#\"$cut\"}\") ;;\n"
	"\tesac\n"
	"\t[[ $disk == :?* ]] && compopt -o filenames 2>/dev/null\n"
	"\treturn 0\n"
	"}\n"
	"complete -F _medley medley\n";

static const char zsh[] =
	"#compdef medley\n"
	"# zsh completion of medley: a file _medley in $fpath, or sourced.\n"
	"_medley() {\n"
	"\tlocal -a lines offers\n"
	"\tlocal line\n"
	"\tlines=(\"${(@f)$($words[1] complete -- "
	"\"${(@)words[2,CURRENT]}\" 2>/dev/null)}\")\n"
	"\tfor line in \"${(@)lines[2,-1]}\"; do\n"
	"\t\toffers+=(\"${${line%%$'\\t'*}//:/\\\\:}:${line#*$'\\t'}\")\n"
	"\tdone\n"
	"\t(( $#offers )) && _describe medley offers\n"
	"\tcase $lines[1] in\n"
	"\t:files) _files ;;\n"
	"\t:directories) _files -/ ;;\n"
	"\tesac\n"
	"}\n"
	"if [ \"$funcstack[1]\" = _medley ]; then\n"
	"\t_medley \"$@\"\n"
	"else\n"
	"\tcompdef _medley medley\n"
	"fi\n";

static const char fish[] =
	"# fish completion of medley: a file medley.fish in fish's directory "
	"of\n"
	"# completions, or sourced.\n"
	"function __medley_complete\n"
	"\tset -l before (commandline -opc)\n"
	"\tset -l last (commandline -ct)\n"
	"\tset -l lines ($before[1] complete -- $before[2..-1] \"$last\" "
	"2>/dev/null)\n"
	"\tprintf '%s\\n' $lines[2..-1]\n"
	"\tswitch \"$lines[1]\"\n"
	"\t\tcase ':files'\n"
	"\t\t\t__fish_complete_path \"$last\"\n"
	"\t\tcase ':directories'\n"
	"\t\t\t__fish_complete_directories \"$last\" ''\n"
	"\tend\n"
	"end\n"
	"complete -c medley -f -a '(__medley_complete)'\n";

static const struct {
	const char *shell, *script;
} scripts[] = {
	{ "bash", bash },
	{ "zsh", zsh },
	{ "fish", fish },
};

const char completion_shells[] = "bash zsh fish";

const char *completion_script(const char *shell)
{
	for (size_t i = 0; i < ARRAY_SIZE(scripts); i++)
		if (!strcmp(scripts[i].shell, shell))
			return scripts[i].script;
	return NULL;
}
