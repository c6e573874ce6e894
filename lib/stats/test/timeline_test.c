/* SPDX-License-Identifier: Apache-2.0 */
/* timeline_test.c - bins are round, cover all, and are never too many. */
#include "stats/timeline.h"

#include <stdlib.h>

#include "base/cleanup.h"
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

/* Events in any order fall into the bins that are made when all are known. */
static void assert_chart(const int64_t *at, size_t count)
{
	struct timeline_counts *c = calloc(1, sizeof(*c));
	uint64_t counts[TIMELINE_BINS][TIMELINE_KINDS];
	uint64_t expected[TIMELINE_BINS][TIMELINE_KINDS] = { 0 };
	int64_t first = at[0], last = at[0];
	struct timeline t, e;

	assert_non_null(c);
	c->least = 1000000;
	assert_false(timeline_chart(c, &t, counts));
	for (size_t i = 0; i < count; i++) {
		timeline_count(c, at[i], i % TIMELINE_KINDS);
		first = at[i] < first ? at[i] : first;
		last = at[i] > last ? at[i] : last;
	}
	assert_true(timeline_chart(c, &t, counts));
	e = timeline_over(first, last, TIMELINE_BINS, 1000000);
	assert_memory_equal(&t, &e, sizeof(t));
	for (size_t i = 0; i < count; i++)
		expected[timeline_bin(&e, at[i])][i % TIMELINE_KINDS]++;
	assert_memory_equal(counts, expected, sizeof(counts));
	free(c);
}

static void events_in_any_order_make_the_same_chart(void **state)
{
	static const int64_t spans[] = {
		1,	     999999,	  120000000,	   1201000000,
		12010000000, 86400000000, INT64_C(1) << 52
	};
	static int64_t at[2000];
	uint64_t random = 7;

	(void)state;
	for (size_t s = 0; s < ARRAY_SIZE(spans); s++)
		for (int order = 0; order < 3; order++) {
			for (int64_t i = 0; i < 2000; i++) {
				random = random * 6364136223846793005u + 1;
				at[i] = 1795247412345678 +
					(order ? spans[s] / 2000 * i
					       : (int64_t)(random >> 12) %
							 spans[s]);
			}
			for (size_t i = 0; order == 2 && i < 1000; i++) {
				int64_t swap = at[i];

				at[i] = at[1999 - i];
				at[1999 - i] = swap;
			}
			assert_chart(at, 2000);
		}
}

static void moments_far_apart_are_counted(void **state)
{
	static const int64_t at[] = { INT64_C(1) << 53, 0, 5, 1000000000,
				      INT64_C(1) << 53 };

	(void)state;
	assert_chart(at, ARRAY_SIZE(at));
	assert_chart(at + 1, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_are_one_two_five),
		cmocka_unit_test(bins_cover_and_stay_few),
		cmocka_unit_test(a_moment_is_one_bin),
		cmocka_unit_test(events_in_any_order_make_the_same_chart),
		cmocka_unit_test(moments_far_apart_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
