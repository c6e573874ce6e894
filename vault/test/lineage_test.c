/* SPDX-License-Identifier: Apache-2.0 */
/* lineage_test.c - what notary changes and contract upgrades make is judged
 * like what they replace. */
#include "vault/lineage.h"

#include "base/cleanup.h"
#include "corda/transaction.h"
#include "test/support/facts.h"
#include "test/support/test.h"

/* ---- chains ---- */

static void add(struct lineage *l, uint8_t tx, uint8_t input, uint32_t change,
		uint32_t upgrades)
{
	struct heir h = { .change = change, .upgrades = upgrades };

	h.tx[0] = tx;
	h.root[0] = input;
	h.index = h.root_index = 7;
	lineage_add(l, &h);
}

static const struct heir *find(const struct lineage *l, uint8_t root,
			       uint8_t tx)
{
	const uint8_t id[FACT_ID] = { root };
	size_t count;
	const struct heir *h = lineage_of(l, id, 7, &count);

	for (size_t i = 0; i < count; i++)
		if (h[i].tx[0] == tx)
			return &h[i];
	return NULL;
}

static void a_chain_ends_at_its_root(void **state)
{
	cleanup(lineage_freep) struct lineage *l = lineage_new();
	struct error err = { 0 };

	(void)state;
	for (int copy = 0; copy < 2; copy++) {
		add(l, 4, 2, 0x100, 1);
		add(l, 2, 9, 0x001, 0);
		add(l, 3, 4, 0x010, 0);
		add(l, 6, 5, 0x111, 0);
	}
	assert_ok(lineage_resolve(l, &err), err);
	assert_null(find(l, 4, 3));
	assert_int_equal(find(l, 9, 2)->change, 0x001);
	assert_int_equal(find(l, 9, 2)->upgrades, 0);
	assert_int_equal(find(l, 9, 4)->change, 0x101);
	assert_int_equal(find(l, 9, 4)->upgrades, 1);
	assert_int_equal(find(l, 9, 3)->change, 0x111);
	assert_int_equal(find(l, 9, 3)->upgrades, 1);
	assert_int_equal(find(l, 5, 6)->upgrades, 0);
}

static void a_row_has_the_new_notary(void **state)
{
	uint32_t change = check_notary_hash("A") ^ check_notary_hash("B");

	(void)state;
	assert_int_equal(check_row_hash("c", "A", 1, NULL, 0) ^ change,
			 check_row_hash("c", "B", 1, NULL, 0));
	assert_int_not_equal(check_row_hash("c", "A", 1, NULL, 0),
			     check_row_hash("c", "B", 1, NULL, 0));
	assert_int_not_equal(check_row_hash("c", "A", 1, NULL, 0),
			     check_row_hash("c", "A", 3, NULL, 0));
}

/* ---- what is found ---- */

/*
 * The bank issues 100 under notary A, moves the state to notary B and spends
 * it there. Transactions have ids 1, 2, 3.
 */
enum { AMOUNT = 100, ISSUE = 1, MOVE, SPEND };

static void stored(struct facts *s, uint8_t tx, enum tx_kind kind,
		   uint8_t flags, unsigned notary)
{
	facts_add(s->check.transactions, tx,
		  (struct fact){ .type = FACT_STORED,
				 .flags = flags,
				 .node = FACTS_BANK,
				 .index = kind,
				 .extra = notary });
	if (!(flags & STORED_NEEDS_NOTARY))
		return;
	facts_add(s->check.transactions, tx,
		  (struct fact){ .type = FACT_COMMITTED_TX,
				 .node = (uint16_t)notary });
	facts_add(s->check.states, tx - 1,
		  (struct fact){ .type = FACT_SPENT,
				 .node = FACTS_BANK,
				 .other = { tx },
				 .extra = notary });
	facts_add(s->check.states, tx - 1,
		  (struct fact){ .type = FACT_COMMITTED,
				 .node = (uint16_t)notary,
				 .other = { tx } });
}

static void output(struct facts *s, uint8_t tx, const char *notary,
		   int64_t amount)
{
	facts_add(s->check.keys, 0,
		  (struct fact){ .type = FACT_OUTPUT,
				 .node = NODE_NONE,
				 .flags = OUTPUT_CASH,
				 .other = { tx },
				 .amount = amount,
				 .extra = check_row_hash("cash", notary, 1,
							 NULL, 0) });
}

static void row(struct facts *s, uint8_t tx, const char *class,
		const char *notary, bool consumed)
{
	facts_add(s->check.states, tx,
		  (struct fact){
			  .type = FACT_VAULT_ROW,
			  .node = FACTS_BANK,
			  .flags = consumed ? ROW_CONSUMED | ROW_CONSUMED_TIME
					    : 0,
			  .extra = check_row_hash(class, notary, 1, NULL, 0) });
}

static void cash_row(struct facts *s, uint8_t tx, int64_t amount)
{
	facts_add(s->check.states, tx,
		  (struct fact){ .type = FACT_CASH_ROW,
				 .node = FACTS_BANK,
				 .amount = amount });
	facts_add(s->check.states, tx,
		  (struct fact){ .type = FACT_FUNGIBLE_ROW,
				 .node = FACTS_BANK,
				 .extra =
					 assets_at(&s->check.assets, 0)->issuer,
				 .amount = amount });
}

