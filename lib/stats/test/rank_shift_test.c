/* SPDX-License-Identifier: Apache-2.0 */
/* rank_shift_test.c - the estimate and its limits are those of all pairs, and
 * the interval misses the truth as often as it says. */
#include "stats/rank_shift.h"

#include <math.h>

#include "base/cleanup.h"
#include "stats/test/samples.h"
#include "test/support/test.h"

enum { ROOM = 4 << 20, VALUES_MAX = 400 };

/* Two samples, as lists and as histograms. */
struct two {
	struct arena arena;
	int64_t values[2][VALUES_MAX];
	size_t counts[2];
	struct histogram histograms[2];
};

static int begin(void **state)
{
	struct two *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	arena_init(&s->arena, ROOM);
	for (int i = 0; i < 2; i++)
		s->histograms[i] = (struct histogram)HISTOGRAM_INIT(&s->arena);
	*state = s;
	return 0;
}

static int end(void **state)
{
	struct two *s = *state;

	arena_release(&s->arena);
	free(s);
	return 0;
}

static void clear(struct two *s)
{
	arena_clear(&s->arena);
	for (int i = 0; i < 2; i++) {
		s->counts[i] = 0;
		s->histograms[i] = (struct histogram)HISTOGRAM_INIT(&s->arena);
	}
}

static void put(struct two *s, int which, int64_t value)
{
	struct error err = { 0 };

	assert_true(s->counts[which] < VALUES_MAX);
	s->values[which][s->counts[which]++] = value;
	assert_ok(histogram_add(&s->histograms[which], value, &err), err);
}

static struct rank_shift shift_of(struct two *s, double error_chance)
{
	struct rank_shift ret = { 0 };
	struct error err = { 0 };

	assert_ok(rank_shift(&s->histograms[0], &s->histograms[1], error_chance,
			     &s->arena, &ret, &err),
		  err);
	return ret;
}

static void assert_close(double got, double want)
{
	if (fabs(got - want) > 1.01 * RANK_ERROR)
		fail_msg("%.6f, expected %.6f", got, want);
}

/* ---- known values ---- */

/* The permeability of the human chorioamnion, at term and earlier (Hollander
 * and Wolfe, Nonparametric Statistical Methods). */
static void published_samples(void **state)
{
	static const double x[] = { 0.80, 0.83, 1.89, 1.04, 1.45,
				    1.38, 1.91, 1.64, 0.73, 1.46 };
	static const double y[] = { 1.15, 0.88, 0.90, 0.74, 1.21 };
	struct two *s = *state;
	struct rank_shift r;

	for (size_t i = 0; i < ARRAY_SIZE(x); i++)
		put(s, 0, (int64_t)(x[i] * 1e9));
	for (size_t i = 0; i < ARRAY_SIZE(y); i++)
		put(s, 1, (int64_t)(y[i] * 1e9));
	r = shift_of(s, 0.05);
	assert_close(r.shift, -0.271375);
	assert_true(r.bounded);
	assert_close(r.low, -0.672669);
	assert_close(r.high, 0.151400);
}

