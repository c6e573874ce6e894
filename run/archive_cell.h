/* SPDX-License-Identifier: Apache-2.0 */
/* archive_cell.h - the state of a cell over its runs: since when it is red, how
 * many runs it is stable, and whether it gets slower. */
#ifndef RUN_ARCHIVE_CELL_H
#define RUN_ARCHIVE_CELL_H

#include "run/archive.h"

/*
 * The trend compares the latency of the last runs with the latency of the runs
 * before: the medians of their p50 and of their p95. Only runs with answered
 * payments count. If there are n such runs, the last 5 (n/2, if n is less than
 * 10) are compared with up to 20 before them. A cell is slower if the median
 * p50 of the last runs is more than 1.2 times the median p50 of the runs
 * before, and greater than 90 % of their p50; faster is the same in the other
 * direction.
 */
enum trend { TREND_UNKNOWN, TREND_STEADY, TREND_SLOWER, TREND_FASTER };

enum { TREND_LEAST = 6, TREND_LAST = 5, TREND_BEFORE = 20 };

struct archive_latency {
	int64_t p50_us, p95_us; /* -1: not known */
	unsigned runs;
};

struct archive_standing {
	/* The first run that failed after the last one that passed, or NULL.
	 * A run with any other verdict neither begins nor ends this time. */
	const struct archive_point *red;
	size_t red_runs; /* runs of the cell from that run on */
	enum trend trend;
	struct archive_latency last, before;
};

void archive_judge_cell(const struct archive_cell *cell,
			struct archive_standing *ret);
/* "too few runs", "steady", "slower", "faster" */
const char *trend_word(enum trend t);
/*
 * The number of runs in a row, up to the newest, in which the cell passed. A
 * run in which it failed or was flaky ends the row; a run with another verdict
 * (undecided, unsupported, known-failure, not-run) does not count, and does not
 * end the row.
 */
unsigned archive_stable_runs(const struct archive_cell *cell);

#endif
