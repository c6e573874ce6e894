/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_history.c - medley history: the verdicts of each cell over many runs. */
#include "cli/cmd_history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "cli/history_record.h"
#include "cli/print.h"
#include "run/run_list.h"

static const size_t history_max = (size_t)2 * 1024 * 1024 * 1024;

static const struct option history_options[] = {
	{ .name = "cell",
	  .value = "PAYER:PAYEE:NOTARY",
	  OPTION_OF(struct cmd_history_options, cell),
	  .help = "only this cell, with a line for each run; names of releases "
		  "as in the matrix" },
	{ .name = "network",
	  .value = "NAME",
	  OPTION_OF(struct cmd_history_options, network),
	  .help = "only runs of this network: the name of its file without "
		  ".yaml; of network.yaml, the name of its directory" },
	{ .name = "last",
	  .value = "N",
	  OPTION_OF(struct cmd_history_options, last),
	  .most = 1000,
	  .fallback = "10",
	  .help = "number of runs that are shown for each cell (10)" },
	{ .name = "database",
	  .value = "URI",
	  OPTION_OF(struct cmd_history_options, database),
	  .help = "read the runs that a team has recorded in PostgreSQL, "
		  "instead of the runs in --runs: "
		  "postgresql://USER@HOST/DATABASE "
		  "($MEDLEY_HISTORY_DATABASE)" },
	{ .name = "record",
	  OPTION_OF(struct cmd_history_options, record),
	  .help = "before reading, record the runs in --runs in the "
		  "database" },
	{ .name = "prune",
	  OPTION_OF(struct cmd_history_options, prune),
	  .help = "remove the runs in --runs that --keep does not keep" },
	{ .name = "keep",
	  .value = "POLICY",
	  OPTION_OF(struct cmd_history_options, keep),
	  .help = "the runs that --prune keeps: terms separated by commas, "
		  "such as 30d,last-green,failed=90d (docs/history.md)" },
	{ .name = "dry-run",
	  OPTION_OF(struct cmd_history_options, dry_run),
	  .help = "with --prune: print the runs that would be removed, and "
		  "remove none" },
	OPTIONS_OF_GROUP(runs_group, struct cmd_history_options, run),
	OPTIONS_OF_GROUP(json_group, struct cmd_history_options, common),
};

const char *history_cell_name(const struct archive_cell *c, struct arena *arena)
{
	return arena_printf(arena, "%s:%s:%s", c->payer, c->payee, c->notary)
		       ?: "";
}

/* ---- which cells ---- */

static int read_cell(const char *text, struct arena *arena,
		     struct archive_query *ret, struct error *err)
{
	const char **to[] = { &ret->payer, &ret->payee, &ret->notary };
	char *rest = arena_strdup(arena, text), *part;
	size_t count = 0;

	if (!rest)
		return error_nomem(err);
	for (; (part = strsep(&rest, ":")); count++) {
		if (count == ARRAY_SIZE(to) || !*part)
			break;
		*to[count] = part;
	}
	if (part || count < ARRAY_SIZE(to))
		return error_set(err, ERROR_INPUT,
				 "--cell %s: not a valid cell; expected the "
				 "names of three releases, "
				 "PAYER:PAYEE:NOTARY, such as 4.0:4.10:4.8",
				 text);
	return 0;
}

/* Nothing was found: names what there is. */
static int refuse_unknown(struct archive *a, const struct history_view *v,
			  struct error *err)
{
	const char *cell = v->options->cell, *network = v->options->network;
	struct nearest n = nearest_to(cell ? cell : network);
	struct archived all;

	if (archive_read(a, &(struct archive_query){ 0 }, v->arena, &all, err) <
	    0)
		return -1;
	for (size_t i = 0; i < all.cell_count; i++)
		if (!cell)
			nearest_offer(&n, all.cells[i].network);
		else if (!network || !strcmp(network, all.cells[i].network))
			nearest_offer(&n, history_cell_name(&all.cells[i],
							    v->arena));
	return error_set(err, ERROR_INPUT, "no run has the %s '%s'%s%s%s",
			 cell ? "cell" : "network", cell ? cell : network,
			 n.word ? "; did you mean '" : "", n.word ?: "",
			 n.word ? "'?" : "; 'medley history' lists all cells");
}

static int read_view(struct archive *a, struct history_view *v,
		     struct error *err)
{
	struct archive_query query = { .network = v->options->network };

	if (v->options->cell &&
	    read_cell(v->options->cell, v->arena, &query, err) < 0)
		return -1;
	if (archive_read(a, &query, v->arena, &v->archived, err) < 0)
		return -1;
	if (v->options->cell ? !v->archived.cell_count
			     : v->options->network && !v->archived.run_count)
		return refuse_unknown(a, v, err);
	return 0;
}

