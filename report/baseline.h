/* SPDX-License-Identifier: Apache-2.0 */
/* baseline.h - the differences between the results of a run and the results of
 * an earlier run. */
#ifndef REPORT_BASELINE_H
#define REPORT_BASELINE_H

#include <stdbool.h>

#include "data/json.h"
#include "run/results.h"
#include "stats/spread.h"

/*
 * Compares two results as results.json has them, which may come from somebody
 * else. Releases, cells and findings are matched by the labels of releases.
 * docs/comparing.md explains each word, and how times are compared. `was` is a
 * value of the earlier run, `is` a value of this run.
 *
 * All texts are borrowed from the results, which outlive the comparison; lists
 * live in the arena.
 */

/* How the verdict of a cell has changed. */
enum cell_change {
	CELL_SAME, /* or the cell was judged neither then nor now */
	CELL_NEW_FAILURE,
	CELL_NEWLY_FLAKY,
	CELL_STILL_FAILING,
	CELL_LOST, /* was judged, and is not judged now */
	CELL_FIXED,
	CELL_GAINED, /* passes, and was not judged */
	CELL_CHANGES
};

/* How the times of a cell have changed. */
enum pace {
	PACE_UNKNOWN, /* too few payments, or nothing to compare with */
	PACE_SAME, /* no change that is larger than the noise */
	PACE_SLOWER,
	PACE_FASTER,
	PACES
};

/* A ratio of times: 1.3 is 30 % slower. Ratios are limited to the range from
 * 1 / BASELINE_RATIO_MAX to BASELINE_RATIO_MAX. */
#define BASELINE_RATIO_MAX 1e9
struct paced {
	enum pace pace;
	double ratio, low, high; /* PACE_UNKNOWN: all are 0 */
	double seen; /* a change of this ratio is found in 4 of 5 comparisons */
};

struct compared_cell {
	const char *payer, *payee, *notary; /* labels */
	enum cell_change change;
	bool release_gone; /* the run does not have one of its releases */
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
	size_t cells_lost; /* LIST_GONE: cells of it that had been judged */
};

/* Findings of one kind about one cell, or about one node if they belong to the
 * network at large. They are only counted, because transaction ids differ from
 * run to run. */
struct compared_finding {
	enum list_change change; /* LIST_CHANGED: there are more of them */
	const struct finding *first; /* in the run that has them */
	const struct result_place *place;
	size_t was, is; /* how many */
};

/* A condition of a whole run, such as its engine, that differs. */
struct compared_condition {
	const char *name; /* "engine", "load" … */
	const char *was, *is;
	bool times; /* if this differs, times cannot be compared */
};

/* All comparisons of times together have a confidence level of 95 %. */
#define BASELINE_ERROR_CHANCE 0.05
/* How much equal runs are assumed to differ, if there is only one earlier run:
 * a standard deviation of the logarithm. docs/comparing.md has the runs with
 * which it was measured. */
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
	/* The known runs whose times were compared: `was`, and the runs of the
	 * history that fit. If it is one run, the spread of runs is assumed. */
	const char **runs;
	size_t run_count;
	size_t history_left_out; /* runs of the history that do not fit */
	const char *untimed; /* why no times are compared, or NULL */
	struct paced whole; /* over all compared cells */
};

/* `history`: earlier runs of the same network, which show how much equal runs
 * differ. ERROR_INPUT: results that contradict themselves. */
int baseline_compare(const struct results *was, const struct results *is,
		     const struct results *history, size_t history_count,
		     struct arena *arena, struct baseline *ret,
		     struct error *err);
/* The later steps of baseline_compare(), in baseline_findings.c,
 * baseline_conditions.c and baseline_times.c. */
int baseline_findings(struct baseline *b, struct arena *arena,
		      struct error *err);
int baseline_conditions(struct baseline *b, struct arena *arena,
			struct error *err);
int baseline_times(struct baseline *b, const struct results *history,
		   size_t history_count, struct arena *arena,
		   struct error *err);

/* The differences between two runs in the conditions on which times depend. */
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
/* ERROR_INPUT: the results have a cell twice. */
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
