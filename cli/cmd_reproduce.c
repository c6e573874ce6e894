/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_reproduce.c - medley reproduce: repeats a run exactly. */
#include <string.h>
#include <sys/stat.h>

#include "base/counted.h"
#include "cli/cli.h"
#include "cli/job.h"
#include "cli/precheck.h"
#include "cli/print.h"
#include "cli/row.h"
#include "run/cell_name.h"
#include "run/reproduction.h"

struct cmd_reproduce_options {
	struct common_options common;
	struct run_options run;
	const char *cell;
	bool keep;
};

static const struct option reproduce_options[] = {
	{ .name = "cell",
	  .value = CELL_NAME,
	  OPTION_OF(struct cmd_reproduce_options, cell),
	  .help = "boot only the releases of this cell; PAYER:PAYEE stands for "
		  "any notary" },
	{ .name = "keep",
	  OPTION_OF(struct cmd_reproduce_options, keep),
	  .help = "leave the network up" },
	OPTIONS_OF_GROUP(runs_group, struct cmd_reproduce_options, run),
	OPTIONS_OF_GROUP(context_group, struct cmd_reproduce_options,
			 run.place),
	OPTIONS_OF_GROUP(kubeconfig_group, struct cmd_reproduce_options,
			 run.place),
	OPTIONS_OF_GROUP(json_group, struct cmd_reproduce_options, common),
};

static bool is_results(const char *arg)
{
	struct stat st;

	return arg && stat(arg, &st) == 0 && S_ISREG(st.st_mode);
}

/* The source is a results.json, or the directory of a run; *ret_beside is a
 * path in the directory that may have an expected.yaml. */
static int read_source(struct job *job, const char *arg,
		       struct reproduction *ret, const char **ret_beside,
		       struct error *err)
{
	char path[PATH_ROOM];

	if (is_results(arg)) {
		*ret_beside = arg;
		return reproduction_read(arg, &job->arena, ret, err);
	}
	if (job_find(job, arg, err) < 0 ||
	    reproduction_load(job->run_dir, &job->arena, ret, err) < 0)
		return -1;
	path_join(path, job->run_dir, "results.json");
	*ret_beside = arena_strdup(&job->arena, path);
	return *ret_beside ? 0 : error_nomem(err);
}

static int refuse_changed(const struct reproduction *r, const char *source,
			  struct error *err)
{
	if (!r->changed)
		return 0;
	return error_set(
		err, ERROR_INPUT,
		"%s: `medley %s` changed the network while it ran, and "
		"medley does not repeat that; begin a new run with "
		"`medley run`",
		source, r->changed);
}

static int narrow(struct job *job, struct reproduction *r, const char *cell,
		  struct error *err)
{
	const unsigned before = r->net.node_count;
	char line[512];

	if (!cell)
		return 0;
	if (reproduction_narrow(r, cell, &job->arena, err) < 0)
		return -1;
	/* A run of another network than that of the file: nobody takes it for
	 * the file's last green run. */
	r->net.file =
		arena_printf(&job->arena, "%s (cell %s)", r->net.file, cell);
	if (!r->net.file)
		return error_nomem(err);
	snprintf(line, sizeof(line),
		 "cell %.200s: %u of %lld %s; other nodes, their payments and "
		 "their load on the machine are missing",
		 cell, r->net.node_count, COUNTED(before, "node"));
	screen_line(job->screen, line, NULL);
	return 0;
}

static int begin(struct job *job, const char *arg, const char *cell,
		 struct reproduction *ret, struct error *err)
{
	const char *beside;

	if (read_source(job, arg, ret, &beside, err) < 0 ||
	    refuse_changed(ret, arg ?: job->run_dir, err) < 0 ||
	    narrow(job, ret, cell, err) < 0)
		return -1;
	job->net = ret->net;
	job->ask_nodes = ret->ask_nodes;
	if (placement_check(&job->run->place, err) < 0 ||
	    placement_settle(&job->run->place, &job->net, NULL, err) < 0 ||
	    precheck_engine(&job->net, err) < 0 ||
	    precheck_cluster(&job->net, err) < 0 ||
	    precheck_images(&job->net, &job->arena, err) < 0)
		return -1;
	return job_begin(job, beside, err);
}

static int reproduce(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_reproduce_options *o = cli->options;
	cleanup(job_release) struct job job = { 0 };
	struct row row = { .kept_images = true, .keep = o->keep };
	struct reproduction r = { 0 };
	struct ending ending;

	if (job_open(&job, &o->common, &o->run, err) < 0)
		return -1;
	job.boots = true;
	if (begin(&job, cli_arg(cli, 0), o->cell, &r, err) < 0)
		return -1;
	row.drives = r.drives;
	row.drive_count = r.drive_count;
	*exit_code = row_do(&job, &row, &ending);
	return 0;
}

const struct command command_reproduce = {
	.name = "reproduce",
	.usage = "[RUN|RESULTS.json]",
	.brief = "repeat a run: same images, seed, order and load",
	.text = "Boots the network of the run once more, with the image "
		"digests that the run recorded. The seed, the nodes, each load "
		"that was driven and the engine are the same, so each bank "
		"makes the same payments in the same order. The repetition is "
		"a run of its own. A results.json is enough; the run's "
		"directory is not needed.\n\n"
		"Nothing is built: if an image with a recorded digest does not "
		"exist any more, medley refuses, and prints the command that "
		"builds the image. With --cell, only the banks and the notary "
		"of the cell are booted. The count of payments shrinks with "
		"the number of cells, and the rate with the number of banks, "
		"so each cell and each bank has the same load as before; but "
		"the network is smaller, and the payments are other ones.",
	.examples = EXAMPLES(
		{ "medley reproduce", "repeat the latest run" },
		{ "medley reproduce 20261121-075012 --cell 4.10:4.0:4.8",
		  "only the releases of a cell that failed" },
		{ "medley reproduce results.json --keep",
		  "from a file of a CI job; leave the network up" }),
	.most = 1,
	.needs_data = true,
	COMMAND_OPTIONS(reproduce_options, struct cmd_reproduce_options),
	.run = reproduce,
};
