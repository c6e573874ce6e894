/* SPDX-License-Identifier: Apache-2.0 */
/* halving_test.c - which commit is tested next; clone_range_test.c compares it
 * with git. */
#include "base/halving.h"

#include "test/support/test.h"

enum { ROOM = 1024 * 1024, CHAIN_MAX = 64 };

/* A history without merges. */
struct chain {
	struct arena arena;
	struct halving_commit list[CHAIN_MAX];
	unsigned parents[CHAIN_MAX];
	unsigned count;
};

static void make_chain(struct chain *c, unsigned count)
{
	*c = (struct chain){ .count = count };
	arena_init(&c->arena, ROOM);
	for (unsigned i = 0; i < count; i++) {
		c->parents[i] = i - 1;
		c->list[i] =
			(struct halving_commit){ &c->parents[i], i > 0, false };
	}
}

static struct halving choose(struct chain *c, unsigned streak)
{
	struct error err = { 0 };
	struct halving h;

	assert_ok(halving_choose(c->list, c->count, c->count - 1, streak,
				 &c->arena, &h, &err),
		  err);
	return h;
}

static void one_commit_is_the_first_bad_one(void **state)
{
	struct chain c;
	struct halving h;

	(void)state;
	make_chain(&c, 1);
	h = choose(&c, 0);
	assert_int_equal(h.kind, HALVING_FOUND);
	assert_int_equal(h.next, 0);
	arena_release(&c.arena);
}

static void the_middle_is_tested(void **state)
{
	struct chain c;
	struct halving h;

	(void)state;
	make_chain(&c, 9);
	h = choose(&c, 0);
	assert_int_equal(h.kind, HALVING_TEST);
	assert_int_equal(h.next, 3); /* four commits of nine */
	assert_int_equal(h.left, 4);
	assert_int_equal(h.steps, 2);
	arena_release(&c.arena);
}

static void a_skip_is_passed_over_and_then_left_behind(void **state)
{
	struct chain c;
	unsigned near, far;

	(void)state;
	make_chain(&c, 60);
	for (unsigned i = 25; i < 35; i++)
		c.list[i].skipped = true;
	near = choose(&c, 0).next;
	assert_true(near == 24 || near == 35);
	far = choose(&c, 3).next;
	assert_true(far < 20 || far > 38);
	arena_release(&c.arena);
}

/* However long the streak is, each commit gets its turn. */
static void all_may_be_skipped(void **state)
{
	struct chain c;
	struct halving h;
	unsigned turns = 0;

	(void)state;
	make_chain(&c, 20);
	while ((h = choose(&c, turns)).kind == HALVING_TEST) {
		assert_false(c.list[h.next].skipped);
		c.list[h.next].skipped = true;
		turns++;
	}
	assert_int_equal(turns, 19);
	assert_int_equal(h.kind, HALVING_SKIPPED);
	arena_release(&c.arena);
}

/* Five commits beside each other, and a merge of all. */
static void a_merge_reaches_each_ancestor_once(void **state)
{
	static const unsigned root[] = { 0 }, all[] = { 1, 2, 3, 4 };
	const struct halving_commit list[] = {
		{ NULL, 0, false }, { root, 1, false }, { root, 1, false },
		{ root, 1, false }, { root, 1, false }, { all, 4, false },
	};
	struct arena arena = ARENA_INIT(ROOM);
	struct error err = { 0 };
	struct halving h;

	(void)state;
	assert_ok(halving_choose(list, 6, 5, 0, &arena, &h, &err), err);
	assert_int_equal(h.kind, HALVING_TEST);
	assert_int_equal(h.next, 1);
	assert_int_equal(h.left, 3); /* six without the root and itself */
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_commit_is_the_first_bad_one),
		cmocka_unit_test(the_middle_is_tested),
		cmocka_unit_test(a_skip_is_passed_over_and_then_left_behind),
		cmocka_unit_test(all_may_be_skipped),
		cmocka_unit_test(a_merge_reaches_each_ancestor_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
