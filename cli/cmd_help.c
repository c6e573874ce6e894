/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_help.c - medley help: of a command, of a verb, of the files that
 * people write. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "report/expected.h"
#include "run/network.h"
#include "sys/environment.h"

enum { HELP_MAX = 1024 * 1024 };

static const struct {
	const char *topic;
	void (*document)(struct buf *out);
} pages[] = {
	{ "commands", help_document },
	{ "network.yaml", network_keys_document },
	{ "expected.yaml", expected_document },
	{ "environment", environment_document },
};

/* "run", or "doorman" and "approve" */
static int describe(const struct cli *cli, struct buf *out, struct error *err)
{
	const struct command *c = command_find(cli->args[0], err);

	if (c && cli->arg_count > 1)
		c = command_find_verb(c, cli->args[1], err);
	if (!c)
		return -1;
	help_command(c, help_width(), out);
	return 0;
}

static int write_topic(const struct cli *cli, struct buf *out,
		       struct error *err)
{
	for (size_t i = 0; cli->arg_count == 1 && i < ARRAY_SIZE(pages); i++)
		if (!strcmp(cli->args[0], pages[i].topic)) {
			pages[i].document(out);
			return 0;
		}
	return describe(cli, out, err);
}

static int help(const struct cli *cli, int *exit_code, struct error *err)
{
	cleanup(buf_release) struct buf out = BUF_INIT(HELP_MAX);

	(void)exit_code;
	if (!cli->arg_count)
		help_overview(help_width(), &out);
	else if (write_topic(cli, &out, err) < 0)
		return -1;
	fputs(buf_text(&out), stdout);
	return buf_check(&out, err);
}

const struct command command_help = {
	.name = "help",
	.usage = "[COMMAND [VERB] | commands | network.yaml | expected.yaml | "
		 "environment]",
	.brief = "print this text, or the help of a command",
	.text = "Without an argument it prints the commands and the exit "
		"codes. With an argument it prints the help of a command or "
		"verb, or one of four pages: `commands` (all commands with "
		"their options), `network.yaml` or `expected.yaml` (the keys "
		"of that file), or "
		"`environment` (the variables that medley reads, and those "
		"that it passes on). `medley COMMAND --help` prints the same "
		"as `medley help COMMAND`.",
	.examples = EXAMPLES(
		{ "medley help run", "options and examples of a command" },
		{ "medley help doorman approve", "those of a verb" },
		{ "medley help network.yaml",
		  "every key of network.yaml, in Markdown" }),
	.most = 2,
	COMMAND_NO_OPTIONS,
	.run = help,
};
