/* SPDX-License-Identifier: Apache-2.0 */
/* cash_test.c - issues and payments as captured clients asked for them. */
#include "corda/cash.h"

#include "base/cleanup.h"
#include "test/support/test.h"

enum { ROOM = 16 * 1024 * 1024 };

static const char *const versions[] = { "4.0", "4.5", "4.8", "4.10" };

/* A captured request, taken apart: what we are to write again. */
struct captured {
	struct buf bytes;
	struct arena arena;
	const struct amqp_value *root;
	const struct amqp_value *arguments; /* of the flow */
};

static void capture(struct captured *c, const char *fmt, const char *version)
{
	struct error err = { 0 };
	char path[PATH_ROOM];

	c->bytes = test_vector(path_printf(path, fmt, version));
	arena_init(&c->arena, ROOM);
	assert_ok(amqp_read(c->bytes.data, c->bytes.len, &c->arena, &c->root,
			    &err),
		  err);
	c->arguments = amqp_at(c->root, 1);
}

static struct party party_at(struct captured *c, size_t index)
{
	struct error err = { 0 };
	struct party p;

	assert_ok(party_read(amqp_at(c->arguments, index), &c->arena, &p, &err),
		  err);
	return p;
}

static struct cash_amount amount_of(struct captured *c)
{
	const struct amqp_value *v = amqp_at(c->arguments, 0);
	struct cash_amount amount = { amqp_int(amqp_get(v, "quantity"), 0),
				      NULL };
	struct error err = { 0 };

	assert_ok(amqp_text(amqp_bare(amqp_get(v, "token")), &c->arena,
			    &amount.currency, &err),
		  err);
	return amount;
}

static void assert_captured(struct captured *c, struct buf *ours)
{
	assert_false(ours->failed);
	assert_int_equal(ours->len, c->bytes.len);
	assert_memory_equal(ours->data, c->bytes.data, ours->len);
	buf_release(ours);
	buf_release(&c->bytes);
	arena_release(&c->arena);
}

static void issues_as_others_do(void **state)
{
	(void)state;
	for (size_t v = 0; v < 4; v++) {
		struct buf ours = BUF_INIT(1 << 16);
		struct captured c;
		struct cash_amount amount;
		struct party notary;

		capture(&c, "rpc/%s/issue.request.bin", versions[v]);
		amount = amount_of(&c);
		notary = party_at(&c, 2);
		call_cash_issue(&ours, &amount, &notary);
		assert_captured(&c, &ours);
	}
}

static void pays_as_others_do(void **state)
{
	static const char *const files[] = {
		"workloads/%s.pay-self.request.bin",
		"workloads/%s.pay-anonymous-notary.request.bin"
	};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct buf ours = BUF_INIT(1 << 16);
		struct captured c;
		struct cash_amount amount;
		struct party payee, notary;
		bool anonymous;

		capture(&c, files[i / 2], versions[i % 2 * 3]);
		amount = amount_of(&c);
		payee = party_at(&c, 1);
		notary = party_at(&c, 3);
		anonymous = amqp_at(c.arguments, 2)->boolean;
		call_cash_pay(&ours, &amount, &payee, anonymous, &notary);
		assert_captured(&c, &ours);
	}
}

static void asks_for_parties_as_others_do(void **state)
{
	(void)state;
	for (size_t v = 0; v < 4; v++) {
		struct buf ours = BUF_INIT(1 << 16);
		struct captured c;
		struct x500_name name;
		struct error err = { 0 };

		capture(&c, "rpc/%s/wellKnownPartyFromX500Name.request.bin",
			versions[v]);
		assert_ok(x500_name_from_amqp(amqp_at(c.root, 0), &c.arena,
					      &name, &err),
			  err);
		call_party(&ours, &name);
		assert_captured(&c, &ours);
	}
}

static void an_unknown_party_is_said_so(void **state)
{
	struct captured c;
	struct error err = { 0 };
	struct party p;

	(void)state;
	capture(&c, "rpc/%s/wellKnownPartyFromX500Name-unknown.reply.bin",
		"4.8");
	assert_error(party_read(amqp_get(c.root, "value"), &c.arena, &p, &err),
		     err, "knows no party");
	buf_release(&c.bytes);
	arena_release(&c.arena);
}

static void knows_the_decimals_of_currencies(void **state)
{
	static const struct {
		const char *currency, *size;
	} all[] = { { "USD", "\4"
			     "0.01" },
		    { "JPY", "\1"
			     "1" },
		    { "KWD", "\5"
			     "0.001" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		static const uint8_t key[44];
		const struct party notary = {
			.name = { .organisation = "Notary",
				  .locality = "London",
				  .country = "GB" },
			.key = key,
			.key_len = sizeof(key),
		};
		struct cash_amount amount = { 1, all[i].currency };
		struct buf b = BUF_INIT(1 << 16);

		call_cash_issue(&b, &amount, &notary);
		assert_non_null(memmem(b.data, b.len, all[i].size,
				       strlen(all[i].size)));
		buf_release(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(issues_as_others_do),
		cmocka_unit_test(pays_as_others_do),
		cmocka_unit_test(asks_for_parties_as_others_do),
		cmocka_unit_test(an_unknown_party_is_said_so),
		cmocka_unit_test(knows_the_decimals_of_currencies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
