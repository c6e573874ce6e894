/* SPDX-License-Identifier: Apache-2.0 */
/* cash_sums_test.c - what nodes answered that their vaults hold. */
#include "corda/cash_sums.h"

#include "base/cleanup.h"
#include "corda/call.h"
#include "test/support/test.h"

enum { ROOM = 16 * 1024 * 1024, PARTS = 6 };

static const struct {
	const char *version;
	int64_t usd; /* as manifest.json has it */
} answers[] = {
	{ "4.0", 1959900 },
	{ "4.5", 1660500 },
	{ "4.8", 599500 },
	{ "4.10", 1860500 },
};

static void asks_as_the_client_of_each_release_does(void **state)
{
	char path[PATH_ROOM];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(answers); i++) {
		struct buf ours = BUF_INIT(1 << 16);
		struct buf captured = test_vector(path_printf(
			path, "rpc/%s/vaultQueryBy-sumByCurrency.request.bin",
			answers[i].version));

		call_cash_sums(&ours);
		assert_false(ours.failed);
		assert_int_equal(ours.len, captured.len);
		assert_memory_equal(ours.data, captured.data, ours.len);
		buf_release(&ours);
		buf_release(&captured);
	}
}

static void reads_the_answer_of_each_release(void **state)
{
	char path[PATH_ROOM];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(answers); i++) {
		struct buf body = test_vector(path_printf(
			path, "rpc/%s/vaultQueryBy-sumByCurrency.reply.bin",
			answers[i].version));
		struct arena a = ARENA_INIT(ROOM);
		struct call_reply reply;
		struct error err = { 0 };
		struct cash_sum *sums;
		size_t count;

		assert_ok(call_reply_read(body.data, body.len, &a, &reply,
					  &err),
			  err);
		assert_ok(cash_sums_read(reply.value, &a, &sums, &count, &err),
			  err);
		assert_int_equal(count, 1);
		assert_string_equal(sums[0].currency, "USD");
		assert_int_equal(sums[0].amount, answers[i].usd);
		arena_release(&a);
		buf_release(&body);
	}
}

/* ---- answers of other forms, made by hand ---- */

#define TEXT(text)                                                             \
	{ .type = AMQP_STRING,                                                 \
	  .bytes = (const uint8_t *)(text),                                    \
	  .len = sizeof(text) - 1 }
#define SUM(n) { .type = AMQP_INT, .integer = (n) }

struct made {
	const char *class_name;
	enum amqp_type type; /* of the list of sums */
	struct amqp_value parts[PARTS];
	size_t count;
};

#define PAGE "net.corda.core.node.services.Vault$Page"

static int read_made(const struct made *m, struct arena *a,
		     struct cash_sum **ret, size_t *ret_count,
		     struct error *err)
{
	struct amqp_field field = { .name = "otherResults", .name_len = 12 };
	const struct amqp_class page = { .kind = AMQP_COMPOSITE,
					 .name = m->class_name,
					 .name_len = strlen(m->class_name),
					 .field_count = 1,
					 .fields = &field };
	const struct amqp_value *parts[PARTS], *fields[1];
	const struct amqp_value list = { .type = m->type,
					 .items = parts,
					 .count = m->count };
	const struct amqp_value v = {
		.type = AMQP_OBJECT, .items = fields, .count = 1, .cls = &page
	};

	for (size_t i = 0; i < m->count; i++)
		parts[i] = &m->parts[i];
	fields[0] = &list;
	return cash_sums_read(&v, a, ret, ret_count, err);
}

static void reads_several_currencies_or_none(void **state)
{
	static const struct made two = { PAGE,
					 AMQP_LIST,
					 { SUM(5), TEXT("USD"), SUM(-7),
					   TEXT("JPY") },
					 4 };
	static const struct made none = { PAGE, AMQP_LIST, { SUM(0) }, 0 };
	struct arena a = ARENA_INIT(ROOM);
	struct error err = { 0 };
	struct cash_sum *sums;
	size_t count;

	(void)state;
	assert_ok(read_made(&two, &a, &sums, &count, &err), err);
	assert_int_equal(count, 2);
	assert_string_equal(sums[1].currency, "JPY");
	assert_int_equal(sums[1].amount, -7);
	assert_ok(read_made(&none, &a, &sums, &count, &err), err);
	assert_int_equal(count, 0);
	arena_release(&a);
}

static void refuses_other_forms(void **state)
{
	static const struct made bad[] = {
		{ "net.corda.core.node.NodeInfo", AMQP_LIST, { SUM(0) }, 0 },
		{ PAGE, AMQP_NULL, { SUM(0) }, 0 },
		{ PAGE, AMQP_LIST, { SUM(5) }, 1 },
		{ PAGE, AMQP_LIST, { SUM(5), SUM(6) }, 2 },
		{ PAGE, AMQP_LIST, { TEXT("USD"), SUM(5) }, 2 },
		{ PAGE, AMQP_LIST, { SUM(5), TEXT("") }, 2 },
		{ PAGE, AMQP_LIST, { SUM(5), TEXT("sixteen letters!") }, 2 },
		{ PAGE,
		  AMQP_LIST,
		  { SUM(5), TEXT("USD"), SUM(6), TEXT("USD") },
		  4 },
	};
	struct arena a = ARENA_INIT(ROOM);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct error err = { 0 };
		struct cash_sum *sums;
		size_t count;

		assert_error(read_made(&bad[i], &a, &sums, &count, &err), err,
			     "an unknown form");
	}
	assert_int_equal(cash_sums_read(NULL, &a, &(struct cash_sum *){ 0 },
					&(size_t){ 0 }, NULL),
			 -1);
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(asks_as_the_client_of_each_release_does),
		cmocka_unit_test(reads_the_answer_of_each_release),
		cmocka_unit_test(reads_several_currencies_or_none),
		cmocka_unit_test(refuses_other_forms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
