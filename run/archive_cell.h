/* SPDX-License-Identifier: Apache-2.0 */
/* archive_cell.h - how a cell stands: red since when, stable for how long, and
 * whether it gets slower. */
#ifndef RUN_ARCHIVE_CELL_H
#define RUN_ARCHIVE_CELL_H

#include "run/archive.h"

/*
 * The latency of the last runs against that of the runs before: medians of the
 * runs' medians (p50) and of their p95. Only runs with payments that were
 * answered count. Of n such runs the last 5 are compared (n/2, if n is less
 * than 10) with up to 20 before them. A cell is slower if the median of the
 * last p50 is more than 1.2 times the median before and greater than 90 % of
 * the p50 before; faster is the same the other way round.
 */
enum trend { TREND_UNKNOWN, TREND_STEADY, TREND_SLOWER, TREND_FASTER };

enum { TREND_LEAST = 6, TREND_LAST = 5, TREND_BEFORE = 20 };

struct archive_latency {
	int64_t p50_us, p95_us; /* -1: not known */
	unsigned runs;
};

struct archive_standing {
	/* The first run that failed after the last one that passed, or NULL.
	 * Runs that are flaky, undecided, unsupported or not run change nothing
	 * about it. */
	const struct archive_point *red;
	size_t red_runs; /* from that run on */
	enum trend trend;
	struct archive_latency last, before;
};

void archive_judge_cell(const struct archive_cell *cell,
			struct archive_standing *ret);
/* "too few runs", "steady", "slower", "faster" */
const char *trend_word(enum trend t);
/*
 * How many runs in a row the cell has passed, to the newest one. A run in which
 * it failed or was flaky ends the row; a run without a verdict about it
 * (undecided, unsupported, not-run) neither counts nor ends the row.
 */
unsigned archive_stable_runs(const struct archive_cell *cell);

#endif
