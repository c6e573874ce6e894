/* SPDX-License-Identifier: Apache-2.0 */
/* help.c - help for people and docs/commands.md, from the tables. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/wrap.h"
#include "cli/cli.h"
#include "sys/terminal.h"

enum { HELP_WIDTH = 80, TEXT_MAX = 65536, WORD_WIDTH = 10 };

const struct exit_code exit_codes[] = {
	{ 0, "every required cell passed" },
	{ 1, "a cell failed, or the network has findings" },
	{ 2, "undecided" },
	{ ERROR_INPUT, "usage or a bad input file; nothing was made" },
	{ ERROR_BUILD, "a release could not be built" },
	{ ERROR_DEPLOY, "the network did not come up" },
	{ ERROR_LOAD, "the load could not be driven" },
	{ ERROR_LEFT, "teardown left something behind" },
	{ ERROR_INTERNAL,
	  "a bug of medley, or an error of the machine (such as a full disk)" },
	{ ERROR_INTERRUPTED, "interrupted" },
};

const unsigned exit_code_count = ARRAY_SIZE(exit_codes);

unsigned help_width(void)
{
	unsigned width = terminal_columns(STDOUT_FILENO);

	return width < HELP_WIDTH ? width : HELP_WIDTH;
}

/* Backquotes are for Markdown alone. */
static void add_paragraph(const char *text, unsigned width, struct buf *out)
{
	cleanup(buf_release) struct buf bare = BUF_PART(out, TEXT_MAX);

	for (; *text; text++)
		if (*text != '`')
			buf_add_u8(&bare, (uint8_t)*text);
	text_wrap(out, buf_text(&bare), 0, 0, width);
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

/* "  run         perform all steps" */
static void add_brief(const struct command *c, unsigned width, struct buf *out)
{
	buf_addf(out, "  %-*s  ", WORD_WIDTH, command_word(c));
	text_wrap(out, c->brief, WORD_WIDTH + 4, WORD_WIDTH + 4, width);
}

static void add_exit_codes(unsigned width, struct buf *out)
{
	buf_add_str(out, "\nExit codes\n");
	for (size_t i = 0; i < ARRAY_SIZE(exit_codes); i++) {
		buf_addf(out, "  %3d  ", exit_codes[i].code);
		text_wrap(out, exit_codes[i].meaning, 7, 7, width);
	}
}

void help_overview(unsigned width, struct buf *out)
{
	struct option_list program = { .count = 0 };

	buf_add_str(out, "medley - do the releases of a node work together?\n\n"
			 "usage: medley [options] COMMAND ...\n\n"
			 "  medley run examples/quickstart/network.yaml\n");
	for (unsigned i = 0; i < command_count; i++) {
		if (command_group(i))
			buf_addf(out, "\n%s\n", command_group(i));
		if (!commands[i]->hidden)
			add_brief(commands[i], width, out);
	}
	buf_add_str(out, "\nOptions, before or after the command\n");
	options_gather(&program_group, 0, &program);
	options_describe(&program, width, out);
	add_exit_codes(width, out);
	buf_add_u8(out, '\n');
	text_wrap(out,
		  "'medley help COMMAND' prints the options of a command, and "
		  "examples.",
		  0, 0, width);
}

static void add_verbs(const struct command *c, unsigned width, struct buf *out)
{
	cleanup(buf_release) struct buf line = BUF_PART(out, TEXT_MAX);

	for (unsigned i = 0; i < c->verb_count; i++)
		add_brief(c->verbs[i], width, out);
	buf_addf(&line,
		 "Options of '%s'; 'medley help %s VERB' lists those of a "
		 "verb:",
		 c->verbs[0]->name, c->name);
	buf_add_u8(out, '\n');
	text_wrap(out, buf_text(&line), 0, 0, width);
	buf_add_u8(out, '\n');
}

static void add_examples(const struct command *c, const char *indent,
			 struct buf *out)
{
	for (const struct usage_example *e = c->examples; e && e->line; e++)
		buf_addf(out, "%s# %s\n%s%s\n", indent, e->what, indent,
			 e->line);
}

void help_command(const struct command *c, unsigned width, struct buf *out)
{
	cleanup(buf_release) struct buf usage = BUF_PART(out, TEXT_MAX);
	struct option_list options;

	buf_add_str(&usage, "usage: ");
	add_usage(c, &usage);
	text_wrap(out, buf_text(&usage), 0, strlen("usage: "), width);
	buf_addf(out, "\n%s: ", c->name);
	text_wrap(out, c->brief, strlen(c->name) + 2, 0, width);
	buf_add_u8(out, '\n');
	if (c->text) {
		add_paragraph(c->text, width, out);
		buf_add_u8(out, '\n');
	}
	if (c->verb_count)
		add_verbs(c, width, out);
	command_options(c->verb_count ? c->verbs[0] : c, &options);
	options_describe(&options, width, out);
	if (!c->examples)
		return;
	buf_add_str(out, "\nExamples\n");
	add_examples(c, "  ", out);
}

/* ---- docs/commands.md ---- */

/* `level` is "##", of a verb "###". Options of every command are left out. */
static void document_command(const struct command *c, const char *level,
			     struct buf *out)
{
	struct option_list options = { .count = 0 };

	buf_addf(out, "\n%s medley %s\n\n%s%s\n\n\t", level, c->name, c->brief,
		 c->brief[strlen(c->brief) - 1] == '?' ? "" : ".");
	add_usage(c, out);
	buf_add_str(out, "\n");
	if (c->text)
		buf_addf(out, "\n%s\n", c->text);
	options_gather(&c->options, 0, &options);
	if (options.count)
		buf_add_str(out, "\n");
	options_document(&options, out);
	if (c->examples)
		buf_add_u8(out, '\n');
	add_examples(c, "    ", out);
	for (unsigned i = 0; i < c->verb_count; i++)
		document_command(c->verbs[i], "###", out);
}

void help_document(struct buf *out)
{
	struct option_list common = { .count = 0 };

	buf_add_str(out, "# Commands\n\nThis page is made from the tables of "
			 "commands and options in the program (`medley help "
			 "commands`).\n\nRUN is a run: its path, its name in "
			 "`runs`, or the beginning of its name if no other "
			 "name begins so. The default is "
			 "`runs/latest`.\n");
	for (unsigned i = 0; i < command_count; i++)
		if (!commands[i]->hidden)
			document_command(commands[i], "##", out);
	buf_add_str(out, "\n## Every command\n\n");
	options_gather(&program_group, 0, &common);
	options_document(&common, out);
	buf_add_str(out,
		    "\nWrite these options before the command or after it, "
		    "`--version` before it: `medley --verbose run "
		    "network.yaml`. A link named `medley-check` runs `medley "
		    "check`; the same holds for every command.\n\n"
		    "## Exit codes\n\n| code | meaning |\n| --- | --- |\n");
	for (size_t i = 0; i < ARRAY_SIZE(exit_codes); i++)
		buf_addf(out, "| %d | %s |\n", exit_codes[i].code,
			 exit_codes[i].meaning);
	buf_add_str(out,
		    "\nResults go to standard output, progress to standard "
		    "error: on a terminal a line that changes, elsewhere "
		    "one line for each step. Colours are used only on a "
		    "terminal, and only if `NO_COLOR` is not set. Results fit "
		    "a terminal of 60 columns or more; paths and commands are "
		    "never broken, so that you can copy them. In a locale "
		    "without UTF-8, results are ASCII.\n");
}
