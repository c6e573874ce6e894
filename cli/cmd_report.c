/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_report.c - medley report: judges a run. */
#include "cli/cli.h"
#include "cli/job.h"

struct cmd_report_options {
	struct common_options common;
	struct run_options run;
	struct option_texts against;
};

static const struct option report_options[] = {
	OPTIONS_OF_GROUP(runs_group, struct cmd_report_options, run),
	{ .name = "against",
	  .value = "RUN",
	  OPTION_OF(struct cmd_report_options, against),
	  .help = "also print what differs from an earlier run: a RUN, a "
		  "results.json, or last-green, the newest earlier run of the "
		  "same network that passed; repeat the option to name more "
		  "runs that show how much equal runs differ" },
	OPTIONS_OF_GROUP(json_group, struct cmd_report_options, common),
};

static int report(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_report_options *o = cli->options;
	cleanup(job_release) struct job job = { 0 };

	if (job_open(&job, &o->common, &o->run, err) < 0 ||
	    job_find(&job, cli_arg(cli, 0), err) < 0)
		return -1;
	job.against = &o->against;
	return job_report(&job, exit_code, err);
}

const struct command command_report = {
	.name = "report",
	.usage = "[RUN]",
	.brief = "judge a run from its files; the exit code is the answer",
	.text = "Reads the files in the run's directory, and writes "
		"results.json, junit.xml, matrix.md and report.html there. A "
		"run is undecided if a file was changed after the run had "
		"ended, or if a part is missing. If it cannot write the files, "
		"it prints the answer and the error, and the exit code is that "
		"of the error. --against does not change the exit code of a "
		"run that is judged; docs/comparing.md explains the "
		"comparison.",
	.examples = EXAMPLES({ "medley report", "judge the latest run again" },
			     { "medley report 20261121",
			       "the run whose name begins with 20261121" },
			     { "medley report --against last-green",
			       "and what has changed since the last run that "
			       "passed" },
			     { "medley report runs/20261121-075012 --json",
			       "results.json of an older run" }),
	.most = 1,
	.needs_data = true,
	COMMAND_OPTIONS(report_options, struct cmd_report_options),
	.run = report,
};
