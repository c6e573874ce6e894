/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_upgrade.c - medley upgrade: another release for nodes that have run. */
#include <stdio.h>
#include <string.h>

#include "build-and-publish/image_record.h"
#include "build-and-publish/network_images.h"
#include "cli/cli.h"
#include "cli/job.h"
#include "deploy/deploy.h"
#include "generate/generate.h"
#include "run/images.h"
#include "run/network_names.h"
#include "run/release_word.h"
#include "run/rollout.h"

struct cmd_upgrade_options {
	struct common_options common;
	struct run_options run;
};

static const struct option upgrade_options[] = {
	OPTIONS_OF_GROUP(runs_group, struct cmd_upgrade_options, run),
	OPTIONS_OF_GROUP(kubeconfig_group, struct cmd_upgrade_options,
			 run.place),
};

static int work_upgrade(struct job *job, struct progress *progress,
			struct step_result *ret, struct error *err)
{
	struct generate_summary made;

	if (generate_config(job->run_dir, &made, err) < 0 ||
	    deploy_upgrade(job->run_dir, job->set, progress, err) < 0)
		return -1;
	snprintf(ret->summary, sizeof(ret->summary),
		 "%s has another image, and all nodes know it",
		 job->node ? job->node->name : job->set);
	return 0;
}

static const struct step step_upgrade = { .name = "upgrade",
					  .claim = "network",
					  .work = work_upgrade };

/* The release that the nodes get: with the CorDapps that they had, and a label
 * that tells where they come from. */
static int new_release(struct job *job, const struct network_node *node,
		       const char *word, struct release *ret, struct error *err)
{
	const struct release *old = &job->net.releases[node->release];
	struct network one = job->net;
	const char *brief = release_brief(word, &job->arena);
	struct built_images images;
	char path[PATH_ROOM];

	*ret = (struct release){ .label = arena_printf(&job->arena, "%s-to-%s",
						       old->label, brief ?: ""),
				 .word = word,
				 .cordapps = old->cordapps };
	if (!brief || !ret->label)
		return error_nomem(err);
	if (release_word_check(word, err) < 0)
		return -1;
	one.releases = ret;
	one.release_count = 1;
	if (built_images_read(record_path(built_dir, path), &job->arena,
			      &images, err) < 0 ||
	    built_images_fill(&images, job->net.registry, &one, err) < 0)
		return -1;
	if (!ret->contracts)
		ret->contracts = old->contracts;
	return 0;
}

static int add_release(struct job *job, const struct release *release,
		       struct error *err)
{
	struct network *net = &job->net;
	unsigned n = net->release_count;
	struct release *all = arena_array(&job->arena, n + 1, sizeof(*all));

	if (!all)
		return error_nomem(err);
	memcpy(all, net->releases, n * sizeof(*all));
	all[n] = *release;
	net->releases = all;
	net->release_count = n + 1;
	return 0;
}

/* One that is there already: of a node of the set, which was upgraded before
 * or by an upgrade that was broken off; of another set, by its label. */
static int find_release(struct job *job, const struct network_node *node,
			const char *word, unsigned *ret, struct error *err)
{
	struct network *net = &job->net;
	struct release release;

	for (unsigned i = 0; i < net->node_count; i++) {
		*ret = net->nodes[i].release;
		if (!strcmp(net->nodes[i].set, node->set) &&
		    !strcmp(net->releases[*ret].word, word))
			return 0;
	}
	if (new_release(job, node, word, &release, err) < 0)
		return -1;
	for (*ret = 0; *ret < net->release_count; ++*ret)
		if (!strcmp(net->releases[*ret].label, release.label))
			return 0;
	return add_release(job, &release, err);
}

/* Another release for the node, or all of the set, in the run's network. */
static int change_release(struct job *job, const struct network_node *first,
			  const char *word, struct error *err)
{
	struct network *net = &job->net;
	unsigned release;

	if (find_release(job, first, word, &release, err) < 0)
		return -1;
	for (unsigned i = 0; i < net->node_count; i++)
		if (job->node ? &net->nodes[i] == job->node
			      : !strcmp(net->nodes[i].set, job->set))
			net->nodes[i].release = release;
	if (job_change(job, err) < 0)
		return -1;
	return network_save(net, job->run_dir, err);
}

static int upgrade(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_upgrade_options *o = cli->options;
	cleanup(job_release) struct job job = { 0 };
	const char *run = cli->arg_count > 2 ? cli->args[0] : NULL;
	const char *word = cli->args[cli->arg_count - 1];
	const char *name = cli->args[cli->arg_count - 2];
	const struct network_node *node;

	(void)exit_code;
	if (job_open(&job, &o->common, &o->run, err) < 0 ||
	    job_load(&job, run, err) < 0)
		return -1;
	node = job_find_node(&job, name, err);
	if (!node)
		return -1;
	job.set = node->set;
	if (!strcmp(node->name, name))
		job.node = node;
	if (job_refuse_cluster(node, err) < 0 ||
	    deploy_can_upgrade(job.run_dir, job.set, job.node, err) < 0 ||
	    (job.node && rollout_check(&job.net, node, word, err) < 0) ||
	    change_release(&job, node, word, err) < 0)
		return -1;
	return job_step(&job, &step_upgrade, err);
}

const struct command command_upgrade = {
	.name = "upgrade",
	.usage = "[RUN] NODES RELEASE",
	.brief = "upgrade nodes to another release, in a cluster",
	.text = "`medley upgrade bank-4.0 maven:4.8` restarts these nodes "
		"with the image of that release in built/node-images.txt, "
		"on the same volumes and databases, and migrates the "
		"databases if the release needs it. The other nodes get the "
		"new node infos. The matrix then shows the upgraded nodes "
		"as \"4.0-to-4.8\". The name of one node (bank-4.0-1) "
		"upgrades this node alone; the node with the highest number "
		"must be upgraded first.",
	.examples =
		EXAMPLES({ "medley upgrade bank-4.0 maven:4.8",
			   "all nodes of this bank" },
			 { "medley upgrade bank-4.0-1 maven:4.8", "one node" }),
	.least = 2,
	.most = 3,
	.needs_data = true,
	COMMAND_OPTIONS(upgrade_options, struct cmd_upgrade_options),
	.run = upgrade,
};
