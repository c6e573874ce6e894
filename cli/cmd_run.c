/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_run.c - medley run: all steps, teardown in any case, one answer. */
#include <string.h>

#include "cli/cli.h"
#include "cli/history_record.h"
#include "cli/job.h"
#include "cli/print.h"
#include "cli/row.h"
#include "run/engine_names.h"
#include "run/run.h"
#include "sys/interrupt.h"

struct cmd_run_options {
	struct common_options common;
	struct run_options run;
	struct check_options check;
	struct option_number repeat;
	bool keep;
};

enum { REPEAT_MAX = 100 };

static const struct option run_options[] = {
	{ .name = "keep",
	  OPTION_OF(struct cmd_run_options, keep),
	  .help = "leave the network up" },
	{ .name = "repeat",
	  .value = "N",
	  OPTION_OF(struct cmd_run_options, repeat),
	  .most = REPEAT_MAX,
	  .help = "make N runs one after the other with the same seed, then "
		  "join their results: a cell that both passed and failed is "
		  "flaky" },
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
static int do_step(struct job *job, const struct step *step, struct error *err)
{
	if (interrupt_check(err) < 0)
		return -1;
	return job_step(job, step, err);
}

/* Each load, one after the other. */
static int do_drives(struct job *job, const struct row *row, struct error *err)
{
	if (!row->drive_count)
		return do_step(job, &step_drive, err);
	for (size_t i = 0; i < row->drive_count; i++) {
		const struct load_file *drive = &row->drives[i];

		job->other_load = drive->name ? drive : NULL;
		if (do_step(job, &step_drive, err) < 0)
			return -1;
	}
	return 0;
}

static int do_row(struct job *job, const struct row *row, bool *deployed,
		  struct error *err)
{
	if (do_step(job, row->kept_images ? &step_images : &step_build, err) <
		    0 ||
	    do_step(job, &step_generate, err) < 0 || interrupt_check(err) < 0)
		return -1;
	*deployed = true;
	if (do_step(job, &step_deploy, err) < 0 || do_drives(job, row, err) < 0)
		return -1;
	return do_step(job, &step_check, err);
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
static int finish(struct job *job, bool deployed, const struct row *row,
		  struct ending *ending)
{
	struct error *why = &ending->why, *left = &ending->left;
	struct error unsealed = { 0 };
	const struct error *const errors[] = { why, left, &unsealed,
					       &ending->unwritten };
	int exit_code = 0;

	if (why->kind)
		print_failure(why);
	if (deployed && !row->keep && job_step(job, &step_down, left) < 0)
		print_failure(left);
	if (job_seal(job, true, &unsealed) < 0)
		print_failure(&unsealed);
	fputs("\n", screen_out(job->screen));
	if ((row->silent ? job_report_silently
			 : job_report)(job, &exit_code, &ending->unwritten) < 0)
		print_failure(&ending->unwritten);
	if (!row->aside)
		history_record_run(job->net.history_database, job->run_dir);
	if (deployed && row->keep)
		print_kept(job);
	if (why->kind == ERROR_INTERRUPTED)
		return ERROR_INTERRUPTED;
	for (size_t i = 0; i < ARRAY_SIZE(errors) && !exit_code; i++)
		exit_code = errors[i]->kind;
	return exit_code;
}

int row_do(struct job *job, const struct row *row, struct ending *ret_ending)
{
	bool deployed = false;

	*ret_ending = (struct ending){ 0 };
	do_row(job, row, &deployed, &ret_ending->why);
	return finish(job, deployed, row, ret_ending);
}

static int run_one(struct job *job, const struct cli *cli, bool silent,
		   struct ending *ending, int *exit_code, struct error *err)
{
	const struct cmd_run_options *o = cli->options;
	const struct row row = { .keep = o->keep, .silent = silent };

	job->ask_nodes = o->check.ask_nodes;
	job->boots = true;
	if (job_create(job, cli->args[0], err) < 0)
		return -1;
	*exit_code = row_do(job, &row, ending);
	return 0;
}

/* ---- several runs ---- */

struct repeating {
	const struct cli *cli;
	struct arena *arena;
	struct run_options run; /* the first run's seed is that of all */
	const char *dirs[REPEAT_MAX];
	unsigned count, wanted;
	enum error_kind stopped; /* why there are not as many as wanted */
};

/* What would be the same in the next run, or disturb it. */
static enum error_kind why_stop(const struct ending *ending)
{
	if (ending->why.kind == ERROR_INTERRUPTED ||
	    ending->why.kind == ERROR_BUILD)
		return ending->why.kind;
	return ending->left.kind;
}

static void print_repetition(const struct repeating *r, struct job *job)
{
	char line[64];

	snprintf(line, sizeof(line), "repetition %u of %u", r->count + 1,
		 r->wanted);
	screen_line(job->screen, line, NULL);
}

static const char *meaning_of(int exit_code)
{
	for (unsigned i = 0; i < exit_code_count; i++)
		if (exit_codes[i].code == exit_code)
			return exit_codes[i].meaning;
	return "";
}

static void print_ending(struct job *job, int exit_code)
{
	char line[256];

	snprintf(line, sizeof(line), "exit code %d: %.200s", exit_code,
		 meaning_of(exit_code));
	screen_line(job->screen, line, NULL);
	fputs("\n", screen_out(job->screen));
}

static int repeat_once(struct repeating *r, struct error *err)
{
	const struct cmd_run_options *o = r->cli->options;
	cleanup(job_release) struct job job = { 0 };
	struct ending ending = { 0 };
	int exit_code = 0;

	if (job_open(&job, &o->common, &r->run, err) < 0)
		return -1;
	print_repetition(r, &job);
	if (run_one(&job, r->cli, true, &ending, &exit_code, err) < 0)
		return -1;
	print_ending(&job, exit_code);
	/* Without its results.json there is nothing to join. */
	if (ending.unwritten.kind)
		return error_set(err, ending.unwritten.kind, "%s has no report",
				 job.run_dir);
	r->dirs[r->count] = arena_strdup(r->arena, job.run_dir);
	if (!r->dirs[r->count])
		return error_nomem(err);
	r->count++;
	r->run.seed = (struct option_number){ job.net.seed, true };
	r->stopped = why_stop(&ending);
	return 0;
}

/* If a run cannot begin, its error is printed at once, and no other run is
 * started. */
static void repeat_all(struct repeating *r, struct error *err)
{
	while (r->count < r->wanted && !r->stopped) {
		if (r->count && interrupt_check(err) < 0)
			r->stopped = err->kind;
		else if (repeat_once(r, err) < 0)
			r->stopped = err->kind;
	}
	if (!r->stopped || r->count == r->wanted)
		return;
	if (r->count && err->kind)
		print_failure(err);
	print_line(stderr, "medley: stopped after %u of %u repetitions",
		   r->count, r->wanted);
}

static int join(struct repeating *r, int *exit_code, struct error *err)
{
	const struct cmd_run_options *o = r->cli->options;
	cleanup(job_release) struct job job = { 0 };
	char out[PATH_ROOM];

	if (job_open(&job, &o->common, &r->run, err) < 0 ||
	    run_create_merged(o->run.runs, out, err) < 0 ||
	    job_merge(&job, r->dirs, r->count, out, exit_code, err) < 0)
		return -1;
	if (r->stopped == ERROR_INTERRUPTED)
		*exit_code = ERROR_INTERRUPTED;
	else if (r->stopped && !*exit_code)
		*exit_code = r->stopped;
	return 0;
}

static int repeat(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_run_options *o = cli->options;
	cleanup(arena_release) struct arena arena =
		ARENA_INIT(REPEAT_MAX * PATH_ROOM);
	struct repeating r = { .cli = cli,
			       .arena = &arena,
			       .run = o->run,
			       .wanted = (unsigned)o->repeat.value };
	struct error why = { 0 };

	if (o->keep)
		return error_set(err, ERROR_INPUT,
				 "--repeat removes each network before the "
				 "next run; leave out --keep");
	repeat_all(&r, &why);
	if (!r.count) {
		*err = why;
		return -1;
	}
	return join(&r, exit_code, err);
}

static int run(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_run_options *o = cli->options;
	cleanup(job_release) struct job job = { 0 };
	struct ending ending = { 0 };

	if (o->repeat.given)
		return repeat(cli, exit_code, err);
	if (job_open(&job, &o->common, &o->run, err) < 0)
		return -1;
	return run_one(&job, cli, false, &ending, exit_code, err);
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
		"once; then run `medley down`.\n\n"
		"With --repeat each run has its own directory, and the joined "
		"result (as of `medley report --merge`) has another one. If a "
		"run fails, the next one still starts, unless a release could "
		"not be built or teardown left something behind. After ^C "
		"medley ends the current run in order and starts no other.",
	.examples = EXAMPLES(
		{ "medley run examples/quickstart/network.yaml",
		  "the first network: build, test and remove it" },
		{ "medley run network.yaml --keep",
		  "leave the network up, to look around in it" },
		{ "medley run network.yaml --engine kubernetes --context "
		  "kind-test",
		  "in a cluster" },
		{ "medley run network.yaml --seed 7 --json",
		  "the schedule of seed 7; results.json on standard output" },
		{ "medley run network.yaml --repeat 5",
		  "five runs, and which cells are flaky" }),
	.least = 1,
	.most = 1,
	.needs_data = true,
	COMMAND_OPTIONS(run_options, struct cmd_run_options),
	.run = run,
};
