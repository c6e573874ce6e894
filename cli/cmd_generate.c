/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_generate.c - medley generate: the configuration of a run, or a cluster's.
 */
#include "generate/generate.h"

#include <string.h>

#include "base/counted.h"
#include "cli/cli.h"
#include "cli/job.h"
#include "build-and-publish/network_images.h"
#include "run/engine_names.h"
#include "run/images.h"
#include "sys/clock.h"

enum { NETWORK_MAX = 16 * 1024 * 1024 };

struct cmd_generate_options {
	struct common_options common;
	struct run_options run;
	const char *file;
	const char *output;
	const char *format;
};

static const struct option generate_options[] = {
	OPTIONS_OF_GROUP(seed_group, struct cmd_generate_options, run),
	OPTIONS_OF_GROUP(runs_group, struct cmd_generate_options, run),
	{ .name = "file",
	  .letter = 'f',
	  .value = "FILE",
	  OPTION_OF(struct cmd_generate_options, file),
	  .help = "file of the network (network.yaml; if it does not exist, a "
		  "bank of each release in built/node-images.txt)" },
	OPTIONS_OF_GROUP(target_group, struct cmd_generate_options, run.place),
	{ .name = "output",
	  .letter = 'o',
	  .value = "DIR",
	  OPTION_OF(struct cmd_generate_options, output),
	  .help = "directory for the manifests; keys are in DIR/.medley "
		  "(config)" },
	{ .name = "format",
	  .value = "FORMAT",
	  OPTION_OF(struct cmd_generate_options, format),
	  .choices = "plain helm kustomize",
	  .help = "form of the manifests: plain, helm (a chart) or kustomize "
		  "(a base)" },
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

static enum generate_format read_format(const char *word)
{
	static const char *const words[] = { [GENERATE_PLAIN] = "plain",
					     [GENERATE_HELM] = "helm",
					     [GENERATE_KUSTOMIZE] =
						     "kustomize" };

	for (size_t i = 0; word && i < ARRAY_SIZE(words); i++)
		if (!strcmp(word, words[i]))
			return (enum generate_format)i;
	return GENERATE_PLAIN;
}

static int check_options(const struct cli *cli, const struct run_options *run,
			 struct error *err)
{
	if (cli->arg_count)
		return error_set(err, ERROR_INPUT,
				 "'%s': with these options, name the network "
				 "file with -f",
				 cli->args[0]);
	return placement_check(&run->place, err);
}

/* The network of those who wrote none. */
static int read_images_network(struct job *job,
			       const struct built_images *images,
			       struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(NETWORK_MAX);

	if (built_images_network(images, job->run->place.registry, &text, err) <
	    0)
		return -1;
	return network_parse(images->file, text.data, text.len, &job->arena,
			     &job->net, err);
}

/* -f, or ./network.yaml, or what the images say. */
static int read_inputs(struct job *job, const char *file,
		       struct built_images *images, struct error *err)
{
	char path[PATH_ROOM];

	if (!file && file_exists("network.yaml"))
		file = "network.yaml";
	path_join(path, built_dir, "node-images.txt");
	if ((file && network_read(file, &job->arena, &job->net, err) < 0) ||
	    built_images_read(path, &job->arena, images, err) < 0)
		return -1;
	return file ? 0 : read_images_network(job, images, err);
}

static int prepare(struct job *job, const char *file, struct error *err)
{
	struct network *net = &job->net;
	struct built_images images;

	if (read_inputs(job, file, &images, err) < 0)
		return -1;
	net->engine = engine_word(ENGINE_ID_KUBERNETES);
	if (placement_apply(&job->run->place, net, &job->arena, err) < 0)
		return -1;
	return built_images_fill(&images, net->registry, net, err);
}

/* What a person types next, in the order in which it is needed. */
static void print_next(const struct job *job, const char *dir,
		       enum generate_format format)
{
	const char *context = job->net.context;
	const char *set = job->net.nodes[0].set;
	char kubectl[512] = "kubectl";

	if (context)
		snprintf(kubectl, sizeof(kubectl), "kubectl --context %s",
			 context);
	if (format == GENERATE_HELM) {
		fprintf(stderr,
			"next: helm install %smedley %s -n %s "
			"--create-namespace -f %s/.medley/secrets.yaml\n",
			network_prefix(&job->net), dir, job->net.namespace,
			dir);
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

static void print_end(struct job *job, const struct generate_summary *made,
		      int64_t began)
{
	const char *image = job->net.releases[0].image;
	char text[128];

	const bool registers = job->net.identity == IDENTITY_DOORMAN;

	snprintf(text, sizeof(text), "%u %s, %lld %s%s",
		 registers ? job->net.node_count : made->identities,
		 registers		 ? "nodes that register themselves"
		 : made->identities == 1 ? "identity"
					 : "identities",
		 COUNTED(made->files, "file"),
		 made->login ? ", regsecret" : "");
	screen_end(job->screen, text, (double)(clock_mono_us() - began) / 1e6,
		   false);
	if (!strncmp(image, "localhost/", 10))
		fprintf(stderr, "medley: the images are on this machine only; "
				"a cluster pulls them from a registry: medley "
				"build --docker-registry REGISTRY ...\n");
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

static int generate_cluster(struct job *job, const struct cli *cli,
			    struct error *err)
{
	const struct cmd_generate_options *o = cli->options;
	const char *dir = o->output ? o->output : "config";
	char state[PATH_ROOM], keys[PATH_ROOM], passwords[PATH_ROOM],
		list[PATH_ROOM], run[OBJECT_NAME];
	struct generate_order order = { .dir = dir, .login = true };
	struct generate_summary made = { 0 };
	int64_t began = clock_mono_us();

	order.format = read_format(o->format);
	if (check_options(cli, &o->run, err) < 0 ||
	    prepare(job, o->file, err) < 0)
		return -1;
	path_join(state, dir, ".medley");
	order.keys = path_join(keys, state, "identities.jks");
	order.passwords = path_join(passwords, state, "passwords");
	order.list = path_join(list, state, "files");
	order.run = network_object(&job->net, job->net.namespace, run);
	screen_begin(job->screen, "generate");
	if (dir_make(state, 0700, err) < 0 ||
	    generate_network(&job->net, &order, &made, err) < 0 ||
	    keep_network(job, state, err) < 0) {
		screen_end(job->screen, "FAILED", 0, true);
		return -1;
	}
	print_end(job, &made, began);
	if (order.format == GENERATE_PLAIN)
		print_parts(job, dir);
	else
		printf("%s\n", dir);
	print_next(job, dir, order.format);
	return 0;
}

static bool is_for_cluster(const struct cmd_generate_options *o)
{
	const struct placement *p = &o->run.place;

	return o->file || o->output || o->format || p->namespace ||
	       p->storage_class || p->registry || p->context;
}

static int generate(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_generate_options *o = cli->options;
	cleanup(job_release) struct job job = { 0 };

	(void)exit_code;
	if (job_open(&job, &o->common, &o->run, err) < 0)
		return -1;
	if (is_for_cluster(o))
		return generate_cluster(&job, cli, err);
	return generate_run(&job, cli_arg(cli, 0), err);
}

const struct command command_generate = {
	.name = "generate",
	.usage = "NETWORK.yaml|[RUN]|-n NAME ...",
	.brief = "write keys, network files and manifests",
	.text = "With a network.yaml, begins a run: builds the missing "
		"images and saves the network with all names resolved. "
		"Then, or with a RUN, writes keys, certificates, node "
		"infos, network parameters and Kubernetes manifests to "
		"RUN/config. With any of the options -f, -n, -s, -o, "
		"--docker-registry, --context and --format, writes them for "
		"a cluster instead, with the images in "
		"built/node-images.txt; docs/generate.md describes the "
		"files and how to apply them.",
	.examples = EXAMPLES(
		{ "medley generate network.yaml",
		  "begin a run, and write its network to the run's config/" },
		{ "medley generate -f network.yaml -n corda -o config",
		  "manifests for a namespace of a cluster, in config/" },
		{ "medley generate -f network.yaml -n corda --format helm -o "
		  "chart",
		  "the same as a Helm chart" }),
	.most = 1,
	.needs_data = true,
	COMMAND_OPTIONS(generate_options, struct cmd_generate_options),
	.run = generate,
};