/* All of it but the rows of what `kind` made. */
static void move(struct facts *s, enum tx_kind kind)
{
	struct heir heir = { .tx = { MOVE }, .root = { ISSUE } };

	assert_int_equal(facts_asset(s, "USD", "bank"), 0);
	facts_add(s->check.keys, 0,
		  (struct fact){ .type = FACT_KEY_OWNER, .node = FACTS_BANK });
	stored(s, ISSUE, TX_WIRE, STORED_ISSUE, FACTS_A);
	output(s, ISSUE, "A", AMOUNT);
	row(s, ISSUE, "cash", "A", true);
	cash_row(s, ISSUE, AMOUNT);
	stored(s, MOVE, kind, STORED_NEEDS_NOTARY, FACTS_A);
	facts_add(s->check.states, MOVE,
		  (struct fact){ .type = FACT_INHERITED });
	if (kind == TX_NOTARY_CHANGE)
		heir.change = check_notary_hash("A") ^ check_notary_hash("B");
	else
		heir.upgrades = 1;
	lineage_add(s->check.lineage, &heir);
}

static void spend(struct facts *s, int64_t amount)
{
	stored(s, SPEND, TX_WIRE, STORED_NEEDS_NOTARY, FACTS_B);
	output(s, SPEND, "B", amount);
	row(s, SPEND, "cash", "B", false);
	cash_row(s, SPEND, amount);
}

static void a_moved_state_is_in_order(void **state)
{
	struct facts *s = *state;

	move(s, TX_NOTARY_CHANGE);
	row(s, MOVE, "cash", "B", false);
	cash_row(s, MOVE, AMOUNT);
	facts_judge(s);
	assert_int_equal(s->count, 0);
	assert_int_equal(s->check.assets.list[0].held, AMOUNT);
	assert_int_equal(s->check.assets.list[0].explained, 0);
}

static void a_moved_and_spent_state_is_in_order(void **state)
{
	struct facts *s = *state;

	move(s, TX_NOTARY_CHANGE);
	row(s, MOVE, "cash", "B", true);
	cash_row(s, MOVE, AMOUNT);
	spend(s, AMOUNT);
	facts_judge(s);
	assert_int_equal(s->count, 0);
}

static void a_moved_state_has_no_row(void **state)
{
	move(*state, TX_NOTARY_CHANGE);
	facts_find(*state, FINDING_ROW_MISMATCH, MOVE,
		   "has no row of output 0");
}

static void a_moved_state_has_another_amount(void **state)
{
	move(*state, TX_NOTARY_CHANGE);
	row(*state, MOVE, "cash", "B", false);
	cash_row(*state, MOVE, AMOUNT + 1);
	facts_find(*state, FINDING_ROW_MISMATCH, MOVE, "another value");
}

static void a_moved_state_has_the_old_notary(void **state)
{
	move(*state, TX_NOTARY_CHANGE);
	row(*state, MOVE, "cash", "A", false);
	cash_row(*state, MOVE, AMOUNT);
	facts_find(*state, FINDING_ROW_MISMATCH, MOVE, "another value");
}

static void more_is_spent_than_was_moved(void **state)
{
	move(*state, TX_NOTARY_CHANGE);
	row(*state, MOVE, "cash", "B", true);
	cash_row(*state, MOVE, AMOUNT);
	spend(*state, AMOUNT + 1);
	facts_find(*state, FINDING_FORGED, SPEND,
		   "outputs of the transaction are worth more");
}

static void less_is_spent_than_was_moved(void **state)
{
	move(*state, TX_NOTARY_CHANGE);
	row(*state, MOVE, "cash", "B", true);
	cash_row(*state, MOVE, AMOUNT);
	spend(*state, AMOUNT - 1);
	facts_find(*state, FINDING_LOST, SPEND,
		   "outputs of the transaction are worth less");
}

/* Its class is the new contract's, which need not have the tables of cash. */
static void an_upgraded_state_is_in_order(void **state)
{
	struct facts *s = *state;

	move(s, TX_CONTRACT_UPGRADE);
	row(s, MOVE, "other", "A", false);
	facts_judge(s);
	assert_int_equal(s->count, 0);
	assert_int_equal(s->check.assets.list[0].held, AMOUNT);
}

static void an_upgraded_state_has_no_row(void **state)
{
	move(*state, TX_CONTRACT_UPGRADE);
	facts_find(*state, FINDING_ROW_MISMATCH, MOVE,
		   "has no row of output 0");
}

#define FOUND(fn) cmocka_unit_test_setup_teardown(fn, facts_begin, facts_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_chain_ends_at_its_root),
		cmocka_unit_test(a_row_has_the_new_notary),
		FOUND(a_moved_state_is_in_order),
		FOUND(a_moved_and_spent_state_is_in_order),
		FOUND(a_moved_state_has_no_row),
		FOUND(a_moved_state_has_another_amount),
		FOUND(a_moved_state_has_the_old_notary),
		FOUND(more_is_spent_than_was_moved),
		FOUND(less_is_spent_than_was_moved),
		FOUND(an_upgraded_state_is_in_order),
		FOUND(an_upgraded_state_has_no_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
