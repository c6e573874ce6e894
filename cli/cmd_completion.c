/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_completion.c - medley completion, and what its scripts ask. */
#include <stdio.h>

#include "cli/cli.h"
#include "cli/completion.h"

enum { OFFERS_MAX = 4 * 1024 * 1024 };

static int completion(const struct cli *cli, int *exit_code, struct error *err)
{
	const char *script = completion_script(cli->args[0]);

	(void)exit_code;
	if (!script)
		return error_set(err, ERROR_INPUT,
				 "medley completion: expected one of %s, not "
				 "'%s'",
				 completion_shells, cli->args[0]);
	fputs(script, stdout);
	return 0;
}

const struct command command_completion = {
	.name = "completion",
	.usage = "bash|zsh|fish",
	.brief = "print the script that completes medley's command lines",
	.text = "The script lets the shell complete commands, options, values, "
		"runs and nodes. `make install` puts the scripts where the "
		"shells look for them. A shell that is already open reads the "
		"script with `source <(medley completion bash)`, in fish by "
		"`medley completion fish | source`.",
	.examples =
		EXAMPLES({ "medley completion bash", "the script for bash" }),
	.least = 1,
	.most = 1,
	COMMAND_NO_OPTIONS,
	.run = completion,
};

static int complete(const struct cli *cli, int *exit_code, struct error *err)
{
	cleanup(buf_release) struct buf out = BUF_INIT(OFFERS_MAX);

	(void)exit_code;
	complete_words(cli->args, cli->arg_count, &out);
	fputs(buf_text(&out), stdout);
	return buf_check(&out, err);
}

const struct command command_complete = {
	.name = "complete",
	.usage = "-- [WORD...]",
	.brief = "list the words that may stand in place of the last WORD",
	.text = "For the scripts of `medley completion`.",
	.examples = EXAMPLES({ "medley complete -- run --en",
			       "options of run that begin so" }),
	.most = CLI_ARGS,
	.hidden = true,
	COMMAND_NO_OPTIONS,
	.run = complete,
};
