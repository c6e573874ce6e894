/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_history.h - options and data that the parts of medley history share. */
#ifndef CLI_CMD_HISTORY_H
#define CLI_CMD_HISTORY_H

#include "cli/cli.h"
#include "run/archive.h"

struct cmd_history_options {
	struct common_options common;
	struct run_options run;
	const char *cell, *network, *database, *keep;
	struct option_number last;
	bool record, prune, dry_run;
};

/* The data to be printed. */
struct history_view {
	const struct cmd_history_options *options;
	struct archived archived;
	struct arena *arena;
	size_t last; /* how many runs of a cell are printed, at most */
};

/* The index of the first point of the cell that is printed. */
static inline size_t history_first(const struct history_view *v,
				   const struct archive_cell *c)
{
	return c->count > v->last ? c->count - v->last : 0;
}

/* "4.0:4.10:4.8" */
const char *history_cell_name(const struct archive_cell *c,
			      struct arena *arena);

/* history_text.c, history_json.c, history_prune.c */
void history_print_cells(const struct history_view *v);
void history_print_cell(const struct history_view *v,
			const struct archive_cell *c);
int history_print_json(const struct history_view *v, struct error *err);
int history_prune(const struct cmd_history_options *o, struct error *err);

#endif
