/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_change.c - medley scale, medley upgrade: a network that is up, changed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "build-and-publish/image_record.h"
#include "cli/job.h"
#include "cli/placement.h"
#include "build-and-publish/network_images.h"
#include "deploy/deploy.h"
#include "generate/generate.h"
#include "run/images.h"
#include "run/network_names.h"
#include "run/release_word.h"
#include "run/rollout.h"

/* The first node that the word names: by its own name, its StatefulSet's, or
 * the name that its StatefulSet's nodes begin with ("bank-4.0"). */
static const struct network_node *find_node(struct job *job, const char *word,
					    struct error *err)
{
	size_t len = strlen(word);

	for (unsigned i = 0; i < job->net.node_count; i++) {
		const struct network_node *n = &job->net.nodes[i];

		if (!strcmp(n->name, word) || !strcmp(n->set, word) ||
		    (!strncmp(n->name, word, len) && n->name[len] == '-' &&
		     !n->name[len + 1 +
			      strspn(n->name + len + 1, "0123456789")]))
			return n;
	}
	error_set(err, ERROR_INPUT,
		  "%s has no nodes '%s'; 'medley status' names them",
		  job->run_dir, word);
	return NULL;
}

static int work_scale(struct job *job, struct progress *progress,
		      struct step_result *ret, struct error *err)
{
	if (deploy_scale(job->run_dir, job->set, job->replicas, progress, err) <
	    0)
		return -1;
	snprintf(ret->summary, sizeof(ret->summary), "%s has %u pods", job->set,
		 job->replicas);
	return 0;
}

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

static const struct step step_scale = { "scale", "network", work_scale };
static const struct step step_upgrade = { "upgrade", "network", work_upgrade };

static int load(struct job *job, struct cli *cli, unsigned words,
		struct error *err)
{
	const char *run = cli->arg_count > words ? cli->args[0] : NULL;

	return job_open(job, cli, err) < 0 ? -1 : job_load(job, run, err);
}

/* Nodes of one notary do not outlive that they start again. */
static int refuse_cluster(const struct network_node *node, struct error *err)
{
	if (!node->cluster)
		return 0;
	return error_set(err, ERROR_INPUT,
			 "%s is a notary of several nodes, which forget what "
			 "was spent, or do not find each other, when they "
			 "start again (docs/notaries.md): begin a new run, as "
			 "you want it in network.yaml",
			 node->set);
}

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
	node = find_node(job, name, err);
	if (!node || refuse_cluster(node, err) < 0)
		return -1;
	job->set = node->set;
	job->replicas = (unsigned)strtoul(mark + 1, NULL, 10);
	return 0;
}

int cmd_scale(struct cli *cli, int *exit_code, struct error *err)
{
	cleanup(job_release) struct job job = { 0 };

	(void)exit_code;
	if (load(&job, cli, 1, err) < 0 ||
	    read_scale(&job, cli->args[cli->arg_count - 1], err) < 0)
		return -1;
	return job_step(&job, &step_scale, err);
}

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

int cmd_upgrade(struct cli *cli, int *exit_code, struct error *err)
{
	cleanup(job_release) struct job job = { 0 };
	const char *word = cli->args[cli->arg_count - 1];
	const char *name = cli->args[cli->arg_count - 2];
	const struct network_node *node;

	(void)exit_code;
	if (load(&job, cli, 2, err) < 0)
		return -1;
	node = find_node(&job, name, err);
	if (!node)
		return -1;
	job.set = node->set;
	if (!strcmp(node->name, name))
		job.node = node;
	if (refuse_cluster(node, err) < 0 ||
	    deploy_can_upgrade(job.run_dir, job.set, job.node, err) < 0 ||
	    (job.node && rollout_check(&job.net, node, word, err) < 0) ||
	    change_release(&job, node, word, err) < 0)
		return -1;
	return job_step(&job, &step_upgrade, err);
}
