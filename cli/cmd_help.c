/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_help.c - help for people and docs/commands.md, from the same table. */
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/version.h"
#include "cli/cli.h"
#include "run/network.h"
#include "sys/environment.h"

enum { HELP_MAX = 1024 * 1024, HELP_WIDTH = 78 };

static const struct {
	int code;
	const char *meaning;
} exit_codes[] = {
	{ 0, "every required cell passed" },
	{ 1, "a verdict failed" },
	{ 2, "undecided" },
	{ ERROR_INPUT, "usage or a bad input file; nothing was made" },
	{ ERROR_BUILD, "a release could not be built" },
	{ ERROR_DEPLOY, "the network did not come up" },
	{ ERROR_LOAD, "the load could not be driven" },
	{ ERROR_LEFT, "teardown left something behind" },
	{ ERROR_INTERNAL, "a bug of medley, or the machine failed it" },
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

static void add_usage(const struct command *c, struct buf *out)
{
	buf_addf(out, "medley %s%s%s%s", c->name, *c->usage ? " " : "",
		 c->usage, c->options ? " [options]" : "");
}

void help_overview(struct buf *out)
{
	buf_add_str(out, "medley - do the releases of a node work together?\n\n"
			 "  medley run examples/quickstart/network.yaml\n\n");
	for (unsigned i = 0; i < command_count; i++)
		buf_addf(out, "  %-9s %s\n", commands[i].name,
			 commands[i].brief);
	buf_add_str(out, "\nExit codes\n");
	for (size_t i = 0; i < ARRAY_SIZE(exit_codes); i++)
		buf_addf(out, "  %3d  %s\n", exit_codes[i].code,
			 exit_codes[i].meaning);
	buf_add_str(out, "\nmedley help COMMAND says more.\n");
}

void help_command(const struct command *c, struct buf *out)
{
	buf_add_str(out, "usage: ");
	add_usage(c, out);
	buf_addf(out, "\n\n%s: %s\n\n", c->name, c->brief);
	if (c->text) {
		add_paragraph(c->text, out);
		buf_add_str(out, "\n");
	}
	options_describe(c->options | OPT_COMMON, false, out);
}

void help_document(struct buf *out)
{
	buf_add_str(out, "# Commands\n\nThis page is made from the table that "
			 "the program follows (`medley help commands`).\n\n"
			 "RUN is a run's directory, `runs/latest` unless "
			 "given.\n");
	for (unsigned i = 0; i < command_count; i++) {
		const struct command *c = &commands[i];

		buf_addf(out, "\n## medley %s\n\n%s.\n\n\t", c->name, c->brief);
		add_usage(c, out);
		buf_add_str(out, "\n");
		if (c->text)
			buf_addf(out, "\n%s\n", c->text);
		if (c->options)
			buf_add_str(out, "\n");
		options_describe(c->options, true, out);
	}
	buf_add_str(out, "\n## Every command\n\n");
	options_describe(OPT_COMMON, true, out);
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

int cmd_help(struct cli *cli, int *exit_code, struct error *err)
{
	cleanup(buf_release) struct buf out = BUF_INIT(HELP_MAX);
	const char *topic = cli->arg_count ? cli->args[0] : NULL;
	const struct command *c;

	(void)exit_code;
	if (!topic) {
		help_overview(&out);
	} else if (!strcmp(topic, "commands")) {
		help_document(&out);
	} else if (!strcmp(topic, "network.yaml")) {
		network_keys_document(&out);
	} else if (!strcmp(topic, "environment")) {
		environment_document(&out);
	} else {
		c = command_find(topic, err);
		if (!c)
			return -1;
		help_command(c, &out);
	}
	fputs(buf_text(&out), stdout);
	return buf_check(&out, err);
}

int cmd_version(struct cli *cli, int *exit_code, struct error *err)
{
	(void)cli, (void)exit_code, (void)err;
	printf("medley %s\n%s\n", medley_version, medley_build);
	return 0;
}
