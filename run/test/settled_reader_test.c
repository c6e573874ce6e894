/* SPDX-License-Identifier: Apache-2.0 */
/* settled_reader_test.c - each operation comes with its settlement, in whatever
 * order these stand; files that contradict each other say where.
 */
#include "run/settled_reader.h"

#include "base/cleanup.h"
#include "test/support/scratch.h"

enum { TEXT = 16 * 1024 };

/* The history has the operations 1, 2 …, each with the transaction "T<id>". */
static void write_history(struct scratch *at, const uint64_t *ids, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char tx[32];
		const struct operation op = {
			.id = ids[i],
			.kind = OP_PAY,
			.payer = "a",
			.payee = "b",
			.currency = "USD",
			.outcome = ids[i] % 2 ? OUTCOME_OK : OUTCOME_UNKNOWN,
			.tx = ids[i] % 2 ? tx : NULL
		};

		snprintf(tx, sizeof(tx), "T%d", (int)ids[i]);
		assert_ok(history_append(at->dir, &op, &at->err), at->err);
	}
}

static void settle(struct scratch *at, uint64_t op, const char *tx)
{
	const struct settlement s = { .op = op,
				      .tx = tx,
				      .payee_has = op % 3 == 0 };

	assert_ok(settlement_append(at->dir, &s, &at->err), at->err);
}

/* With the transaction of the history, or one that the check found. */
static void write_settlements(struct scratch *at, const uint64_t *ids,
			      size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char tx[32];

		snprintf(tx, sizeof(tx), "T%d", (int)ids[i]);
		settle(at, ids[i], tx);
	}
}

/* "1+ 2+ 3-": what comes, and whether with a settlement. */
static void read_all(struct scratch *at, char *ret, const char *doubt)
{
	cleanup(settled_reader_freep) struct settled_reader *r = NULL;
	const struct settlement *s;
	struct operation op;
	size_t len = 0;
	int rc;

	assert_ok(settled_reader_open(at->dir, &r, &at->err), at->err);
	while ((rc = settled_read(r, &op, &s, &at->err)) > 0) {
		len += (size_t)snprintf(ret + len, TEXT - len, "%s%d%s",
					len ? " " : "", (int)op.id,
					s ? "+" : "-");
		assert_true(!s || s->op == op.id);
		assert_true(!s || s->payee_has == (op.id % 3 == 0));
	}
	assert_ok(rc, at->err);
	if (!doubt)
		assert_null(settled_doubt(r));
	else if (!settled_doubt(r) || strcmp(settled_doubt(r), doubt))
		fail_msg("\"%s\" is not \"%s\"",
			 settled_doubt(r) ? settled_doubt(r) : "", doubt);
}

static void each_comes_with_its_settlement(void **state)
{
	static const uint64_t ids[] = { 1, 2, 5, 4, 3 };
	struct scratch *at = *state;
	char text[TEXT] = "";

	read_all(at, text, NULL);
	assert_string_equal(text, "");
	write_history(at, ids, 5);
	read_all(at, text, NULL);
	assert_string_equal(text, "1- 2- 5- 4- 3-");
	write_settlements(at, ids, 3);
	read_all(at, text, NULL);
	assert_string_equal(text, "1+ 2+ 5+ 4- 3-");
}

static void settlements_in_another_order_are_found(void **state)
{
	static const uint64_t ids[] = { 1, 2, 5, 4, 3, 6 };
	static const uint64_t others[] = { 1, 3, 4, 2, 5 };
	struct scratch *at = *state;
	char text[TEXT];

	write_history(at, ids, 6);
	write_settlements(at, others, 5);
	read_all(at, text, NULL);
	assert_string_equal(text, "1+ 2+ 5+ 4+ 3+ 6-");
}

static void an_operation_twice_is_doubted(void **state)
{
	static const uint64_t ids[] = { 1, 2, 1 }, settled[] = { 1, 2 };
	struct scratch *at = *state;
	char text[TEXT];

	write_history(at, ids, 3);
	write_settlements(at, settled, 2);
	read_all(at, text, "history.jsonl:3: a second operation with the id 1");
}

static void a_settlement_twice_is_doubted(void **state)
{
	static const uint64_t ids[] = { 1, 2, 3 };
	static const uint64_t settled[] = { 1, 2, 2, 3 };
	struct scratch *at = *state;
	char text[TEXT];

	write_history(at, ids, 3);
	write_settlements(at, settled, 4);
	read_all(at, text,
		 "settlements.jsonl:3: operation 2 is settled a second time");
	assert_string_equal(text, "1+ 2+ 3+");
}

/* Behind all operations, too. */
static void a_settlement_at_the_end_twice_is_doubted(void **state)
{
	static const uint64_t ids[] = { 1, 2 }, settled[] = { 1, 2, 1 };
	struct scratch *at = *state;
	char text[TEXT];

	write_history(at, ids, 2);
	write_settlements(at, settled, 3);
	read_all(at, text,
		 "settlements.jsonl:3: operation 1 is settled a second time");
}

static void a_settlement_without_operation_is_doubted(void **state)
{
	static const uint64_t ids[] = { 1, 3 }, settled[] = { 1, 2, 3 };
	struct scratch *at = *state;
	char text[TEXT];

	write_history(at, ids, 2);
	write_settlements(at, settled, 3);
	read_all(at, text,
		 "settlements.jsonl:2: operation 2 is not in history.jsonl");
	assert_string_equal(text, "1+ 3+");
	write_settlements(at, (const uint64_t[]){ 7 }, 1);
	read_all(at, text,
		 "settlements.jsonl:2: operation 2 is not in history.jsonl");
}

static void another_transaction_is_doubted(void **state)
{
	static const uint64_t ids[] = { 1, 2, 3 };
	struct scratch *at = *state;
	char text[TEXT];

	write_history(at, ids, 3);
	settle(at, 1, "T1");
	settle(at, 2, "found by the check");
	read_all(at, text, NULL);
	settle(at, 3, "T4");
	read_all(at, text,
		 "settlements.jsonl:3: operation 3 has another transaction "
		 "than in history.jsonl");
}

static void no_transaction_is_another_one(void **state)
{
	struct scratch *at = *state;
	char text[TEXT];

	write_history(at, (const uint64_t[]){ 1 }, 1);
	settle(at, 1, NULL);
	read_all(at, text,
		 "settlements.jsonl:1: operation 1 has another transaction "
		 "than in history.jsonl");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(each_comes_with_its_settlement),
		SCRATCH_TEST(settlements_in_another_order_are_found),
		SCRATCH_TEST(an_operation_twice_is_doubted),
		SCRATCH_TEST(a_settlement_twice_is_doubted),
		SCRATCH_TEST(a_settlement_at_the_end_twice_is_doubted),
		SCRATCH_TEST(a_settlement_without_operation_is_doubted),
		SCRATCH_TEST(another_transaction_is_doubted),
		SCRATCH_TEST(no_transaction_is_another_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
