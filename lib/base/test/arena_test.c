/* SPDX-License-Identifier: Apache-2.0 */
/* arena_test.c - an arena keeps the pieces of another one that it takes over.
 */
#include "base/arena.h"

#include "base/cleanup.h"
#include "test/support/test.h"

enum { ROOM = 1024 * 1024 };

static void keeps_the_pieces_it_takes_over(void **state)
{
	cleanup(arena_release) struct arena all = ARENA_INIT(ROOM);
	struct arena one = ARENA_INIT(ROOM), two = ARENA_INIT(ROOM);
	struct arena none = ARENA_INIT(ROOM);
	const char *first, *second, *own, *later;
	size_t used;

	(void)state;
	first = arena_strdup(&one, "first");
	arena_take_over(&all, &one);
	own = arena_strdup(&all, "own");
	second = arena_strdup(&two, "second");
	assert_non_null(arena_alloc(&two, 100 * 1000));
	used = all.used + two.used;
	arena_take_over(&all, &two);
	arena_take_over(&all, &none);
	assert_int_equal(all.used, used);
	assert_int_equal(two.used, 0);
	assert_null(two.head);
	later = arena_strdup(&all, "later");
	assert_string_equal(first, "first");
	assert_string_equal(second, "second");
	assert_string_equal(own, "own");
	assert_string_equal(later, "later");
	/* Both are still of use. */
	assert_non_null(arena_strdup(&one, "again"));
	arena_release(&one);
}

static void refuses_more_when_it_took_over_too_much(void **state)
{
	cleanup(arena_release) struct arena small = ARENA_INIT(100);
	struct arena large = ARENA_INIT(ROOM);
	char *text;

	(void)state;
	text = arena_alloc(&large, 1000);
	assert_non_null(text);
	arena_take_over(&small, &large);
	text[999] = 'x';
	assert_null(arena_alloc(&small, 1));
	assert_true(small.full);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_the_pieces_it_takes_over),
		cmocka_unit_test(refuses_more_when_it_took_over_too_much),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
