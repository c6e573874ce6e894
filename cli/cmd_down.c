/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_down.c - medley down: removes everything a run made. */
#include "cli/cli.h"
#include "cli/job.h"
#include "cli/print.h"
#include "run/run.h"

struct cmd_down_options {
	struct common_options common;
	struct run_options run;
};

static const struct option down_options[] = {
	OPTIONS_OF_GROUP(runs_group, struct cmd_down_options, run),
	OPTIONS_OF_GROUP(engine_group, struct cmd_down_options, run.place),
	OPTIONS_OF_GROUP(context_group, struct cmd_down_options, run.place),
	OPTIONS_OF_GROUP(kubeconfig_group, struct cmd_down_options, run.place),
};

static int down(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_down_options *o = cli->options;
	cleanup(job_release) struct job job = { 0 };
	char time[CLOCK_TEXT];
	int closed;

	(void)exit_code;
	if (job_open(&job, &o->common, &o->run, err) < 0 ||
	    job_load(&job, cli_arg(cli, 0), err) < 0)
		return -1;
	/* A second teardown would be recorded in place of the one that proved
	 * that nothing is left. */
	closed = inventory_closed(job.run_dir, time, err);
	if (closed < 0)
		return -1;
	if (!closed)
		return job_step(&job, &step_down, err);
	print_line(stdout, "%s is down since %s; nothing was changed",
		   job.run_dir, time);
	return 0;
}

const struct command command_down = {
	.name = "down",
	.usage = "[RUN]",
	.brief = "remove everything that a run made, and prove it",
	.text = "Saves the nodes' logs, removes the objects that the run "
		"made, the newest first, and lists the objects that are "
		"left. If any is left, the exit code is 68, and the command "
		"can be repeated.",
	.examples = EXAMPLES({ "medley down",
			       "remove the network of the latest run" },
			     { "medley down runs/20261121-075012",
			       "finish an interrupted teardown" }),
	.most = 1,
	COMMAND_OPTIONS(down_options, struct cmd_down_options),
	.run = down,
};
