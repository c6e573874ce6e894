/* SPDX-License-Identifier: Apache-2.0 */
/* histogram_test.c - percentiles stay within their error, parts make the whole.
 */
#include "stats/histogram.h"

#include "base/cleanup.h"
#include "stats/test/samples.h"
#include "test/support/test.h"

enum { ROOM = 1 << 20, VALUES = 20000, PARTS = 5 };

static struct arena arena_now(void)
{
	struct arena a = ARENA_INIT(ROOM);

	return a;
}

static void put(struct histogram *h, int64_t value)
{
	struct error err = { 0 };

	assert_ok(histogram_add(h, value, &err), err);
}

static void assert_near(int64_t got, int64_t exact, const char *what)
{
	if (llabs((long long)(got - exact)) > exact / HISTOGRAM_ERROR)
		fail_msg("%s: %lld, exactly %lld", what, (long long)got,
			 (long long)exact);
}

/* ---- buckets ---- */

static void buckets_follow_each_other_without_gap(void **state)
{
	int64_t next = 0;

	(void)state;
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
		int64_t least = histogram_least(i), width = histogram_width(i);

		assert_int_equal(least, next);
		assert_int_equal(histogram_bucket(least), i);
		assert_int_equal(histogram_bucket(least + (width - 1)), i);
		assert_true(width == 1 || width <= least / HISTOGRAM_SPLIT);
		next = i + 1 < HISTOGRAM_BUCKETS ? least + width : 0;
	}
	assert_int_equal(histogram_bucket(INT64_MAX), HISTOGRAM_BUCKETS - 1);
	assert_int_equal(histogram_bucket(-1), 0);
	assert_int_equal(histogram_bucket(INT64_MIN), 0);
}

/* ---- percentiles ---- */

static void nothing_measured_is_zero(void **state)
{
	cleanup(arena_release) struct arena a = arena_now();
	struct histogram h = HISTOGRAM_INIT(&a);
	struct summary s = histogram_summary(&h);

	(void)state;
	assert_int_equal(s.count, 0);
	assert_int_equal(s.max, 0);
	assert_int_equal(histogram_percentile(&h, 500), 0);
	assert_int_equal(a.used, 0);
}

static void one_value_is_every_percentile(void **state)
{
	cleanup(arena_release) struct arena a = arena_now();
	struct histogram h = HISTOGRAM_INIT(&a);

	(void)state;
	put(&h, 7654321);
	for (unsigned i = 0; i <= 1000; i++)
		assert_int_equal(histogram_percentile(&h, i), 7654321);
	assert_float_equal(histogram_summary(&h).mean, 7654321, 1e-9);
}

static void ranks_are_nearest(void **state)
{
	/* The textbook's five: p30 is rank 2, p40 is rank 2, p50 is rank 3. */
	static const int64_t five[] = { 50, 15, 40, 20, 35 };
	cleanup(arena_release) struct arena a = arena_now();
	struct histogram h = HISTOGRAM_INIT(&a);

	(void)state;
	for (int i = 0; i < 5; i++)
		put(&h, five[i]);
	assert_int_equal(histogram_percentile(&h, 0), 15);
	assert_int_equal(histogram_percentile(&h, 50), 15);
	assert_int_equal(histogram_percentile(&h, 300), 20);
	assert_int_equal(histogram_percentile(&h, 400), 20);
	assert_int_equal(histogram_percentile(&h, 500), 35);
	assert_int_equal(histogram_percentile(&h, 1000), 50);
	assert_int_equal(histogram_rank(&h, 4), 40);
	assert_int_equal(histogram_rank(&h, 9), 50);
}

static void a_hundred_values_have_a_p99_below_their_greatest(void **state)
{
	cleanup(arena_release) struct arena a = arena_now();
	struct histogram h = HISTOGRAM_INIT(&a);
	struct summary s;

	(void)state;
	for (int i = 1; i <= 100; i++)
		put(&h, i);
	s = histogram_summary(&h);
	assert_int_equal(s.p50, 50);
	assert_int_equal(s.p95, 95);
	assert_int_equal(s.p99, 99);
	assert_int_equal(s.max, 100);
	for (int i = 101; i <= 2000; i++)
		put(&h, i);
	s = histogram_summary(&h);
	assert_near(s.p95, 1900, "p95");
	assert_near(s.p99, 1980, "p99");
	assert_float_equal(s.mean, 1000.5, 1e-9);
}

