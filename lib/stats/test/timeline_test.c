/* SPDX-License-Identifier: Apache-2.0 */
/* timeline_test.c - bins are round, cover all, and are never too many. */
#include "stats/timeline.h"

#include "test/support/test.h"

static void steps_are_one_two_five(void **state)
{
	(void)state;
	assert_int_equal(round_step(1), 1);
	assert_int_equal(round_step(3), 5);
	assert_int_equal(round_step(6), 10);
	assert_int_equal(round_step(11), 20);
	assert_int_equal(round_step(5000001), 10000000);
}

static void bins_cover_and_stay_few(void **state)
{
	struct timeline t = timeline_over(1500000, 21400000, 40, 1000000);

	(void)state;
	assert_int_equal(t.width, 1000000);
	assert_int_equal(t.start, 1000000);
	assert_int_equal(t.bins, 21);
	assert_int_equal(timeline_bin(&t, 1500000), 0);
	assert_int_equal(timeline_bin(&t, 21400000), 20);
	assert_int_equal(timeline_bin(&t, 0), 0);
	assert_int_equal(timeline_bin(&t, 99000000), 20);
	t = timeline_over(0, 3600000000, 60, 1000000);
	assert_int_equal(t.width, 100000000);
	assert_float_equal(timeline_rate(&t, 250), 2.5, 1e-9);
}

static void a_moment_is_one_bin(void **state)
{
	struct timeline t = timeline_over(5, 5, 10, 1000000);

	(void)state;
	assert_int_equal(t.bins, 1);
	assert_int_equal(timeline_bin(&t, 5), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_are_one_two_five),
		cmocka_unit_test(bins_cover_and_stay_few),
		cmocka_unit_test(a_moment_is_one_bin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
