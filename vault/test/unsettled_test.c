/* SPDX-License-Identifier: Apache-2.0 */
/* unsettled_test.c - each operation without a transaction is found once. */
#include "vault/unsettled.h"

#include "run/network.h"
#include "test/support/test.h"

static struct network_node nodes[] = { { .name = "bank-4.1" },
				       { .name = "bank-4.9" } };
static const struct network net = { .nodes = nodes, .node_count = 2 };

static bool any(const void *ctx, size_t op)
{
	(void)ctx, (void)op;
	return true;
}

static bool not_before(const void *ctx, size_t op)
{
	return op >= *(const size_t *)ctx;
}

static struct operation payment(int64_t amount)
{
	return (struct operation){ .kind = OP_PAY,
				   .payer = "bank-4.1",
				   .payee = "bank-4.9",
				   .amount = amount,
				   .sent_us = 1,
				   .outcome = OUTCOME_UNKNOWN };
}

static void gives_each_once_in_order(void **state)
{
	struct operation ops[] = { payment(5), payment(7), payment(5),
				   payment(5), payment(5) };
	const struct unsettled_key five = { OP_PAY, 0, 1, 5 };
	const struct unsettled_key back = { OP_PAY, 1, 0, 5 };
	const size_t third = 3;
	struct arena arena = ARENA_INIT(1 << 20);
	struct error err = { 0 };
	struct unsettled u;

	(void)state;
	ops[2].tx = "AB"; /* its transaction is known */
	assert_ok(unsettled_list(&net, ops, ARRAY_SIZE(ops), &arena, &u, &err),
		  err);
	assert_int_equal(u.count, 4);
	assert_int_equal(unsettled_take(&u, &back, any, NULL), SIZE_MAX);
	assert_int_equal(unsettled_take(&u, &five, not_before, &third), 3);
	assert_int_equal(unsettled_take(&u, &five, any, NULL), 0);
	assert_int_equal(unsettled_take(&u, &five, any, NULL), 4);
	assert_int_equal(unsettled_take(&u, &five, any, NULL), SIZE_MAX);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_each_once_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
