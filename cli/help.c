/* SPDX-License-Identifier: Apache-2.0 */
/* help.c - help for people and docs/commands.md, from the tables. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

enum { HELP_WIDTH = 78 };

static const struct {
	int code;
	const char *meaning;
} exit_codes[] = {
	{ 0, "every required cell passed" },
	{ 1, "a cell failed, or the network has findings" },
	{ 2, "undecided" },
	{ ERROR_INPUT, "usage or a bad input file; nothing was made" },
	{ ERROR_BUILD, "a release could not be built" },
	{ ERROR_DEPLOY, "the network did not come up" },
	{ ERROR_LOAD, "the load could not be driven" },
	{ ERROR_LEFT, "teardown left something behind" },
	{ ERROR_INTERNAL, "a bug of medley, or an error of the machine" },
	{ ERROR_INTERRUPTED, "interrupted" },
};

/* Breaks a paragraph into lines; backquotes are for Markdown alone. */
static void add_paragraph(const char *text, struct buf *out)
{
	unsigned column = 0;

	for (const char *p = text; *p;) {
		size_t len = strcspn(p, " ");
		size_t quotes = 0;

		for (size_t i = 0; i < len; i++)
			quotes += p[i] == '`';
		if (column && column + 1 + len - quotes > HELP_WIDTH) {
			buf_add_str(out, "\n");
			column = 0;
		} else if (column) {
			buf_add_str(out, " ");
			column++;
		}
		for (size_t i = 0; i < len; i++)
			if (p[i] != '`')
				buf_add(out, p + i, 1);
		column += (unsigned)(len - quotes);
		p += len + (p[len] == ' ');
	}
	buf_add_str(out, "\n");
}

/* Of a command with verbs: those of the verb that is done without one. */
static const struct option_group *own_options(const struct command *c)
{
	return c->verb_count ? &c->verbs[0]->options : &c->options;
}

static bool takes_options(const struct command *c)
{
	return own_options(c)->count;
}

static void add_usage(const struct command *c, struct buf *out)
{
	buf_addf(out, "medley %s%s%s%s", c->name, *c->usage ? " " : "",
		 c->usage, takes_options(c) ? " [options]" : "");
}

void help_overview(struct buf *out)
{
	buf_add_str(out, "medley - do the releases of a node work together?\n\n"
			 "  medley run examples/quickstart/network.yaml\n\n");
	for (unsigned i = 0; i < command_count; i++)
		buf_addf(out, "  %-9s %s\n", commands[i]->name,
			 commands[i]->brief);
	buf_add_str(out, "\nExit codes\n");
	for (size_t i = 0; i < ARRAY_SIZE(exit_codes); i++)
		buf_addf(out, "  %3d  %s\n", exit_codes[i].code,
			 exit_codes[i].meaning);
	buf_add_str(out, "\nmedley help COMMAND says more.\n");
}

static void add_verbs(const struct command *c, struct buf *out)
{
	for (unsigned i = 0; i < c->verb_count; i++)
		buf_addf(out, "  %-10s  %s\n", command_word(c->verbs[i]),
			 c->verbs[i]->brief);
	buf_addf(out,
		 "\nOptions of '%s'; 'medley help %s VERB' lists those of a "
		 "verb:\n\n",
		 c->verbs[0]->name, c->name);
}

void help_command(const struct command *c, struct buf *out)
{
	struct option_list options;

	buf_add_str(out, "usage: ");
	add_usage(c, out);
	buf_addf(out, "\n\n%s: %s\n\n", c->name, c->brief);
	if (c->text) {
		add_paragraph(c->text, out);
		buf_add_str(out, "\n");
	}
	if (c->verb_count)
		add_verbs(c, out);
	command_options(c->verb_count ? c->verbs[0] : c, &options);
	options_describe(&options, false, out);
}

/* ---- docs/commands.md ---- */

/* `level` is "##", of a verb "###". Options of every command are left out. */
static void document_command(const struct command *c, const char *level,
			     struct buf *out)
{
	struct option_list options = { .count = 0 };

	buf_addf(out, "\n%s medley %s\n\n%s.\n\n\t", level, c->name, c->brief);
	add_usage(c, out);
	buf_add_str(out, "\n");
	if (c->text)
		buf_addf(out, "\n%s\n", c->text);
	options_gather(&c->options, 0, &options);
	if (options.count)
		buf_add_str(out, "\n");
	options_describe(&options, true, out);
	for (unsigned i = 0; i < c->verb_count; i++)
		document_command(c->verbs[i], "###", out);
}

void help_document(struct buf *out)
{
	struct option_list common = { .count = 0 };

	buf_add_str(out, "# Commands\n\nThis page is made from the tables that "
			 "the program follows (`medley help commands`).\n\n"
			 "RUN is a run's directory, `runs/latest` unless "
			 "given.\n");
	for (unsigned i = 0; i < command_count; i++)
		document_command(commands[i], "##", out);
	buf_add_str(out, "\n## Every command\n\n");
	options_gather(&common_group, 0, &common);
	options_describe(&common, true, out);
	buf_add_str(out,
		    "\nA link named `medley-check` runs `medley check`; so for "
		    "every command.\n\n"
		    "## Exit codes\n\n| code | meaning |\n| --- | --- |\n");
	for (size_t i = 0; i < ARRAY_SIZE(exit_codes); i++)
		buf_addf(out, "| %d | %s |\n", exit_codes[i].code,
			 exit_codes[i].meaning);
	buf_add_str(out,
		    "\nResults go to standard output, progress to standard "
		    "error: a live line on a terminal, plain lines "
		    "elsewhere. Colours only on a terminal, and not with "
		    "`NO_COLOR` set.\n");
}
