/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_run.c - medley run: all steps, teardown in any case, one answer. */
#include <string.h>

#include "cli/job.h"
#include "cli/say.h"
#include "run/engine_names.h"
#include "sys/interrupt.h"

/*
 * build -> generate -> deploy -> drive -> check; the first that fails ends
 * the row. Then teardown, unless --keep, as soon as deploy has begun; then
 * the report, which says of a step that failed what it means for the answer.
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
static void say_database(const struct job *job, const struct js *endpoints,
			 FILE *out)
{
	const char *container =
		js_str(js_get(endpoints, "database"), "container");

	if (container && in_cluster(&job->net))
		say_line(out,
			 "  kubectl%s%s -n %s exec -it %s -- "
			 "/usr/lib/postgresql/15/bin/psql -h /tmp -U corda %s",
			 job->net.context ? " --context " : "",
			 job->net.context ?: "", job->net.namespace, container,
			 job->net.nodes[0].database);
	else if (container)
		say_line(out,
			 "  podman exec -it %s /usr/lib/postgresql/15/bin/psql "
			 "-h /tmp -U corda %s",
			 container, job->net.nodes[0].database);
}

static int say_rpc(const char *node, const struct js *at, void *ctx)
{
	say_line(ctx,
		 "  RPC of %-20s %s:%d, user and password in "
		 "secrets.json",
		 node, js_str(at, "host") ?: "", (int)js_int(at, "port", 0));
	return 0;
}

static void say_kept(struct job *job)
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
		say_database(job, endpoints, out);
		/* Forwards have ended with the steps that needed them. */
		if (!in_cluster(&job->net))
			js_each(js_get(endpoints, "nodes"), say_rpc, out);
	}
	fprintf(out, "  medley down %s\n", run);
}

/* The row's error is said at once: the report comes after teardown. */
static int finish(struct job *job, bool deployed, struct error *why,
		  int *exit_code, struct error *err)
{
	struct error left = { 0 }, unsealed = { 0 };
	bool keep = cli_has(job->cli, OPT_KEEP);

	if (why->kind)
		say_error(why);
	if (deployed && !keep && job_step(job, &step_down, &left) < 0)
		say_error(&left);
	fputs("\n", screen_out(job->screen));
	if (job_report(job, exit_code, err) < 0)
		return -1;
	if (job_seal(job, true, &unsealed) < 0)
		say_error(&unsealed);
	if (deployed && keep)
		say_kept(job);
	if (why->kind == ERROR_INTERRUPTED)
		*exit_code = ERROR_INTERRUPTED;
	else if (why->kind && !*exit_code)
		*exit_code = why->kind;
	else if (left.kind && !*exit_code)
		*exit_code = left.kind;
	else if (unsealed.kind && !*exit_code)
		*exit_code = unsealed.kind;
	return 0;
}

int cmd_run(struct cli *cli, int *exit_code, struct error *err)
{
	cleanup(job_release) struct job job = { 0 };
	struct error why = { 0 };
	bool deployed = false;

	if (job_open(&job, cli, err) < 0 ||
	    job_create(&job, cli->args[0], err) < 0)
		return -1;
	do_row(&job, &deployed, &why);
	return finish(&job, deployed, &why, exit_code, err);
}
