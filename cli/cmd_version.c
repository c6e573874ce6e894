/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_version.c - medley version: which medley this is, and how it was built.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/version.h"
#include "base/wrap.h"
#include "cli/cli.h"
#include "cli/job.h"

enum { VERSION_MAX = 65536, FACT_WIDTH = 10 };

struct cmd_version_options {
	struct common_options common;
};

static const struct option version_options[] = {
	OPTIONS_OF_GROUP(json_group, struct cmd_version_options, common),
};

static const struct {
	const char *name, *value;
} facts[] = {
	{ "commit", medley_commit },	   { "date", medley_date },
	{ "compiler", medley_build },	   { "hardening", medley_hardening },
	{ "libraries", medley_libraries },
};

static int print_version_json(struct error *err)
{
	cleanup(js_freep) struct js *root = js_object();

	js_set_str(root, "version", medley_version);
	for (size_t i = 0; i < ARRAY_SIZE(facts); i++)
		js_set_str(root, facts[i].name, facts[i].value);
	return job_print_json(root, err);
}

static int version(const struct cli *cli, int *exit_code, struct error *err)
{
	cleanup(buf_release) struct buf out = BUF_INIT(VERSION_MAX);
	const char *text;

	(void)exit_code;
	if (cli_common(cli)->json)
		return print_version_json(err);
	buf_addf(&out, "medley %s\n", medley_version);
	for (size_t i = 0; i < ARRAY_SIZE(facts); i++) {
		text = facts[i].value;
		buf_addf(&out, "%-*s ", FACT_WIDTH, facts[i].name);
		text_wrap(&out, *text ? text : "none", FACT_WIDTH + 1,
			  FACT_WIDTH + 1, help_width());
	}
	fputs(buf_text(&out), stdout);
	return buf_check(&out, err);
}

const struct command command_version = {
	.name = "version",
	.usage = "",
	.brief = "print the version, the commit and the build options",
	.examples = EXAMPLES(
		{ "medley version --json", "for a bug report by a program" }),
	COMMAND_OPTIONS(version_options, struct cmd_version_options),
	.run = version,
};
