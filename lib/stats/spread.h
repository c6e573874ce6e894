/* SPDX-License-Identifier: Apache-2.0 */
/* spread.h - how much equal runs differ from each other, and how far a new run
 * must be from them to count as different. */
#ifndef STATS_SPREAD_H
#define STATS_SPREAD_H

#include <stddef.h>

/*
 * Several runs have measured the same cells. A measurement is a logarithm, so
 * differences are ratios. The model is a two-way analysis of variance with one
 * measurement for each run and cell, where runs are random. A measurement is
 * the sum of three parts: a part of its cell, a part of its run, which is the
 * same for all cells (a busy machine), and a rest, whose spread is the same in
 * all cells.
 *
 * The variance of a cell from run to run is the sum of the variances of run and
 * rest. Each of them is estimated with its own degrees of freedom;
 * Satterthwaite's formula gives the degrees of freedom of the sum. A new run is
 * compared with the mean of the known runs, by a prediction interval of
 * Student's t.
 */
struct spread {
	size_t runs, cells; /* at least 2 runs and 1 cell */
	double run_square; /* mean square of runs */
	double cell_square; /* mean square of the rest; 0 with one cell */
};

/* `values[run * cells + cell]` */
struct spread spread_of(const double *values, size_t runs, size_t cells);

/* How far a new measurement may be from the mean of the known ones. */
struct spread_reach {
	double half; /* half the width of the interval around the mean */
	double seen; /* a change of this size is outside in 4 of 5 cases */
};

/* For one cell. `error_chance`: both sides together. `fewer` >= 1: the average
 * number of values in the known runs, divided by the number of values of the
 * new measurement; the variance of the rest is multiplied by it. */
struct spread_reach spread_cell(const struct spread *s, double error_chance,
				double fewer);
/* For the mean over all cells. */
struct spread_reach spread_run(const struct spread *s, double error_chance);
/* For a difference of two measurements, whose standard deviation `sd` is known
 * or assumed. */
struct spread_reach spread_known(double sd, double error_chance);

#endif