/* By counting all sets of ranks. */
static void exact_distribution(void **state)
{
	static const struct {
		size_t first, second, u;
		double chance;
	} rows[] = {
		{ 1, 1, 0, 0.5 },	    { 1, 400, 0, 1.0 / 401 },
		{ 4, 4, 0, 1.0 / 70 },	    { 4, 4, 3, 7.0 / 70 },
		{ 3, 5, 2, 4.0 / 56 },	    { 5, 3, 3, 7.0 / 56 },
		{ 10, 5, 8, 60.0 / 3003 },  { 10, 5, 9, 83.0 / 3003 },
		{ 10, 5, 50, 1 },	    { 10, 5, 51, 1 },
		{ 20, 20, 0, 7.25444e-12 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_float_equal(rank_sum_at_most(rows[i].first,
						    rows[i].second, rows[i].u),
				   rows[i].chance, 1e-6 * rows[i].chance);
}

/* Three values and three: the most extreme order has a chance of 1 in 20. */
static void too_few_values_have_no_limits(void **state)
{
	struct two *s = *state;

	for (int i = 1; i <= 3; i++) {
		put(s, 0, 1000 * i);
		put(s, 1, 1000000 * i);
	}
	assert_false(shift_of(s, 0.05).bounded);
	assert_true(shift_of(s, 0.11).bounded);
	assert_close(shift_of(s, 0.05).shift, log(1000));
}

static void equal_values_do_not_differ(void **state)
{
	struct two *s = *state;
	struct rank_shift r;

	for (int i = 0; i < 50; i++) {
		put(s, 0, 0);
		put(s, 1, 0);
	}
	r = shift_of(s, 0.01);
	assert_true(fabs(r.shift) < 1e-9);
	assert_true(fabs(r.low) < 1e-9 && fabs(r.high) < 1e-9);
}

/* ---- against a list of all pairs ---- */

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double logarithm(int64_t value)
{
	return log(value < 1 ? 1 : (double)value);
}

static double median_of_all_pairs(const struct two *s)
{
	static double pairs[VALUES_MAX * VALUES_MAX];
	size_t n = 0;

	for (size_t i = 0; i < s->counts[0]; i++)
		for (size_t k = 0; k < s->counts[1]; k++)
			pairs[n++] = logarithm(s->values[1][k]) -
				     logarithm(s->values[0][i]);
	qsort(pairs, n, sizeof(*pairs), by_size);
	return (pairs[(n - 1) / 2] + pairs[n / 2]) / 2;
}

static void as_all_pairs_say(void **state)
{
	struct two *s = *state;
	uint64_t seed = 11;

	for (size_t d = 0; d < ARRAY_SIZE(distributions); d++)
		for (int n = 1; n < 120; n += 17) {
			clear(s);
			for (int i = 0; i < n; i++)
				put(s, 0, distributions[d].next(&seed));
			for (int i = 0; i < n + 5; i++)
				put(s, 1, distributions[d].next(&seed));
			assert_close(shift_of(s, 0.05).shift,
				     median_of_all_pairs(s));
		}
}

/* ---- how often the interval misses ---- */

/* Values around 2 s, with a long tail; `factor` is the truth. */
static double missed(struct two *s, size_t first, size_t second, double chance)
{
	enum { TRIALS = 3000 };
	const double factor = 1.3;
	uint64_t seed = 42;
	int misses = 0;

	for (int t = 0; t < TRIALS; t++) {
		struct rank_shift r;

		clear(s);
		for (size_t i = 0; i < first; i++)
			put(s, 0, sample_skewed(&seed));
		for (size_t i = 0; i < second; i++)
			put(s, 1,
			    (int64_t)(factor * (double)sample_skewed(&seed)));
		r = shift_of(s, chance);
		assert_true(r.bounded);
		misses += log(factor) < r.low || log(factor) > r.high;
	}
	return (double)misses / TRIALS;
}

static void misses_as_often_as_it_says(void **state)
{
	struct two *s = *state;
	double exact = missed(s, 12, 15, 0.1);
	double normal = missed(s, 40, 60, 0.1);
	double rare = missed(s, 60, 30, 0.01);

	/* Three standard deviations of 3,000 trials around the claim; the exact
	 * one may miss less often, as ranks are whole numbers. */
	if (exact > 0.116 || exact < 0.06)
		fail_msg("exact: %f", exact);
	if (normal > 0.116 || normal < 0.084)
		fail_msg("normal: %f", normal);
	if (rare > 0.0155 || rare < 0.0045)
		fail_msg("rare: %f", rare);
}

#define T(t) cmocka_unit_test_setup_teardown(t, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(published_samples),
		T(exact_distribution),
		T(too_few_values_have_no_limits),
		T(equal_values_do_not_differ),
		T(as_all_pairs_say),
		T(misses_as_often_as_it_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
