/* SPDX-License-Identifier: Apache-2.0 */
/* merge.h - the results of several runs joined into one judgement. */
#ifndef REPORT_MERGE_H
#define REPORT_MERGE_H

#include "report/judgement.h"
#include "run/results.h"

/*
 * The runs are parts of one matrix, or repeats of one network. Each is read
 * from its results.json alone; docs/verdicts.md, "Joined results", has the
 * rules.
 *
 * All files must be of RESULTS_VERSION, none may be a joined result itself or
 * be given twice, and releases with the same label must be the same: image,
 * CorDapps, commit and contracts jar. What is not so is ERROR_INPUT and names
 * the files.
 */
struct merge_part {
	struct source source;
	struct results results; /* owned */
	struct network net; /* borrows from results */
	struct scored_cell *scores; /* of results.cells, in their order */
	bool doubted; /* nothing in it proves anything */
	unsigned char digest[32]; /* of its file */
	/* Of the joined network: */
	unsigned *releases; /* by the index of its own release */
	size_t first_finding; /* of record.findings */
};

struct merge {
	struct arena *arena; /* borrowed */
	struct merge_part *parts;
	size_t count;
	struct record record;
};

enum { MERGE_RUNS_MAX = 1000 };

/* Reads the files of `count` directories. `out_dir` is where the joined result
 * will be. merge_release() is to be called in any case. */
int merge_read(const char *const *dirs, size_t count, const char *out_dir,
	       struct arena *arena, struct merge *ret, struct error *err);
void merge_release(struct merge *m);
int merge_judge(struct merge *m, struct judgement *ret, struct error *err);

/* The steps of merge_read() and merge_judge(): merge_network.c makes one
 * network of all, merge_cells.c gives a cell its verdict by its parts. */
int merge_networks(struct merge *m, struct error *err);
int merge_verdict(struct cell *cell, struct arena *arena, struct error *err);

#endif
