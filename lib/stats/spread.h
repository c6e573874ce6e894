/* SPDX-License-Identifier: Apache-2.0 */
/* spread.h - how much equal runs differ from each other, and by how much a new
 * one has to differ to be another. */
#ifndef STATS_SPREAD_H
#define STATS_SPREAD_H

#include <stddef.h>

/*
 * Some runs measured the same cells. A measurement is a logarithm, so that
 * differences are ratios. It is the sum of what its cell takes, of what its run
 * adds to all cells (a busy machine), and of what is left, which has one spread
 * in all cells: the two-way analysis of variance with one measurement for each
 * run and cell, where runs are random.
 *
 * The spread of a cell from run to run is the sum of two parts, each of which
 * is estimated with degrees of freedom of its own; Satterthwaite's formula
 * gives those of the sum. A new run is compared with the mean of the known
 * runs, by a prediction interval of Student's t.
 */
struct spread {
	size_t runs, cells; /* at least 2 runs and 1 cell */
	double run_square; /* mean squares: of runs, */
	double cell_square; /* and of what is left; 0 with one cell */
};

/* `values[run * cells + cell]` */
struct spread spread_of(const double *values, size_t runs, size_t cells);

/* How far a new measurement may be from the mean of the known ones. */
struct spread_reach {
	double half; /* to either side of the mean: the interval */
	double seen; /* so large a change is outside in 4 of 5 cases */
};

/* Of one cell. `error_chance`: both sides together. `fewer` >= 1: how many
 * times fewer values than the known runs have on average the new measurement is
 * made of; what is left grows with it. */
struct spread_reach spread_cell(const struct spread *s, double error_chance,
				double fewer);
/* Of the mean over all cells. */
struct spread_reach spread_run(const struct spread *s, double error_chance);
/* Of a difference of two measurements whose spread `sd` is known, or supposed.
 */
struct spread_reach spread_known(double sd, double error_chance);

#endif
