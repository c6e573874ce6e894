/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_report.c - medley report: judges a run, or joins the results of several.
 */
#include <sys/stat.h>

#include "cli/cli.h"
#include "cli/job.h"
#include "run/run.h"

struct cmd_report_options {
	struct common_options common;
	struct run_options run;
	bool merge;
	const char *output;
	struct option_texts against;
};

static const struct option report_options[] = {
	{ .name = "merge",
	  OPTION_OF(struct cmd_report_options, merge),
	  .help = "join the results.json of several runs into one result" },
	{ .name = "output",
	  .letter = 'o',
	  .value = "DIR",
	  OPTION_OF(struct cmd_report_options, output),
	  .help = "with --merge: directory for the joined result (a new one in "
		  "--runs)" },
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

static bool is_same(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

/* A run keeps its own results, also where results.json is all that a job has
 * uploaded of it. */
static int check_output(const char *dir, const char *const *dirs,
			unsigned count, struct error *err)
{
	if (!network_check_saved(dir, NULL))
		return error_set(err, ERROR_INPUT,
				 "-o %s is a run, and its results would be "
				 "replaced; name another directory",
				 dir);
	for (unsigned i = 0; i < count; i++)
		if (is_same(dir, dirs[i]))
			return error_set(err, ERROR_INPUT,
					 "-o %s: one of the runs that are "
					 "joined, whose results it would "
					 "replace; name another directory",
					 dir);
	if (dir_make(dir, 0755, err) < 0)
		return -1;
	return run_refuse_links(dir, err);
}

static int merge(struct job *job, const struct cli *cli, int *exit_code,
		 struct error *err)
{
	const struct cmd_report_options *o = cli->options;
	const char *dirs[CLI_ARGS];
	char out[PATH_ROOM];

	for (unsigned i = 0; i < cli->arg_count; i++) {
		if (job_find_directory(job, cli->args[i], err) < 0)
			return -1;
		dirs[i] = arena_strdup(&job->arena, job->run_dir);
		if (!dirs[i])
			return error_nomem(err);
	}
	if (o->output) {
		path_printf(out, "%s", o->output);
		if (check_output(out, dirs, cli->arg_count, err) < 0)
			return -1;
	} else if (run_create_merged(o->run.runs, out, err) < 0) {
		return -1;
	}
	return job_merge(job, dirs, cli->arg_count, out, exit_code, err);
}

static int check_use(const struct cli *cli, struct error *err)
{
	const struct cmd_report_options *o = cli->options;

	if (o->merge && !cli->arg_count)
		return error_set(err, ERROR_INPUT,
				 "--merge joins the results of runs; name "
				 "them: medley report --merge RUN...");
	if (o->merge && o->against.count)
		return error_set(err, ERROR_INPUT,
				 "--against compares one run; leave out "
				 "--merge");
	if (!o->merge && cli->arg_count > 1)
		return error_set(err, ERROR_INPUT,
				 "'medley report' judges one run; to join the "
				 "results of %u runs add --merge",
				 cli->arg_count);
	if (!o->merge && o->output)
		return error_set(err, ERROR_INPUT,
				 "-o is for --merge; without it the report is "
				 "in the directory of the run");
	return 0;
}

static int report(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_report_options *o = cli->options;
	cleanup(job_release) struct job job = { 0 };

	if (check_use(cli, err) < 0 ||
	    job_open(&job, &o->common, &o->run, err) < 0)
		return -1;
	if (o->merge)
		return merge(&job, cli, exit_code, err);
	if (job_find(&job, cli_arg(cli, 0), err) < 0)
		return -1;
	job.against = &o->against;
	return job_report(&job, exit_code, err);
}

const struct command command_report = {
	.name = "report",
	.usage = "[RUN] | --merge RUN...",
	.brief = "judge a run from its files; the exit code is the answer",
	.text = "Reads the files in the run's directory, and writes "
		"results.json, junit.xml, matrix.md and report.html there. A "
		"run is undecided if a file was changed after the run had "
		"ended, or if a part is missing. If it cannot write the files, "
		"it prints the answer and the error, and the exit code is that "
		"of the error. --against does not change the exit code, except "
		"that an earlier run that cannot be read is an error (64); "
		"docs/comparing.md explains the comparison.\n\n"
		"With --merge it joins the results.json of several runs, which "
		"are parts of one matrix or repeats of one network, and writes "
		"the same four files for all of them. A cell that passed in "
		"one run and failed in another is flaky. medley does not join "
		"runs in which a release has another image.",
	.examples = EXAMPLES({ "medley report", "judge the latest run again" },
			     { "medley report 20261121",
			       "the run whose name begins with 20261121" },
			     { "medley report --against last-green",
			       "also print what has changed since the last run "
			       "that passed" },
			     { "medley report runs/20261121-075012 --json",
			       "results.json of an older run" },
			     { "medley report --merge job-1 job-2 -o all",
			       "one result for the runs of two jobs" }),
	.most = CLI_ARGS,
	.needs_data = true,
	COMMAND_OPTIONS(report_options, struct cmd_report_options),
	.run = report,
};
