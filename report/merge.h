/* SPDX-License-Identifier: Apache-2.0 */
/* merge.h - joins the results of several runs into one judgement. */
#ifndef REPORT_MERGE_H
#define REPORT_MERGE_H

#include "report/judgement.h"
#include "run/results.h"

/*
 * The runs are parts of one matrix, or repeats of one network. Only the
 * results.json of each run is read; docs/verdicts.md, "Joined results", has the
 * rules.
 *
 * Each file must have RESULTS_VERSION, must not be a joined result itself, and
 * must not be given twice. Releases with the same label must have the same
 * image, CorDapps, commit and contracts jar. Otherwise it is ERROR_INPUT, and
 * the error names the files.
 */
struct merge_part {
	struct source source;
	struct results results; /* owned */
	struct network net; /* borrows from results */
	struct scored_cell *scores; /* of results.cells, in their order */
	bool doubted; /* its record is not complete: it proves nothing */
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

/* Reads results.json in each of `count` directories. The joined result will be
 * written to `out_dir`. Call merge_release() also after an error. */
int merge_read(const char *const *dirs, size_t count, const char *out_dir,
	       struct arena *arena, struct merge *ret, struct error *err);
void merge_release(struct merge *m);
int merge_judge(struct merge *m, struct judgement *ret, struct error *err);

/* Steps of merge_read() and merge_judge(): merge_network.c joins the networks
 * into one; merge_cells.c computes the verdict of a cell from its parts. */
int merge_networks(struct merge *m, struct error *err);
int merge_verdict(struct cell *cell, struct arena *arena, struct error *err);

#endif
