/* SPDX-License-Identifier: Apache-2.0 */
/* stable_gate_test.c - a cell that was not stable before a run is not required
 * in it. */
#include "report/test/case.h"

#include "base/cleanup.h"

static struct stable_cell stable[] = { { "4.0", "4.10", "4.8", 3 },
				       { "4.10", "4.0", "4.8", 2 } };

/* One payment of 4.10 -> 4.0 settled, where the gate is 2. */
static void begin(struct test_case *c, int gate, bool known)
{
	case_init(c);
	case_good(c, 2);
	c->op_count--;
	c->settlement_count--;
	c->record.net.stable_gate = gate;
	c->record.stable =
		(struct stable_runs){ known, stable,
				      known ? ARRAY_SIZE(stable) : 0 };
}

static void a_cell_that_is_not_stable_is_not_required(void **state)
{
	struct test_case c;
	struct cell *cell;

	(void)state;
	begin(&c, 3, true);
	cell = case_judge(&c, 1, 0);
	assert_int_equal(cell->verdict, VERDICT_UNDECIDED);
	assert_false(cell->required);
	assert_non_null(strstr(cell->reason,
			       "; not required before it has "
			       "passed in 3 runs in a row (2 so far)"));
	cell = case_judge(&c, 0, 1);
	assert_true(cell->required);
	assert_null(cell->reason);
	assert_int_equal(c.j.exit_code, 0);
	arena_release(&c.arena);
}

static void a_stable_cell_is_required(void **state)
{
	struct test_case c;

	(void)state;
	begin(&c, 2, true);
	assert_true(case_judge(&c, 1, 0)->required);
	assert_int_equal(c.j.exit_code, 2);
	arena_release(&c.arena);
}

static void a_lost_file_excuses_nothing(void **state)
{
	struct test_case c;

	(void)state;
	begin(&c, 3, false);
	assert_true(case_judge(&c, 1, 0)->required);
	assert_int_equal(c.j.exit_code, 2);
	arena_release(&c.arena);
}

static void a_cell_that_is_not_required_fails_the_run(void **state)
{
	struct test_case c;
	struct cell *cell;

	(void)state;
	begin(&c, 3, true);
	case_pay(&c, 1, 0, OUTCOME_OK, false);
	cell = case_judge(&c, 1, 0);
	assert_int_equal(cell->verdict, VERDICT_FAIL);
	assert_false(cell->required);
	assert_int_equal(c.j.exit_code, 1);
	arena_release(&c.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cell_that_is_not_stable_is_not_required),
		cmocka_unit_test(a_stable_cell_is_required),
		cmocka_unit_test(a_lost_file_excuses_nothing),
		cmocka_unit_test(a_cell_that_is_not_required_fails_the_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
