/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_run.c - medley run: all steps, teardown in any case, one answer. */
#include <string.h>

#include "cli/cli.h"
#include "cli/history_record.h"
#include "cli/job.h"
#include "cli/print.h"
#include "run/engine_names.h"
#include "sys/interrupt.h"

struct cmd_run_options {
	struct common_options common;
	struct run_options run;
	struct check_options check;
	bool keep;
};

static const struct option run_options[] = {
	{ .name = "keep",
	  OPTION_OF(struct cmd_run_options, keep),
	  .help = "leave the network up" },
	OPTIONS_OF_GROUP(seed_group, struct cmd_run_options, run),
	OPTIONS_OF_GROUP(runs_group, struct cmd_run_options, run),
	OPTIONS_OF_GROUP(check_group, struct cmd_run_options, check),
	OPTIONS_OF_GROUP(placement_group, struct cmd_run_options, run.place),
	OPTIONS_OF_GROUP(json_group, struct cmd_run_options, common),
};

/*
 * build -> generate -> deploy -> drive -> check; the first that fails ends
 * the row. Then teardown, unless --keep, as soon as deploy has begun; then
 * the seal; then the report, which checks the seal like that of any run, and
 * says of a step that failed what it means for the answer.
 */
static const struct step *const row[] = { &step_build, &step_generate,
					  &step_deploy, &step_drive,
					  &step_check };

static int do_row(struct job *job, bool *deployed, struct error *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(row); i++) {
		if (interrupt_check(err) < 0)
			return -1;
		if (row[i] == &step_deploy)
			*deployed = true;
		if (job_step(job, row[i], err) < 0)
			return -1;
	}
	return 0;
}

static const char *first_node(const struct network *net)
{
	for (unsigned i = 0; i < net->node_count; i++)
		if (network_node_runs(net, &net->nodes[i]))
			return net->nodes[i].name;
	return net->nodes[0].name;
}

static bool in_cluster(const struct network *net)
{
	return engine_is_cluster(net->engine);
}

/* psql runs where the database does, as its owner: no password is shown. */
static void print_database(const struct job *job, const struct js *endpoints,
			   FILE *out)
{
	const char *container =
		js_str(js_get(endpoints, "database"), "container");

	if (container && in_cluster(&job->net))
		print_line(
			out,
			"  kubectl%s%s -n %s exec -it %s -- "
			"/usr/lib/postgresql/15/bin/psql -h /tmp -U corda %s",
			job->net.context ? " --context " : "",
			job->net.context ?: "", job->net.namespace, container,
			job->net.nodes[0].database);
	else if (container)
		print_line(
			out,
			"  podman exec -it %s /usr/lib/postgresql/15/bin/psql "
			"-h /tmp -U corda %s",
			container, job->net.nodes[0].database);
}

static int print_rpc(const char *node, const struct js *at, void *ctx)
{
	print_line(ctx,
		   "  RPC of %-20s %s:%d, user and password in "
		   "secrets.json",
		   node, js_str(at, "host") ?: "", (int)js_int(at, "port", 0));
	return 0;
}

static void print_kept(struct job *job)
{
	cleanup(js_freep) struct js *endpoints = NULL;
	FILE *out = screen_out(job->screen);
	const char *run = job->run_dir;
	char path[PATH_ROOM];

	fprintf(out,
		"\nthe network is up:\n"
		"  medley status %s\n"
		"  medley logs %s %s\n",
		run, run, first_node(&job->net));
	if (!js_read_file(path_join(path, run, "endpoints.json"), &endpoints,
			  NULL)) {
		print_database(job, endpoints, out);
		/* Forwards have ended with the steps that needed them. */
		if (!in_cluster(&job->net))
			js_each(js_get(endpoints, "nodes"), print_rpc, out);
	}
	fprintf(out, "  medley down %s\n", run);
}

/*
 * What ended the row is printed at once: the report comes after teardown. None
 * of these steps keeps the next one from being done. The verdict counts for
 * the exit code, then the first error.
 */
static int finish(struct job *job, bool deployed, bool keep,
		  const struct error *why)
{
	struct error left = { 0 }, unsealed = { 0 }, unwritten = { 0 };
	const struct error *const errors[] = { why, &left, &unsealed,
					       &unwritten };
	int exit_code = 0;

	if (why->kind)
		print_failure(why);
	if (deployed && !keep && job_step(job, &step_down, &left) < 0)
		print_failure(&left);
	if (job_seal(job, true, &unsealed) < 0)
		print_failure(&unsealed);
	fputs("\n", screen_out(job->screen));
	if (job_report(job, &exit_code, &unwritten) < 0)
		print_failure(&unwritten);
	history_record_run(job->net.history_database, job->run_dir);
	if (deployed && keep)
		print_kept(job);
	if (why->kind == ERROR_INTERRUPTED)
		return ERROR_INTERRUPTED;
	for (size_t i = 0; i < ARRAY_SIZE(errors) && !exit_code; i++)
		exit_code = errors[i]->kind;
	return exit_code;
}

static int run(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_run_options *o = cli->options;
	cleanup(job_release) struct job job = { 0 };
	struct error why = { 0 };
	bool deployed = false;

	if (job_open(&job, &o->common, &o->run, err) < 0)
		return -1;
	job.ask_nodes = o->check.ask_nodes;
	job.boots = true;
	if (job_create(&job, cli->args[0], err) < 0)
		return -1;
	do_row(&job, &deployed, &why);
	*exit_code = finish(&job, deployed, o->keep, &why);
	return 0;
}

const struct command command_run = {
	.name = "run",
	.usage = "NETWORK.yaml",
	.brief = "perform all steps: build, boot, pay, check, report, remove",
	.text = "Builds an image of each release, boots a network in which "
		"the releases are mixed, lets every bank pay the other "
		"banks, checks the nodes' databases, prints the matrix of "
		"verdicts and removes the network. The evidence stays in "
		"the run's directory. After a failed step, and after ^C, "
		"medley still removes the network. A second ^C quits at "
		"once; then run `medley down`.",
	.examples = EXAMPLES(
		{ "medley run examples/quickstart/network.yaml",
		  "the first network: build, test and remove it" },
		{ "medley run network.yaml --keep",
		  "leave the network up, to look around in it" },
		{ "medley run network.yaml --engine kubernetes --context "
		  "kind-test",
		  "in a cluster" },
		{ "medley run network.yaml --seed 7 --json",
		  "the schedule of seed 7; results.json on standard output" }),
	.least = 1,
	.most = 1,
	.needs_data = true,
	COMMAND_OPTIONS(run_options, struct cmd_run_options),
	.run = run,
};
