/* SPDX-License-Identifier: Apache-2.0 */
/* spread_test.c - the spread of runs is that of the textbook, and equal runs
 * raise as few alarms as was promised. */
#include "stats/spread.h"

#include <math.h>

#include "base/cleanup.h"
#include "stats/student.h"
#include "stats/test/samples.h"
#include "test/support/test.h"

enum { RUNS_MAX = 10, CELLS_MAX = 49 };

static void assert_close(double got, double want)
{
	if (fabs(got - want) > 1e-9 * (1 + fabs(want)))
		fail_msg("%.12g, expected %.12g", got, want);
}

/* Three runs of two cells; means of runs 2, 3 and 7, of cells 3 and 5. */
static const double small[] = { 1, 3, 3, 3, 5, 9 };

static void mean_squares(void **state)
{
	struct spread s = spread_of(small, 3, 2);

	(void)state;
	/* 2 * (4 + 1 + 9) / 2; what is left is 0, 1 and -1 in both cells */
	assert_close(s.run_square, 14);
	assert_close(s.cell_square, 2);
}

static void one_cell_is_the_textbook_interval(void **state)
{
	static const double values[] = { 10, 12, 14 };
	struct spread s = spread_of(values, 3, 1);
	struct spread_reach r = spread_cell(&s, 0.05, 1);

	(void)state;
	assert_close(s.run_square, 4);
	assert_close(r.half, student_limit(0.025, 2) * 2 * sqrt(1 + 1.0 / 3));
	assert_close(spread_run(&s, 0.05).half, r.half);
	assert_true(r.seen > r.half);
}

static void degrees_of_freedom_are_satterthwaites(void **state)
{
	struct spread s = spread_of(small, 3, 2);
	/* 7 of runs with 2 degrees, 1 of what is left with 2 */
	double df = 8.0 * 8 / (49.0 / 2 + 1.0 / 2);

	(void)state;
	assert_close(spread_cell(&s, 0.1, 1).half,
		     student_limit(0.05, df) * sqrt(8 * (1 + 1.0 / 3)));
	assert_true(spread_cell(&s, 0.1, 2).half > 0);
}

static void equal_runs_have_no_spread(void **state)
{
	static const double values[] = { 1, 2, 3, 1, 2, 3 };
	struct spread s = spread_of(values, 2, 3);

	(void)state;
	assert_close(spread_cell(&s, 0.05, 1).half, 0);
	assert_close(spread_run(&s, 0.05).seen, 0);
}

static void a_known_spread_is_normal(void **state)
{
	(void)state;
	assert_close(spread_known(2, 0.05).half,
		     2 * student_limit(0.025, STUDENT_NORMAL));
}

/* ---- how often equal runs raise an alarm ---- */

static double normal(uint64_t *seed)
{
	return sqrt(-2 * log(samples_share(seed))) *
	       cos(2 * M_PI * samples_share(seed));
}

/* A kind of network, and how its runs differ. */
struct kind {
	size_t runs, cells;
	double run_sd, cell_sd;
	double slower; /* of the first cell of the new run */
};

static void measure(const struct kind *k, double *values, uint64_t *seed)
{
	double run = k->run_sd * normal(seed);

	for (size_t c = 0; c < k->cells; c++)
		values[c] = (double)c + run + k->cell_sd * normal(seed);
}

static bool differs(const struct kind *k, uint64_t *seed, bool *ret_first)
{
	double known[RUNS_MAX * CELLS_MAX], now[CELLS_MAX];
	double chance = 0.05 / (double)(k->cells + 1), off = 0, half;
	struct spread s;
	bool any = false;

	for (size_t r = 0; r < k->runs; r++)
		measure(k, known + r * k->cells, seed);
	measure(k, now, seed);
	now[0] += k->slower;
	s = spread_of(known, k->runs, k->cells);
	half = spread_cell(&s, chance, 1).half;
	for (size_t c = 0; c < k->cells; c++) {
		double from = 0, d;
		bool out;

		for (size_t r = 0; r < k->runs; r++)
			from += known[r * k->cells + c] / (double)k->runs;
		d = now[c] - from;
		off += d / (double)k->cells;
		out = fabs(d) > half;
		any |= out;
		if (!c)
			*ret_first = out;
	}
	return any || (fabs(off) > spread_run(&s, chance).half);
}

static void alarms(const struct kind *k, double *ret_any, double *ret_first)
{
	enum { TRIALS = 2000 };
	uint64_t seed = 7;
	int any = 0, first = 0;

	for (int t = 0; t < TRIALS; t++) {
		bool one;

		any += differs(k, &seed, &one);
		first += one;
	}
	*ret_any = (double)any / TRIALS;
	*ret_first = (double)first / TRIALS;
}

/* At most one comparison in twenty: here 5 % and three standard deviations. */
static void equal_runs_raise_few_alarms(void **state)
{
	static const struct kind kinds[] = {
		{ 2, 4, 0, 0.1, 0 },	  { 2, 9, 0.1, 0.1, 0 },
		{ 3, 9, 0.02, 0.1, 0 },	  { 3, 9, 0.3, 0.1, 0 },
		{ 5, 1, 0.1, 0.1, 0 },	  { 5, 9, 0.1, 0.1, 0 },
		{ 5, 49, 0.05, 0.1, 0 },  { 10, 4, 0.1, 0.05, 0 },
		{ 10, 49, 0.1, 0.15, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		double any, first;

		alarms(&kinds[i], &any, &first);
		if (any > 0.065)
			fail_msg("%zu runs of %zu cells: %f", kinds[i].runs,
				 kinds[i].cells, any);
	}
}

static void large_changes_are_seen(void **state)
{
	static const struct kind quiet = { 5, 9, 0.02, 0.05, 0.262 };
	static const struct kind slow = { 10, 9, 0.1, 0.1, 0.7 };
	double any, first;

	(void)state;
	alarms(&quiet, &any, &first);
	if (first < 0.8)
		fail_msg("30 %% slower: seen in %f", first);
	alarms(&slow, &any, &first);
	if (first < 0.8)
		fail_msg("twice as slow: seen in %f", first);
}

/* A change of the size `seen` is outside of the interval in 4 of 5 cases. */
static void the_smallest_change_is_what_it_says(void **state)
{
	struct kind k = { 8, 9, 0.05, 0.1, 0 };
	double any, first, mean = 0;
	uint64_t seed = 3;

	(void)state;
	for (int i = 0; i < 200; i++) {
		double values[RUNS_MAX * CELLS_MAX];
		struct spread s;

		for (size_t r = 0; r < k.runs; r++)
			measure(&k, values + r * k.cells, &seed);
		s = spread_of(values, k.runs, k.cells);
		mean += spread_cell(&s, 0.05 / 10, 1).seen / 200;
	}
	k.slower = mean;
	alarms(&k, &any, &first);
	if (first < 0.74 || first > 0.86)
		fail_msg("seen in %f", first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mean_squares),
		cmocka_unit_test(one_cell_is_the_textbook_interval),
		cmocka_unit_test(degrees_of_freedom_are_satterthwaites),
		cmocka_unit_test(equal_runs_have_no_spread),
		cmocka_unit_test(a_known_spread_is_normal),
		cmocka_unit_test(equal_runs_raise_few_alarms),
		cmocka_unit_test(large_changes_are_seen),
		cmocka_unit_test(the_smallest_change_is_what_it_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
