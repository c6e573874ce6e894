/* SPDX-License-Identifier: Apache-2.0 */
/* unsettled_test.c - each operation without a transaction is found once. */
#include "vault/unsettled.h"

#include "test/support/test.h"
#include "vault/ops.h"

static bool any(const void *ctx, size_t op)
{
	(void)ctx, (void)op;
	return true;
}

static bool not_before(const void *ctx, size_t op)
{
	return op >= *(const size_t *)ctx;
}

static void gives_each_once_in_order(void **state)
{
	static const int64_t amounts[] = { 5, 7, 5, 5 };
	const struct unsettled_key five = { OP_PAY, 0, 1, 5 };
	const struct unsettled_key back = { OP_PAY, 1, 0, 5 };
	const size_t third = 3;
	struct error err = { 0 };
	struct unsettled u = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(amounts); i++) {
		const struct op_record op = { .kind = OP_PAY,
					      .payer = 0,
					      .payee = 1,
					      .amount = amounts[i] };

		/* The transaction of operation 2 is known. */
		assert_ok(unsettled_add(&u, &op, i < 2 ? i : i + 1, &err), err);
	}
	unsettled_sort(&u);
	assert_int_equal(u.count, 4);
	assert_int_equal(unsettled_take(&u, &back, any, NULL), SIZE_MAX);
	assert_int_equal(unsettled_take(&u, &five, not_before, &third), 3);
	assert_int_equal(unsettled_take(&u, &five, any, NULL), 0);
	assert_int_equal(unsettled_take(&u, &five, any, NULL), 4);
	assert_int_equal(unsettled_take(&u, &five, any, NULL), SIZE_MAX);
	unsettled_release(&u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_each_once_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
