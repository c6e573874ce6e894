/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_scale.c - medley scale: a network that is up, with other pods. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "base/counted.h"
#include "cli/job.h"
#include "deploy/deploy.h"

struct cmd_scale_options {
	struct common_options common;
	struct run_options run;
};

static const struct option scale_options[] = {
	OPTIONS_OF_GROUP(runs_group, struct cmd_scale_options, run),
	OPTIONS_OF_GROUP(kubeconfig_group, struct cmd_scale_options, run.place),
};

static int work_scale(struct job *job, struct progress *progress,
		      struct step_result *ret, struct error *err)
{
	if (deploy_scale(job->run_dir, job->set, job->replicas, progress, err) <
	    0)
		return -1;
	snprintf(ret->summary, sizeof(ret->summary), "%s has %lld %s", job->set,
		 COUNTED(job->replicas, "pod"));
	return 0;
}

static const struct step step_scale = { .name = "scale",
					.claim = "network",
					.work = work_scale };

/* "bank-4.0=2" */
static int read_scale(struct job *job, const char *word, struct error *err)
{
	const char *mark = strchr(word, '=');
	const struct network_node *node;
	char name[128];

	if (!mark || !mark[1] || mark[1 + strspn(mark + 1, "0123456789")] ||
	    strlen(mark + 1) > 4)
		return error_set(err, ERROR_INPUT,
				 "'%s': expected NODES=COUNT, such as "
				 "bank-4.0=2",
				 word);
	snprintf(name, sizeof(name), "%.*s", (int)(mark - word), word);
	node = job_find_node(job, name, err);
	if (!node || job_refuse_cluster(node, err) < 0)
		return -1;
	job->set = node->set;
	job->replicas = (unsigned)strtoul(mark + 1, NULL, 10);
	return 0;
}

static int scale(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_scale_options *o = cli->options;
	cleanup(job_release) struct job job = { 0 };
	const char *run = cli->arg_count > 1 ? cli->args[0] : NULL;

	(void)exit_code;
	if (job_open(&job, &o->common, &o->run, err) < 0 ||
	    job_load(&job, run, err) < 0 ||
	    read_scale(&job, cli->args[cli->arg_count - 1], err) < 0)
		return -1;
	return job_step(&job, &step_scale, err);
}

const struct command command_scale = {
	.name = "scale",
	.usage = "[RUN] NODES=COUNT",
	.brief = "change how many nodes of a release run, in a cluster",
	.text = "`medley scale bank-4.0=2` sets the number of pods of the "
		"StatefulSet of these nodes, up to the number that was "
		"generated, and waits until every node answers and sees the "
		"whole network. The volumes of pods that are removed stay "
		"until `medley down`.",
	.examples = EXAMPLES(
		{ "medley scale bank-4.0=2", "two nodes of this bank" }),
	.least = 1,
	.most = 2,
	COMMAND_OPTIONS(scale_options, struct cmd_scale_options),
	.run = scale,
};