static void a_negative_value_counts_as_zero(void **state)
{
	cleanup(arena_release) struct arena a = arena_now();
	struct histogram h = HISTOGRAM_INIT(&a);

	(void)state;
	put(&h, -5);
	assert_int_equal(h.count, 1);
	assert_int_equal(h.min, 0);
	assert_int_equal(h.sum, 0);
}

/* Every percentile of every distribution, of few values and of many. */
static void percentiles_stay_within_the_error(void **state)
{
	static const size_t counts[] = { 1, 2, 19, 100, 1001, VALUES };
	static int64_t values[VALUES];
	uint64_t seed = 1;

	(void)state;
	for (size_t d = 0; d < ARRAY_SIZE(distributions); d++)
		for (size_t c = 0; c < ARRAY_SIZE(counts); c++) {
			cleanup(arena_release) struct arena a = arena_now();
			struct histogram h = HISTOGRAM_INIT(&a);
			size_t n = counts[c];

			for (size_t i = 0; i < n; i++) {
				values[i] = distributions[d].next(&seed);
				put(&h, values[i]);
			}
			qsort(values, n, sizeof(*values), samples_by_value);
			assert_int_equal(h.min, values[0]);
			assert_int_equal(h.max, values[n - 1]);
			for (unsigned p = 0; p <= 1000; p++)
				assert_near(histogram_percentile(&h, p),
					    samples_exact(values, n, p),
					    distributions[d].name);
		}
}

static void memory_does_not_grow_with_the_number_of_values(void **state)
{
	cleanup(arena_release) struct arena a = arena_now();
	struct histogram h = HISTOGRAM_INIT(&a);
	uint64_t seed = 2;

	(void)state;
	for (int i = 0; i < 300000; i++)
		put(&h, sample_any(&seed));
	assert_in_range(a.used, 1, 58 * 1024);
}

/* ---- parts and the whole ---- */

static void assert_same(const struct histogram *a, const struct histogram *b)
{
	cleanup(buf_release) struct buf x = BUF_INIT(ROOM), y = BUF_INIT(ROOM);

	histogram_print(a, &x);
	histogram_print(b, &y);
	assert_int_equal(a->count, b->count);
	assert_string_equal(buf_text(&x), buf_text(&y));
}

/* Values fall into parts by chance; parts are merged into one of them, in an
 * order by chance. */
static void try_parts(int64_t (*next)(uint64_t *), uint64_t *seed)
{
	cleanup(arena_release) struct arena a = arena_now();
	struct histogram whole = HISTOGRAM_INIT(&a);
	struct histogram parts[PARTS];
	struct error err = { 0 };
	size_t n = samples_chance(seed) % 3000, left = PARTS;

	for (int i = 0; i < PARTS; i++)
		parts[i] = (struct histogram)HISTOGRAM_INIT(&a);
	for (size_t i = 0; i < n; i++) {
		int64_t value = next(seed);

		put(&whole, value);
		put(&parts[samples_chance(seed) % PARTS], value);
	}
	while (left > 1) {
		size_t into = samples_chance(seed) % left;
		size_t from =
			(into + 1 + samples_chance(seed) % (left - 1)) % left;

		assert_ok(histogram_merge(&parts[into], &parts[from], &err),
			  err);
		parts[from] = parts[--left];
		if (into == left)
			parts[from] = parts[left];
	}
	assert_same(&whole, &parts[0]);
}

static void merged_parts_are_the_whole(void **state)
{
	uint64_t seed = 3;

	(void)state;
	for (int round = 0; round < 60; round++)
		for (size_t d = 0; d < ARRAY_SIZE(distributions); d++)
			try_parts(distributions[d].next, &seed);
}

