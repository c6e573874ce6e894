/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_expect.c - medley expect: declares a cell that failed in expected.yaml.
 */
#include <stdio.h>

#include "base/plain.h"
#include "cli/cli.h"
#include "cli/job.h"
#include "cli/option_time.h"
#include "cli/print.h"
#include "report/expect.h"
#include "run/cell_name.h"
#include "sys/clock.h"

enum { SHOWN_MAX = 1024 * 1024 };

struct cmd_expect_options {
	struct common_options common;
	struct run_options run;
	const char *cell, *reason, *issue, *owner, *expires, *message;
	bool flaky, unsupported;
	const char *file;
};

#define OF(member) OPTION_OF(struct cmd_expect_options, member)

static const struct option expect_options[] = {
	{ .name = "cell",
	  .value = CELL_NAME,
	  OF(cell),
	  .help = "the cell, by labels of releases as in the matrix; "
		  "PAYER:PAYEE stands for any notary (required)" },
	{ .name = "reason",
	  .value = "TEXT",
	  OF(reason),
	  .help = "why the cell does not work (required)" },
	{ .name = "issue",
	  .value = "URL",
	  OF(issue),
	  .help = "link to the issue about it" },
	{ .name = "owner",
	  .value = "NAME",
	  OF(owner),
	  .help = "who takes care of it" },
	{ .name = "expires",
	  .value = "DATE",
	  OF(expires),
	  .help = "last day of the entry, UTC, such as 2026-12-31" },
	{ .name = "message",
	  .value = "PART",
	  OF(message),
	  .help = "excuse only failures with this text in the reason, the "
		  "first error or a finding's summary" },
	{ .name = "flaky",
	  OF(flaky),
	  .help = "the cell fails only sometimes: the report does not warn if "
		  "it passes" },
	{ .name = "unsupported",
	  OF(unsupported),
	  .help = "the pair is not meant to work; without this option the "
		  "entry is a known failure" },
	{ .name = "output",
	  .letter = 'o',
	  .value = "FILE",
	  OF(file),
	  .help = "the file that gets the entry (expected.yaml beside the "
		  "network file of the run)" },
	OPTIONS_OF_GROUP(runs_group, struct cmd_expect_options, run),
};

static int check_options(const struct cmd_expect_options *o, struct error *err)
{
	if (!o->cell)
		return error_set(
			err, ERROR_INPUT,
			"expected --cell PAYER:PAYEE:NOTARY, the cell that "
			"fails");
	if (!o->reason)
		return error_set(err, ERROR_INPUT,
				 "expected --reason TEXT, why the cell does "
				 "not work");
	if (o->unsupported && (o->flaky || o->message))
		return error_set(err, ERROR_INPUT,
				 "--unsupported excuses every failure of the "
				 "cell; leave out --%s",
				 o->flaky ? "flaky" : "message");
	return 0;
}

static int read_expires(const char *text, int64_t *ret, struct error *err)
{
	if (!text)
		return 0;
	if (option_day("expires", text, ret, err) < 0)
		return -1;
	if (*ret + CLOCK_DAY_US > clock_wall_us())
		return 0;
	return error_set(err, ERROR_INPUT,
			 "--expires %s: this day is over, and an expired entry "
			 "excuses nothing; name a later day",
			 text);
}

static void print_declared(const struct job *job, const struct declared *d,
			   const struct buf *text)
{
	cleanup(buf_release) struct buf plain = BUF_INIT(4 * SHOWN_MAX);

	/* In YAML, a character that reorders the line needs no escape. */
	plain_lines(&plain, buf_text(text));
	print_line(stdout, "%s:%d", d->file, d->line);
	print_lines(stdout, buf_text(&plain));
	if (d->of_next_run)
		print_line(stderr,
			   "%s is judged by the expected.yaml that it began "
			   "with; the entry counts from the next run on",
			   job->run_dir);
	else
		print_line(stderr,
			   "'medley report %s' judges the run with the entry",
			   job->run_dir);
}

static int expect(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_expect_options *o = cli->options;
	cleanup(buf_release) struct buf text = BUF_INIT(SHOWN_MAX);
	cleanup(job_release) struct job job = { 0 };
	struct declaration what = {
		.kind = o->unsupported ? EXPECTED_UNSUPPORTED : EXPECTED_KNOWN,
		.cell = o->cell,
		.reason = o->reason,
		.issue = o->issue,
		.owner = o->owner,
		.message = o->message,
		.flaky = o->flaky,
	};
	struct declared declared;

	(void)exit_code;
	if (check_options(o, err) < 0 ||
	    read_expires(o->expires, &what.expires_us, err) < 0 ||
	    job_open(&job, &o->common, &o->run, err) < 0 ||
	    job_find(&job, cli_arg(cli, 0), err) < 0 ||
	    expect_write(job.run_dir, &what, o->file, &declared, &text, err) <
		    0)
		return -1;
	print_declared(&job, &declared, &text);
	return 0;
}

const struct command command_expect = {
	.name = "expect",
	.usage = "[RUN] --cell " CELL_NAME " --reason TEXT",
	.brief = "declare a cell that failed as known, in expected.yaml",
	.text = "Adds an entry to expected.yaml beside the network file of the "
		"run, and prints it. The rest of the file stays as it is, with "
		"its comments. The entry of a known failure names the kinds of "
		"findings that the cell has in the run; it excuses no other "
		"kinds. Refuses a cell that passed, and a cell about which the "
		"file has an entry already. docs/verdicts.md explains what an "
		"entry does.",
	.examples = EXAMPLES(
		{ "medley expect --cell 4.10:4.0:4.8 --reason bug-12 "
		  "--expires 2026-12-31",
		  "a failure of the latest run, until the end of the year" },
		{ "medley expect 20261121 --cell 4.10:4.0 --unsupported "
		  "--reason too-old",
		  "the pair with any notary, by an older run" }),
	.most = 1,
	.needs_data = true,
	COMMAND_OPTIONS(expect_options, struct cmd_expect_options),
	.run = expect,
};
