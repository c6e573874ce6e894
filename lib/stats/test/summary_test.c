/* SPDX-License-Identifier: Apache-2.0 */
/* summary_test.c - percentiles are samples, of exactly the rank they name. */
#include "stats/summary.h"

#include "test/support/test.h"

static void nothing_measured_is_zero(void **state)
{
	struct summary s = samples_summary(NULL, 0);

	(void)state;
	assert_int_equal(s.count, 0);
	assert_int_equal(s.max, 0);
}

static void one_sample_is_every_percentile(void **state)
{
	int64_t one = 7;
	struct summary s = samples_summary(&one, 1);

	(void)state;
	assert_int_equal(s.min, 7);
	assert_int_equal(s.p50, 7);
	assert_int_equal(s.p99, 7);
	assert_int_equal(samples_percentile(&one, 1, 0), 7);
}

static void ranks_are_nearest_and_exact(void **state)
{
	/* The textbook's five: p30 is rank 2, p40 is rank 2, p50 is rank 3. */
	int64_t five[] = { 50, 15, 40, 20, 35 };

	(void)state;
	samples_sort(five, 5);
	assert_int_equal(samples_percentile(five, 5, 50), 15);
	assert_int_equal(samples_percentile(five, 5, 300), 20);
	assert_int_equal(samples_percentile(five, 5, 400), 20);
	assert_int_equal(samples_percentile(five, 5, 500), 35);
	assert_int_equal(samples_percentile(five, 5, 1000), 50);
}

static void a_hundred_samples_have_a_p99_below_their_maximum(void **state)
{
	int64_t samples[2000];
	struct summary s;

	(void)state;
	for (int i = 0; i < 2000; i++)
		samples[i] = 2000 - i;
	samples_sort(samples, 2000);
	s = samples_summary(samples, 100);
	assert_int_equal(s.p50, 50);
	assert_int_equal(s.p95, 95);
	assert_int_equal(s.p99, 99);
	assert_int_equal(s.max, 100);
	s = samples_summary(samples, 2000);
	assert_int_equal(s.p95, 1900);
	assert_int_equal(s.p99, 1980);
	assert_float_equal(s.mean, 1000.5, 1e-9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_measured_is_zero),
		cmocka_unit_test(one_sample_is_every_percentile),
		cmocka_unit_test(ranks_are_nearest_and_exact),
		cmocka_unit_test(
			a_hundred_samples_have_a_p99_below_their_maximum),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
