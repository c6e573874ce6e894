/* SPDX-License-Identifier: Apache-2.0 */
/* operation_test.c - the words of kinds and outcomes, and the parts of an id.
 */
#include "run/operation.h"

#include "test/support/test.h"

static void each_word_names_its_kind(void **state)
{
	(void)state;
	for (int k = 0; k < OP_KINDS; k++) {
		const struct op_kind_info *info = op_kind_info((enum op_kind)k);

		assert_int_equal(op_kind_of_word(info->word), k);
		/* A payee's database settles what has a payee. */
		assert_int_equal(info->has_payee,
				 info->settles == OP_SETTLES_WITH_PAYEE);
	}
	for (int o = 0; o < OUTCOMES; o++)
		assert_int_equal(
			op_outcome_of_word(op_outcome_word((enum op_outcome)o)),
			o);
	/* What histories of all releases have. */
	assert_int_equal(op_kind_of_word("issue"), OP_ISSUE);
	assert_int_equal(op_kind_of_word("pay"), OP_PAY);
	assert_int_equal(op_kind_of_word("payment"), -1);
	assert_int_equal(op_kind_of_word(NULL), -1);
	assert_int_equal(op_outcome_of_word(""), -1);
}

static void a_driver_funds_and_covers(void **state)
{
	const struct op_kind_info *cover = op_kind_info(op_kind_of_cover());

	(void)state;
	assert_int_equal(op_kind_of_funding(), OP_ISSUE);
	assert_int_equal(op_kind_of_cover(), OP_PAY);
	assert_true(op_makes_coins(op_kind_of_funding()));
	assert_false(op_makes_coins(op_kind_of_cover()));
	assert_true(cover->has_payee && cover->coins < 0);
}

static void an_id_is_exact_as_a_double(void **state)
{
	const uint64_t most = op_id(OP_WRITERS_MAX - 1, UINT32_MAX);

	(void)state;
	assert_true((uint64_t)(double)most == most);
	assert_true((uint64_t)(double)(most - 1) == most - 1);
	assert_int_equal(op_id_writer(most), OP_WRITERS_MAX - 1);
	assert_int_equal(op_id_sequence(most), UINT32_MAX);
	/* As older releases counted. */
	assert_int_equal(op_id(0, 17), 17);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_word_names_its_kind),
		cmocka_unit_test(a_driver_funds_and_covers),
		cmocka_unit_test(an_id_is_exact_as_a_double),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
