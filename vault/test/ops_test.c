/* SPDX-License-Identifier: Apache-2.0 */
/* ops_test.c - what the check keeps of operations, whatever their number. */
#include "vault/ops.h"

#include "run/history.h"
#include "test/support/scratch.h"

static struct network_node nodes[] = { { .name = "bank-4.1" },
				       { .name = "bank-4.9" } };
static const struct network net = { .nodes = nodes, .node_count = 2 };

/* More than one block of the file. */
enum { OPS = 5000 };

static struct operation nth(int i, char tx[80])
{
	snprintf(tx, 80, "%016X%048X", i * 7919, i);
	return (struct operation){
		.id = (uint64_t)i + 1,
		.kind = i % 10 ? OP_PAY : OP_ISSUE,
		.payer = "bank-4.1",
		.payee = i % 3 ? "bank-4.9" : "bank-unknown",
		.notary = NULL,
		.amount = i,
		.currency = i % 2 ? "USD" : "CHF",
		.sent_us = 1000,
		.done_us = 1000 + i,
		.outcome = i % 4 == 1 ? OUTCOME_FAIL : OUTCOME_OK,
		.flow = i % 5 ? "flow" : NULL,
		.tx = i % 2    ? tx
		      : i % 16 ? "odd"
			       : NULL,
	};
}

static struct ops *read_all(struct scratch *at)
{
	struct history_writer *w;
	struct ops *o;
	char tx[80];

	assert_ok(history_open(at->dir, 0, &w, &at->err), at->err);
	for (int i = 0; i < OPS; i++) {
		struct operation op = nth(i, tx);

		assert_ok(history_write(w, &op, &at->err), at->err);
	}
	assert_ok(history_close(w, &at->err), at->err);
	assert_ok(ops_read(at->dir, &net, &o, &at->err), at->err);
	assert_int_equal(ops_count(o), OPS);
	return o;
}

static void keeps_what_the_check_needs(void **state)
{
	cleanup(ops_freep) struct ops *o = read_all(*state);
	size_t failed = 0;
	char tx[80];

	for (int i = 0; i < OPS; i++) {
		const struct op_record op = ops_get(o, (size_t)i);
		const struct operation want = nth(i, tx);

		assert_true(op.id == want.id && op.amount == want.amount);
		assert_int_equal(op.kind, want.kind);
		assert_int_equal(op.payer, 0);
		assert_int_equal(op.payee, i % 3 ? 1 : NODE_NONE);
		assert_int_equal(op.notary, NODE_NONE);
		assert_string_equal(ops_currency(o, &op), want.currency);
		assert_int_equal(!!(op.flags & OP_TX_NAMED), i % 2);
		assert_int_equal(!!(op.flags & OP_FLOW), i % 5 != 0);
		failed += op.payee == 1 && op.outcome == OUTCOME_FAIL &&
			  op.kind == OP_PAY;
	}
	assert_int_equal(ops_failed_to(o, 1), failed);
	assert_int_equal(ops_slowest_us(o), OPS - 1);
	/* Each 16th names no transaction, and none of these failed. */
	assert_int_equal(ops_unsettled(o)->count, (OPS + 15) / 16);
	assert_int_equal(ops_check(o, NULL), 0);
}

static void finds_who_names_a_transaction(void **state)
{
	cleanup(ops_freep) struct ops *o = read_all(*state);

	for (size_t i = 1; i < 200; i += 2) {
		struct op_record op = ops_get(o, i);

		assert_true(ops_name(o, op.tx));
		op.tx[31] ^= 1;
		assert_false(ops_name(o, op.tx));
		op.tx[0] ^= 1;
		assert_false(ops_name(o, op.tx));
	}
}

static void a_changed_record_stays(void **state)
{
	struct scratch *at = *state;
	cleanup(ops_freep) struct ops *o = read_all(at);
	struct op_record op = ops_get(o, 1024);

	op.flags |= OP_PAYEE_HAS;
	ops_put(o, 1024, &op);
	assert_true(ops_get(o, 1024).flags & OP_PAYEE_HAS);
	assert_false(ops_get(o, 1023).flags & OP_PAYEE_HAS);
	assert_false(ops_get(o, 1025).flags & OP_PAYEE_HAS);
	/* There is no such record. */
	assert_int_equal(ops_get(o, OPS).payer, NODE_NONE);
	assert_error(ops_check(o, &at->err), at->err, "reading the file of");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(keeps_what_the_check_needs),
		SCRATCH_TEST(finds_who_names_a_transaction),
		SCRATCH_TEST(a_changed_record_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
