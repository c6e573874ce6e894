/* SPDX-License-Identifier: Apache-2.0 */
/* parallel_test.c - each item is handled once, and failures are told. */
#include "sys/parallel.h"

#include <stdatomic.h>

#include "base/cleanup.h"
#include "test/support/test.h"

enum { ITEMS = 1000 };

struct items {
	atomic_uint handled[ITEMS];
	atomic_bool busy[PARALLEL_MAX];
	atomic_uint calls;
	unsigned fails_from; /* this item and all that follow */
};

static int handle(void *ctx, unsigned worker, unsigned index, struct error *err)
{
	struct items *items = ctx;

	assert_true(worker < PARALLEL_MAX);
	assert_true(index < ITEMS);
	assert_false(atomic_exchange(&items->busy[worker], true));
	atomic_fetch_add(&items->handled[index], 1);
	atomic_fetch_add(&items->calls, 1);
	atomic_store(&items->busy[worker], false);
	if (index >= items->fails_from)
		return error_set(err, ERROR_INPUT, "item %u", index);
	return 0;
}

static void each_item_is_handled_once(void **state)
{
	static const unsigned counts[] = { 0, 1, 63, 64, 65, ITEMS };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
		struct items items = { .fails_from = ITEMS };
		struct error err = { 0 };

		assert_ok(parallel_each(counts[i], handle, &items, &err), err);
		assert_int_equal(items.calls, counts[i]);
		for (unsigned j = 0; j < counts[i]; j++)
			assert_int_equal(items.handled[j], 1);
	}
}

static void few_items_are_handled_in_order(void **state)
{
	struct items items = { .fails_from = 40 };
	struct error err = { 0 };

	(void)state;
	assert_error(parallel_each(60, handle, &items, &err), err, "item 40");
	assert_int_equal(items.calls, 41);
}

/* Portions that were begun are of different workers, which may all fail. */
static void the_error_is_that_of_the_lowest_item(void **state)
{
	(void)state;
	for (int round = 0; round < 50; round++) {
		struct items items = { .fails_from = 0 };
		struct error err = { 0 };

		assert_error(parallel_each(ITEMS, handle, &items, &err), err,
			     "item 0");
		assert_int_equal(err.kind, ERROR_INPUT);
		assert_true(items.calls <= PARALLEL_MAX);
	}
}

static void no_portion_begins_after_a_failure(void **state)
{
	struct items items = { .fails_from = 100 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(parallel_each(ITEMS, handle, &items, &err), -1);
	assert_true(items.calls < ITEMS);
	assert_true(items.calls >= 97);
	assert_int_equal(parallel_each(ITEMS, handle, &items, NULL), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_item_is_handled_once),
		cmocka_unit_test(few_items_are_handled_in_order),
		cmocka_unit_test(the_error_is_that_of_the_lowest_item),
		cmocka_unit_test(no_portion_begins_after_a_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
