/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_up.c - medley up: boots the network of a run. */
#include "cli/cli.h"
#include "cli/job.h"

struct cmd_up_options {
	struct common_options common;
	struct run_options run;
};

static const struct option up_options[] = {
	OPTIONS_OF_GROUP(seed_group, struct cmd_up_options, run),
	OPTIONS_OF_GROUP(runs_group, struct cmd_up_options, run),
	OPTIONS_OF_GROUP(placement_group, struct cmd_up_options, run.place),
};

/* From a network.yaml, from a cluster's configuration, or of a run. */
static int deploy(struct job *job, const char *arg, struct error *err)
{
	int rc;

	if (job_is_file(arg)) {
		if (job_create(job, arg, err) < 0 ||
		    job_step(job, &step_build, err) < 0 ||
		    job_step(job, &step_generate, err) < 0)
			return -1;
		return job_step(job, &step_deploy, err);
	}
	rc = job_adopt(job, arg, err);
	if (rc < 0 || (!rc && job_load(job, arg, err) < 0) ||
	    job_change(job, err) < 0 ||
	    network_save(&job->net, job->run_dir, err) < 0)
		return -1;
	return job_step(job, &step_deploy, err);
}

static int up(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_up_options *o = cli->options;
	cleanup(job_release) struct job job = { 0 };

	(void)exit_code;
	if (job_open(&job, &o->common, &o->run, err) < 0)
		return -1;
	job.boots = true;
	if (deploy(&job, cli_arg(cli, 0), err) < 0)
		return -1;
	if (job.begun)
		printf("%s\n", job.run_dir);
	return 0;
}

const struct command command_up = {
	.name = "up",
	.usage = "[RUN|NETWORK.yaml|CONFIG]",
	.brief = "boot the network of a run",
	.text = "Applies RUN/config and waits until every node answers and "
		"sees the whole network. If the network is up already, it is "
		"booted again. Given a network.yaml, medley begins a run: it "
		"builds and generates first. Given a directory that `medley "
		"generate` wrote for a cluster, medley begins a run with these "
		"manifests. With --engine kubernetes, the network is in the "
		"cluster of the context.",
	.examples = EXAMPLES({ "medley up network.yaml",
			       "build, generate and boot" },
			     { "medley up", "boot the latest run again" }),
	.most = 1,
	.needs_data = true,
	COMMAND_OPTIONS(up_options, struct cmd_up_options),
	.run = up,
};