/* ---- what is printed ---- */

static void warn_unreadable(const struct history_view *v)
{
	const struct archive_run *first = NULL;
	unsigned count = 0;

	for (size_t i = 0; i < v->archived.run_count; i++) {
		const struct archive_run *r = &v->archived.runs[i];

		if (!*r->unreadable)
			continue;
		first = first ? first : r;
		count++;
	}
	if (first)
		print_line(stderr, "medley: warning: %u %s left out; of %s: %s",
			   count, count == 1 ? "run is" : "runs are", first->id,
			   first->unreadable);
}

static int show(struct history_view *v, struct error *err)
{
	if (v->options->common.json)
		return history_print_json(v, err);
	if (!v->options->cell)
		history_print_cells(v);
	for (size_t i = 0; v->options->cell && i < v->archived.cell_count; i++)
		history_print_cell(v, &v->archived.cells[i]);
	return 0;
}

/* ---- where the runs are ---- */

static int open_archive(const struct cmd_history_options *o, const char *uri,
			struct archive **ret, struct error *err)
{
	if (!uri)
		return archive_open(o->run.runs, ret, err);
	return archive_connect(uri, o->record, ret, err);
}

static int check_options(const struct cmd_history_options *o, const char *uri,
			 struct error *err)
{
	if (o->prune != (o->keep != NULL))
		return error_set(err, ERROR_INPUT,
				 "%s needs %s, such as --prune --keep "
				 "30d,last-green,failed=90d",
				 o->prune ? "--prune" : "--keep",
				 o->prune ? "--keep" : "--prune");
	if (o->dry_run && !o->prune)
		return error_set(err, ERROR_INPUT,
				 "--dry-run is for --prune only");
	if (o->prune && (o->cell || o->network || o->record || o->database))
		return error_set(err, ERROR_INPUT,
				 "--prune works on all runs in --runs; leave "
				 "out --cell, --network, --record and "
				 "--database");
	if (o->record && !uri)
		return error_set(err, ERROR_INPUT,
				 "--record needs --database or "
				 "$MEDLEY_HISTORY_DATABASE");
	return 0;
}

static int print_history(const struct cmd_history_options *o, const char *uri,
			 struct error *err)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(history_max);
	cleanup(archive_closep) struct archive *a = NULL;
	struct history_view v = { .options = o,
				  .arena = &arena,
				  .last = o->last.value };

	if (open_archive(o, uri, &a, err) < 0 ||
	    (o->record && history_record_all(a, o->run.runs, err) < 0) ||
	    read_view(a, &v, err) < 0)
		return -1;
	warn_unreadable(&v);
	return show(&v, err);
}

static int history(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_history_options *o = cli->options;
	const char *uri = NULL;

	(void)exit_code;
	if (!o->prune && history_database(o->database, &uri, err) < 0)
		return -1;
	if (check_options(o, uri, err) < 0)
		return -1;
	return o->prune ? history_prune(o, err) : print_history(o, uri, err);
}

const struct command command_history = {
	.name = "history",
	.usage = "",
	.brief = "print the verdicts of each cell over many runs",
	.text = "Reads results.json of all runs in --runs, and prints a line "
		"for each cell: its verdicts in the last runs, the newest at "
		"the right; if it is red, the first run in which it failed "
		"after the last run in which it passed, and the number of runs "
		"from that run on; the latency of payments in the last runs "
		"(median, and the time within which 95% were answered), and "
		"whether it has grown. A verdict is a sign: as in the matrix, "
		"or in a locale without UTF-8 + pass, x fail, ~ flaky, "
		"? undecided, / unsupported, k known failure, - not run. "
		"medley stores an index of the runs in history.sqlite in "
		"--runs; you may delete this file.\n\n"
		"With --database it reads the runs that several machines have "
		"recorded. --prune removes the directories of runs, except "
		"runs that --keep keeps, runs whose network was not removed, "
		"runs that a medley process works on, and runs of which a "
		"file was written in the last 10 minutes.",
	.examples = EXAMPLES(
		{ "medley history", "all cells of the runs in runs/" },
		{ "medley history --cell 4.0:4.10:4.8",
		  "one cell, a line for each run" },
		{ "medley history --prune --keep 30d,last-green,failed=90d "
		  "--dry-run",
		  "print which runs would be removed" },
		{ "medley history --database postgresql://medley@db/history "
		  "--record",
		  "record the runs of this machine for the team" }),
	COMMAND_OPTIONS(history_options, struct cmd_history_options),
	.run = history,
};