static void sums_and_counts_stop_at_their_end(void **state)
{
	cleanup(arena_release) struct arena a = arena_now();
	struct histogram h = HISTOGRAM_INIT(&a), most = HISTOGRAM_INIT(&a);
	struct error err = { 0 };

	(void)state;
	for (int i = 0; i < 3; i++)
		put(&h, INT64_MAX);
	assert_int_equal(h.sum, INT64_MAX);
	assert_ok(histogram_parse("1 1 9007199254740992 1x9007199254740992",
				  &most, &err),
		  err);
	assert_error(histogram_merge(&most, &h, &err), err, "holds at most");
	assert_error(histogram_add(&most, 1, &err), err, "holds at most");
	assert_int_equal(most.count, HISTOGRAM_COUNT_MAX);
	assert_int_equal(most.max, 1);
}

/* ---- text ---- */

static void what_is_printed_is_read_again(void **state)
{
	uint64_t seed = 4;

	(void)state;
	for (size_t d = 0; d < ARRAY_SIZE(distributions); d++)
		for (size_t n = 0; n < 2000; n = n * 3 + 1) {
			cleanup(arena_release) struct arena a = arena_now();
			cleanup(buf_release) struct buf text = BUF_INIT(ROOM);
			struct histogram h = HISTOGRAM_INIT(&a);
			struct histogram again = HISTOGRAM_INIT(&a);
			struct error err = { 0 };

			for (size_t i = 0; i < n; i++)
				put(&h, distributions[d].next(&seed));
			histogram_print(&h, &text);
			assert_ok(histogram_parse(buf_text(&text), &again,
						  &err),
				  err);
			assert_same(&h, &again);
			assert_int_equal(again.min, h.min);
			assert_int_equal(again.max, h.max);
			assert_int_equal(again.sum, h.sum);
		}
}

static void a_text_is_as_documented(void **state)
{
	cleanup(arena_release) struct arena a = arena_now();
	cleanup(buf_release) struct buf text = BUF_INIT(ROOM);
	struct histogram h = HISTOGRAM_INIT(&a);

	(void)state;
	put(&h, 3);
	put(&h, 1000001); /* octave 13: (128 + 116) * 4096 and up */
	put(&h, 1000002);
	put(&h, 1003520);
	histogram_print(&h, &text);
	assert_string_equal(buf_text(&text), "3 1003520 3003526 3 1777x2 1");
	assert_int_equal(histogram_least(1780), 999424);
	assert_int_equal(histogram_least(1781), 1003520);
}

static void another_text_is_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "x", "least value" },
		{ "1", "least value" },
		{ "1 1 1", "a blank and a step" },
		{ "1 1 1 ", "a blank and a step" },
		{ "1 1 1 1x", "a count behind x" },
		{ "1 1 1 1x0", "is 0" },
		{ "1 2 3 1 0", "is 0" },
		{ "1 1 1 1 ", "a blank and a step" },
		{ "1 1 1 -1", "a blank and a step" },
		{ "1 1 1 7296", "behind the last" },
		{ "1 1 1 99999999999999999999", "a blank and a step" },
		{ "1 1 1 1x9007199254740993", "holds at most" },
		{ "1 1 1 2", "differ" }, /* not the bucket of 1 */
		{ "1 5 6 1 3", "differ" }, /* the greatest is in another */
		{ "2 1 3 1 1", "differ" },
		{ "1 2 5 1 1x1", "differ" }, /* more than both at most */
		{ "5 5 9 5x2", "differ" }, /* less than both at least */
		{ "1 1 1 1x1z", "a blank and a step" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		cleanup(arena_release) struct arena a = arena_now();
		struct histogram h = HISTOGRAM_INIT(&a);
		struct error err = { 0 };

		assert_error(histogram_parse(cases[i].text, &h, &err), err,
			     cases[i].why);
		assert_int_equal(h.count, 0);
	}
}

#define T(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(buckets_follow_each_other_without_gap),
		T(nothing_measured_is_zero),
		T(one_value_is_every_percentile),
		T(ranks_are_nearest),
		T(a_hundred_values_have_a_p99_below_their_greatest),
		T(a_negative_value_counts_as_zero),
		T(percentiles_stay_within_the_error),
		T(memory_does_not_grow_with_the_number_of_values),
		T(merged_parts_are_the_whole),
		T(sums_and_counts_stop_at_their_end),
		T(what_is_printed_is_read_again),
		T(a_text_is_as_documented),
		T(another_text_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
