/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_drive.c - medley drive: issues cash and pays. */
#include "cli/cli.h"
#include "cli/job.h"

struct cmd_drive_options {
	struct common_options common;
	struct run_options run;
	struct load_options load;
};

static const struct option drive_options[] = {
	OPTIONS_OF_GROUP(runs_group, struct cmd_drive_options, run),
	OPTIONS_OF_GROUP(kubeconfig_group, struct cmd_drive_options, run.place),
	OPTIONS_OF_GROUP(load_group, struct cmd_drive_options, load),
};

static int drive(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_drive_options *o = cli->options;
	cleanup(job_release) struct job job = { 0 };
	struct load_file other;

	(void)exit_code;
	if (job_open(&job, &o->common, &o->run, err) < 0 ||
	    job_load(&job, cli_arg(cli, 0), err) < 0)
		return -1;
	if (o->load.file) {
		if (load_file_read(o->load.file, &job.net, &job.arena, &other,
				   err) < 0)
			return -1;
		job.other_load = &other;
	}
	return job_step(&job, &step_drive, err);
}

const struct command command_drive = {
	.name = "drive",
	.usage = "[RUN]",
	.brief = "send the issues and payments of the run's load",
	.text = "Appends a line to RUN/history.jsonl for each operation. With "
		"--load FILE, drives the load in FILE instead of the run's "
		"load. FILE is YAML with the key `load` of network.yaml and, "
		"if wanted, `timeouts: {flow: SECONDS}`. A key that is missing "
		"in `load` has the default of network.yaml, not the value of "
		"the run. The load, gates and seed of the run do not change. "
		"RUN/phases.jsonl records the load that was driven. Only one "
		"process at a time can drive or check a run.",
	.examples = EXAMPLES({ "medley drive", "the load of the latest run" },
			     { "medley drive --load more.yaml",
			       "another load on the same network" }),
	.most = 1,
	COMMAND_OPTIONS(drive_options, struct cmd_drive_options),
	.run = drive,
};
