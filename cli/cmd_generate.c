/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_generate.c - medley generate: the configuration of a run, or a cluster's.
 */
#include "generate/generate.h"

#include <string.h>

#include "cli/job.h"
#include "cli/placement.h"
#include "build-and-publish/network_images.h"
#include "run/engine_names.h"
#include "run/images.h"
#include "sys/clock.h"

enum {
	FOR_CLUSTER = OPT_NETWORK | OPT_NAMESPACE | OPT_STORAGE_CLASS |
		      OPT_FROM_REGISTRY | OPT_CONTEXT | OPT_OUTPUT | OPT_FORMAT,
	NETWORK_MAX = 16 * 1024 * 1024
};

/* ---- of a run ---- */

static int generate_run(struct job *job, const char *arg, struct error *err)
{
	bool begins = job_is_file(arg);

	if (!begins)
		return job_load(job, arg, err) < 0
			       ? -1
			       : job_step(job, &step_generate, err);
	if (job_create(job, arg, err) < 0 ||
	    job_step(job, &step_build, err) < 0 ||
	    job_step(job, &step_generate, err) < 0)
		return -1;
	printf("%s/config\n", job->run_dir);
	return 0;
}

/* ---- for a cluster ---- */

static int read_format(const char *word, enum generate_format *ret,
		       struct error *err)
{
	static const char *const words[] = { [GENERATE_PLAIN] = "plain",
					     [GENERATE_HELM] = "helm",
					     [GENERATE_KUSTOMIZE] =
						     "kustomize" };

	*ret = GENERATE_PLAIN;
	for (size_t i = 0; word && i < ARRAY_SIZE(words); i++) {
		if (!strcmp(word, words[i])) {
			*ret = (enum generate_format)i;
			return 0;
		}
	}
	if (!word)
		return 0;
	return error_set(err, ERROR_INPUT,
			 "--format: expected plain, helm or kustomize, not "
			 "'%s'",
			 word);
}

static int check_options(const struct cli *cli, struct error *err)
{
	if (cli->arg_count)
		return error_set(err, ERROR_INPUT,
				 "'%s': with these options, the network is "
				 "named by -f",
				 cli->args[0]);
	return placement_check(cli, err);
}

/* The network of those who wrote none. */
static int read_images_network(struct job *job,
			       const struct built_images *images,
			       struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(NETWORK_MAX);

	if (built_images_network(images, job->cli->registry, &text, err) < 0)
		return -1;
	return network_parse(images->file, text.data, text.len, &job->arena,
			     &job->net, err);
}

/* -f, or ./network.yaml, or what the images say. */
static int read_inputs(struct job *job, struct built_images *images,
		       struct error *err)
{
	const char *file = job->cli->file;
	char path[PATH_ROOM];

	if (!file && file_exists("network.yaml"))
		file = "network.yaml";
	path_join(path, built_dir, "node-images.txt");
	if ((file && network_read(file, &job->arena, &job->net, err) < 0) ||
	    built_images_read(path, &job->arena, images, err) < 0)
		return -1;
	return file ? 0 : read_images_network(job, images, err);
}

static int prepare(struct job *job, struct error *err)
{
	const struct cli *cli = job->cli;
	struct network *net = &job->net;
	struct built_images images;

	if (read_inputs(job, &images, err) < 0)
		return -1;
	net->engine = engine_word(ENGINE_ID_KUBERNETES);
	if (placement_apply(cli, net, &job->arena, err) < 0)
		return -1;
	return built_images_fill(&images, net->registry, net, err);
}

/* What a person types next, in the order in which it is needed. */
static void say_next(const struct job *job, const char *dir,
		     enum generate_format format)
{
	const char *context = job->net.context;
	const char *set = job->net.nodes[0].set;
	char kubectl[512] = "kubectl";

	if (context)
		snprintf(kubectl, sizeof(kubectl), "kubectl --context %s",
			 context);
	if (format == GENERATE_HELM) {
		fprintf(stderr, "next: helm template %s\n", dir);
		return;
	}
	if (format == GENERATE_KUSTOMIZE) {
		fprintf(stderr, "next: %s apply -k %s\n", kubectl, dir);
		return;
	}
	fprintf(stderr,
		"next: %s apply -f %s/network\n"
		"      %s apply -f %s/%s\n"
		"      %s -n %s scale statefulset %s --replicas=1\n",
		kubectl, dir, kubectl, dir, set, kubectl, job->net.namespace,
		set);
}

static void print_parts(const struct job *job, const char *dir)
{
	const struct network *net = &job->net;

	printf("%s/network\n", dir);
	for (unsigned i = 0; i < net->node_count; i++)
		if (net->nodes[i].role == NODE_BANK && !net->nodes[i].ordinal)
			printf("%s/%s\n", dir, net->nodes[i].set);
}

static void say_end(struct job *job, const struct generate_summary *made,
		    int64_t began)
{
	const char *image = job->net.releases[0].image;
	char text[128];

	const bool registers = job->net.identity == IDENTITY_DOORMAN;

	snprintf(text, sizeof(text), "%u %s, %u files%s",
		 registers ? job->net.node_count : made->identities,
		 registers ? "nodes that register themselves" : "identities",
		 made->files, made->login ? ", regsecret" : "");
	screen_end(job->screen, text, (double)(clock_mono_us() - began) / 1e6,
		   false);
	if (!strncmp(image, "localhost/", 10))
		fprintf(stderr, "medley: the images are on this machine only; "
				"a cluster pulls them from a registry: medley "
				"build --docker-registry REGISTRY …\n");
}

/* What `medley up` will need of it. */
static int keep_network(const struct job *job, const char *state,
			struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(NETWORK_MAX);
	char path[PATH_ROOM];

	if (network_write(&job->net, &text, err) < 0)
		return -1;
	path_join(path, state, "resolved");
	return file_write(path, text.data, text.len, 0600, err);
}

static int generate_cluster(struct job *job, struct error *err)
{
	const char *dir = job->cli->output ? job->cli->output : "config";
	char state[PATH_ROOM], keys[PATH_ROOM], passwords[PATH_ROOM],
		list[PATH_ROOM];
	struct generate_order order = { .dir = dir, .login = true };
	struct generate_summary made = { 0 };
	int64_t began = clock_mono_us();

	if (read_format(job->cli->format, &order.format, err) < 0 ||
	    check_options(job->cli, err) < 0 || prepare(job, err) < 0)
		return -1;
	path_join(state, dir, ".medley");
	order.keys = path_join(keys, state, "identities.jks");
	order.passwords = path_join(passwords, state, "passwords");
	order.list = path_join(list, state, "files");
	order.run = job->net.namespace;
	screen_begin(job->screen, "generate");
	if (dir_make(state, 0700, err) < 0 ||
	    generate_network(&job->net, &order, &made, err) < 0 ||
	    keep_network(job, state, err) < 0) {
		screen_end(job->screen, "FAILED", 0, true);
		return -1;
	}
	say_end(job, &made, began);
	if (order.format == GENERATE_PLAIN)
		print_parts(job, dir);
	else
		printf("%s\n", dir);
	say_next(job, dir, order.format);
	return 0;
}

int cmd_generate(struct cli *cli, int *exit_code, struct error *err)
{
	cleanup(job_release) struct job job = { 0 };

	(void)exit_code;
	if (job_open(&job, cli, err) < 0)
		return -1;
	if (cli->given & FOR_CLUSTER)
		return generate_cluster(&job, err);
	return generate_run(&job, cli->arg_count ? cli->args[0] : NULL, err);
}
