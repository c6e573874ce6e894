/* SPDX-License-Identifier: Apache-2.0 */
/* baseline.h - what differs between the results of a run and those of an
 * earlier one. */
#ifndef REPORT_BASELINE_H
#define REPORT_BASELINE_H

#include <stdbool.h>

#include "data/json.h"
#include "run/results.h"
#include "stats/spread.h"

/*
 * Compares two results as results.json has them, whoever wrote them: releases,
 * cells and findings are matched by the labels of releases. docs/comparing.md
 * says what each word means and how times are compared.
 *
 * All texts are borrowed from the results, which outlive the comparison; lists
 * live in the arena.
 */

/* What became of a cell. */
enum cell_change {
	CELL_SAME, /* or it was judged neither then nor now */
	CELL_NEW_FAILURE,
	CELL_NEWLY_FLAKY,
	CELL_STILL_FAILING,
	CELL_LOST, /* was judged, and no longer is */
	CELL_FIXED,
	CELL_GAINED, /* passes, and was not judged */
	CELL_CHANGES
};

/* What became of the times of a cell. */
enum pace {
	PACE_UNKNOWN, /* too few payments, or nothing to compare with */
	PACE_SAME, /* no change that is larger than the noise */
	PACE_SLOWER,
	PACE_FASTER,
	PACES
};

/* A ratio of times: 1.3 is 30 % slower. Larger ones than the greatest, and
 * smaller ones than 1 divided by it, are cut. */
#define BASELINE_RATIO_MAX 1e9
struct paced {
	enum pace pace;
	double ratio, low, high; /* PACE_UNKNOWN: all are 0 */
	double seen; /* a change of this ratio is found in 4 of 5 comparisons */
};

struct compared_cell {
	const char *payer, *payee, *notary; /* labels */
	enum cell_change change;
	bool release_gone; /* it went with a release */
	const struct result_cell *was, *is; /* one may be NULL: no such cell */
	struct paced paced;
	size_t was_count, is_count; /* payments with times */
	int64_t was_p50, is_p50; /* service time, microseconds; 0: no times */
};

enum list_change { LIST_SAME, LIST_GONE, LIST_NEW, LIST_CHANGED };

struct compared_release {
	const char *label;
	enum list_change change;
	const struct result_release *was, *is; /* one may be NULL */
	size_t cells_lost; /* of a release that is gone: had been judged */
};

/* Findings of one kind about one cell, or about one node of the network at
 * large: transaction ids differ from run to run. */
struct compared_finding {
	enum list_change change; /* LIST_CHANGED: there are more of them */
	const struct finding *first; /* in the run that has them */
	const struct result_place *place;
	size_t was, is; /* how many */
};

/* What was the same for all cells then, and is not now. */
struct compared_condition {
	const char *name; /* "engine", "load" … */
	const char *was, *is;
	bool times; /* times cannot be compared */
};

/* Of a confidence level of 95 % for all comparisons of times together. */
#define BASELINE_ERROR_CHANCE 0.05
/* How much equal runs are supposed to differ, as a standard deviation of the
 * logarithm, where no other run shows it; docs/comparing.md has the runs that
 * it was measured with. */
#define BASELINE_SUPPOSED_SPREAD 0.11

struct baseline {
	const struct results *was, *is;
	struct compared_cell *cells; /* those of `is`, then those gone */
	size_t cell_count;
	size_t counts[CELL_CHANGES], paces[PACES];
	struct compared_release *releases; /* likewise */
	size_t release_count;
	struct compared_finding *findings; /* new, more or gone; no notes */
	size_t finding_count;
	struct compared_condition *conditions;
	size_t condition_count;
	/* The runs whose times were compared with: `was`, and those of the
	 * history that fit. 1: the spread of runs is the supposed one. */
	const char **runs;
	size_t run_count;
	size_t history_left_out; /* they do not fit */
	const char *untimed; /* why no times are compared, or NULL */
	struct paced whole; /* over all compared cells */
};

/* `history`: earlier runs of the same network, which show how much equal runs
 * differ. ERROR_INPUT: results that contradict themselves. */
int baseline_compare(const struct results *was, const struct results *is,
		     const struct results *history, size_t history_count,
		     struct arena *arena, struct baseline *ret,
		     struct error *err);
/* Its later steps: baseline_findings.c, baseline_conditions.c and
 * baseline_times.c. */
int baseline_findings(struct baseline *b, struct arena *arena,
		      struct error *err);
int baseline_conditions(struct baseline *b, struct arena *arena,
			struct error *err);
int baseline_times(struct baseline *b, const struct results *history,
		   size_t history_count, struct arena *arena,
		   struct error *err);

/* All differences in what the times of two runs depend on. */
enum { CONDITIONS_MAX = 5 };
int conditions_compare(const struct results *was, const struct results *is,
		       struct arena *arena,
		       struct compared_condition ret[CONDITIONS_MAX],
		       size_t *ret_count, struct error *err);

/* The cells of results, to be found by their labels. */
struct cell_index {
	const struct result_cell **list;
	size_t count;
};
/* A cell that is there twice is ERROR_INPUT. */
int cell_index_new(const struct results *r, struct arena *arena,
		   struct cell_index *ret, struct error *err);
/* The cell with the labels of `like`, or NULL. */
const struct result_cell *cell_index_find(const struct cell_index *index,
					  const struct result_cell *like);

/* "new-failure" …, as in results.json */
const char *cell_change_word(enum cell_change change);
const char *pace_word(enum pace pace);
const char *list_change_word(enum list_change change);

/* The member `against` of results.json. */
struct js *baseline_js(const struct baseline *b);

#endif
