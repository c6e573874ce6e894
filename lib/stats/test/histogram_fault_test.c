/* SPDX-License-Identifier: Apache-2.0 */
/* histogram_fault_test.c - a histogram without memory is no wrong one. */
#include "stats/histogram.h"

#include "base/cleanup.h"
#include "stats/test/samples.h"
#include "test/support/fault_loop.h"
#include "test/support/test.h"

enum { ROOM = 1 << 20 };

/* The pieces are made beforehand; a story makes the whole of them. */
struct making {
	struct arena before, arena;
	struct histogram half[2];
	struct buf text; /* of the first half */
	struct histogram whole;
};

static void fill(struct making *m)
{
	uint64_t seed = 5;
	struct error err = { 0 };

	*m = (struct making){ .before = ARENA_INIT(ROOM),
			      .text = BUF_INIT(ROOM) };
	for (int i = 0; i < 2; i++)
		m->half[i] = (struct histogram)HISTOGRAM_INIT(&m->before);
	for (int i = 0; i < 500; i++)
		assert_ok(histogram_add(&m->half[i % 2], sample_any(&seed),
					&err),
			  err);
	histogram_print(&m->half[0], &m->text);
}

static void begin(void *ctx)
{
	struct making *m = ctx;

	m->arena = (struct arena)ARENA_INIT(ROOM);
	m->whole = (struct histogram)HISTOGRAM_INIT(&m->arena);
}

static void release(void *ctx)
{
	struct making *m = ctx;

	arena_release(&m->arena);
	begin(ctx);
}

/* A part of the values is in it when a merge failed: it is thrown away. */
static int make(void *ctx, struct error *err)
{
	struct making *m = ctx;
	struct histogram h = HISTOGRAM_INIT(&m->arena);

	if (histogram_parse(buf_text(&m->text), &h, err) < 0 ||
	    histogram_merge(&h, &m->half[1], err) < 0 ||
	    histogram_add(&h, 12345, err) < 0)
		return -1;
	m->whole = h;
	return 0;
}

static void show(void *ctx, struct buf *out)
{
	struct making *m = ctx;

	histogram_print(&m->whole, out);
}

static void read_merged_and_added_to(void **state)
{
	struct fault_story story = { .name = "histogram",
				     .kinds = FAULTS_MEMORY,
				     .prepare = begin,
				     .run = make,
				     .show = show,
				     .release = release };
	struct making m;

	(void)state;
	fill(&m);
	fault_loop(&story, &m);
	arena_release(&m.before);
	buf_release(&m.text);
}

/* What could not be added is not there, and can be added later. */
static void an_addition_that_fails_adds_nothing(void **state)
{
	struct arena none = ARENA_INIT(16), some = ARENA_INIT(ROOM);
	struct histogram h = HISTOGRAM_INIT(&none);
	struct error err = { 0 };

	(void)state;
	assert_int_equal(histogram_add(&h, 5, &err), -1);
	assert_true(error_is_memory(&err));
	assert_int_equal(h.count, 0);
	assert_int_equal(histogram_percentile(&h, 500), 0);
	h.arena = &some;
	assert_ok(histogram_add(&h, 5, &err), err);
	assert_int_equal(histogram_percentile(&h, 500), 5);
	arena_release(&none);
	arena_release(&some);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(read_merged_and_added_to),
		cmocka_unit_test(an_addition_that_fails_adds_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
