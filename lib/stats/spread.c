/* SPDX-License-Identifier: Apache-2.0 */
/* spread.c - how much equal runs differ from each other. */
#include "stats/spread.h"

#include <assert.h>
#include <math.h>

#include "stats/student.h"

/* The share of changes that are seen of the size `seen`. */
static const double unseen = 0.2;

static double run_mean(const double *values, size_t cells, size_t run)
{
	double sum = 0;

	for (size_t c = 0; c < cells; c++)
		sum += values[run * cells + c];
	return sum / (double)cells;
}

static double cell_mean(const double *values, size_t runs, size_t cells,
			size_t cell)
{
	double sum = 0;

	for (size_t r = 0; r < runs; r++)
		sum += values[r * cells + cell];
	return sum / (double)runs;
}

/* Of what remains of a cell without its mean and those of the runs. */
static double left_squares(const double *values, size_t runs, size_t cells,
			   size_t cell, double mean)
{
	double here = cell_mean(values, runs, cells, cell), squares = 0;

	for (size_t r = 0; r < runs; r++) {
		double left = values[r * cells + cell] - here -
			      run_mean(values, cells, r) + mean;

		squares += left * left;
	}
	return squares;
}

struct spread spread_of(const double *values, size_t runs, size_t cells)
{
	struct spread s = { .runs = runs, .cells = cells };
	double mean = 0;

	assert(runs >= 2 && cells >= 1);
	for (size_t r = 0; r < runs; r++)
		mean += run_mean(values, cells, r) / (double)runs;
	for (size_t r = 0; r < runs; r++) {
		double off = run_mean(values, cells, r) - mean;

		s.run_square += (double)cells * off * off;
	}
	s.run_square /= (double)(runs - 1);
	if (cells < 2)
		return s;
	for (size_t c = 0; c < cells; c++)
		s.cell_square += left_squares(values, runs, cells, c, mean);
	s.cell_square /= (double)((runs - 1) * (cells - 1));
	return s;
}

static struct spread_reach reach(double square, double df, double error_chance)
{
	double sd = sqrt(square);
	double limit = student_limit(error_chance / 2, df);

	return (struct spread_reach){
		.half = limit * sd,
		.seen = (limit + student_limit(unseen, df)) * sd,
	};
}

/* A measurement differs from the mean of `runs` others by its own spread and by
 * that of the mean. */
static double against_mean(const struct spread *s)
{
	return 1 + 1 / (double)s->runs;
}

struct spread_reach spread_cell(const struct spread *s, double error_chance,
				double fewer)
{
	const double runs = (double)s->runs, cells = (double)s->cells;
	/* E(run_square) = cells * run part + cell part */
	double a = s->run_square / cells;
	double b = (fewer - 1 / cells) * s->cell_square;
	double df = runs - 1;

	assert(fewer >= 1);
	if (b > 0)
		df = (a + b) * (a + b) /
		     (a * a / (runs - 1) + b * b / ((runs - 1) * (cells - 1)));
	return reach((a + b) * against_mean(s), df, error_chance);
}

struct spread_reach spread_run(const struct spread *s, double error_chance)
{
	return reach(s->run_square / (double)s->cells * against_mean(s),
		     (double)(s->runs - 1), error_chance);
}

struct spread_reach spread_known(double sd, double error_chance)
{
	return reach(sd * sd, STUDENT_NORMAL, error_chance);
}
