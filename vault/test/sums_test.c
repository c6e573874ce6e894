/* SPDX-License-Identifier: Apache-2.0 */
/* sums_test.c - sums of money over all vaults, and over one transaction. */
#include "base/cleanup.h"
#include "corda/transaction.h"
#include "test/support/facts.h"
#include "test/support/test.h"

/* ---- over all vaults ---- */

static struct asset *asset(void **state, const char *currency)
{
	struct facts *s = *state;
	int32_t at = facts_asset(s, currency, "O=Bank");

	return assets_at(&s->check.assets, at);
}

static void too_little_is_said_in_money(void **state)
{
	struct asset *a = asset(state, "USD");

	a->issued = 1000000;
	a->exited = 887;
	a->held = 998613;
	facts_find(
		*state, FINDING_UNBALANCED, 0,
		"USD of O=Bank, ref 00: the vaults hold 9986.13 USD, expected"
		" 9991.13 USD (issued 10000.00 USD, exited 8.87 USD):"
		" 5.00 USD too little");
}

static void too_much_is_said_in_money(void **state)
{
	struct asset *a = asset(state, "USD");

	a->held = 105;
	facts_find(*state, FINDING_UNBALANCED, 0,
		   "vaults hold 1.05 USD, expected 0.00 USD (issued 0.00 USD,"
		   " exited 0.00 USD): 1.05 USD too much");
}

static void what_other_findings_tell_is_expected(void **state)
{
	struct asset *a = asset(state, "JPY");

	a->issued = 500;
	a->explained = -20;
	a->held = 470;
	facts_find(*state, FINDING_UNBALANCED, 0,
		   "vaults hold 470 JPY, expected 480 JPY (issued 500 JPY,"
		   " exited 0 JPY, explained by other findings -20 JPY): 10 "
		   "JPY too"
		   " little");
}

static void a_sum_may_be_wider_than_its_amounts(void **state)
{
	struct facts *s = *state;
	struct asset *a = asset(state, "USD");

	a->issued = (MONEY_SUM)INT64_MAX + INT64_MAX;
	a->held = INT64_MAX;
	facts_find(s, FINDING_UNBALANCED, 0,
		   "issued 184467440737095516.14 USD, exited 0.00 USD):"
		   " 92233720368547758.07 USD too little");
	assert_int_equal(js_int(s->found[0].evidence, "held", 0), INT64_MAX);
	assert_string_equal(js_str(s->found[0].evidence, "issued"),
			    "18446744073709551614");
}

/* ---- kinds of money ---- */

static void an_asset_without_room_fails_the_check(void **state)
{
	static const uint8_t ref[4096];
	struct facts *s = *state;
	struct error err = { 0 };

	assert_ok(assets_check(&s->check.assets, &err), err);
	assert_int_equal(assets_find(&s->check.assets, "USD", "DLx", ref,
				     sizeof(ref), NULL),
			 ASSET_NONE);
	assert_int_equal(assets_check(&s->check.assets, &err), -1);
}

/* ---- over one transaction ---- */

enum { TX = 1, KINDS = 20, AMOUNT = 100 };

static void holder(struct facts *s, int kind, uint8_t flags, int64_t amount)
{
	char issuer[16];

	snprintf(issuer, sizeof(issuer), "O=B%d", kind);
	facts_add(s->check.transactions, TX,
		  (struct fact){ .type = FACT_HOLDER,
				 .flags = HOLDER_CASH | flags,
				 .node = FACTS_BANK,
				 .index = (uint32_t)kind,
				 .amount = amount,
				 .asset = facts_asset(s, "USD", issuer) });
}

/* 20 kinds of money move; of the last one so much comes out. */
static void move(struct facts *s, int64_t last)
{
	facts_add(s->check.transactions, TX,
		  (struct fact){ .type = FACT_STORED,
				 .node = FACTS_BANK,
				 .index = TX_WIRE,
				 .extra = FACTS_A });
	for (int i = 0; i < KINDS; i++) {
		holder(s, i, 0, AMOUNT);
		holder(s, i, HOLDER_OUTPUT, i == KINDS - 1 ? last : AMOUNT);
	}
}

static void many_kinds_are_in_order(void **state)
{
	struct facts *s = *state;

	move(s, AMOUNT);
	facts_judge(s);
	assert_int_equal(s->count, 0);
	for (size_t i = 0; i < s->check.assets.count; i++)
		assert_true(s->check.assets.list[i].explained == 0);
}

static void one_of_many_kinds_is_forged(void **state)
{
	struct facts *s = *state;

	move(s, AMOUNT + 1);
	for (size_t i = 0; i < s->check.assets.count; i++)
		s->check.assets.list[i].held = i == KINDS - 1;
	facts_find(s, FINDING_FORGED, TX,
		   "outputs of the transaction are worth more");
}

static void large_amounts_do_not_overflow(void **state)
{
	struct facts *s = *state;

	move(s, INT64_MAX);
	holder(s, KINDS - 1, HOLDER_OUTPUT, INT64_MAX);
	for (size_t i = 0; i < s->check.assets.count; i++)
		if (i == KINDS - 1)
			s->check.assets.list[i].held =
				2 * (MONEY_SUM)INT64_MAX - AMOUNT;
	facts_find(s, FINDING_FORGED, TX,
		   "outputs of the transaction are worth more");
}

/* ---- more troubles than there is room for ---- */

static void the_weightiest_trouble_is_kept(void **state)
{
	struct facts *s = *state;

	facts_add(s->check.transactions, TX,
		  (struct fact){ .type = FACT_STORED,
				 .node = FACTS_BANK,
				 .index = TX_WIRE,
				 .extra = FACTS_A });
	for (uint32_t i = 0; i < 100; i++)
		facts_add(s->check.transactions, TX,
			  (struct fact){ .type = FACT_PROBLEM,
					 .node = FACTS_BANK,
					 .index = i,
					 .extra = PROBLEM_NO_ROW });
	facts_add(s->check.transactions, TX,
		  (struct fact){ .type = FACT_PROBLEM,
				 .node = FACTS_BANK,
				 .index = 100,
				 .extra = PROBLEM_DOUBLED });
	facts_find(s, FINDING_DOUBLED, TX, "another transaction also spends");
}

#define FOUND(fn) cmocka_unit_test_setup_teardown(fn, facts_begin, facts_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FOUND(too_little_is_said_in_money),
		FOUND(too_much_is_said_in_money),
		FOUND(what_other_findings_tell_is_expected),
		FOUND(a_sum_may_be_wider_than_its_amounts),
		FOUND(an_asset_without_room_fails_the_check),
		FOUND(many_kinds_are_in_order),
		FOUND(one_of_many_kinds_is_forged),
		FOUND(large_amounts_do_not_overflow),
		FOUND(the_weightiest_trouble_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
