/* SPDX-License-Identifier: Apache-2.0 */
/* lineage_test.c - what notary changes and contract upgrades make is judged
 * like what they replace. */
#include "vault/lineage.h"

#include <unistd.h>

#include "base/cleanup.h"
#include "corda/transaction.h"
#include "run/records.h"
#include "sys/file.h"
#include "test/support/test.h"
#include "vault/check.h"

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
	assert_int_equal(check_row_hash("c", "A", 1) ^ change,
			 check_row_hash("c", "B", 1));
	assert_int_not_equal(check_row_hash("c", "A", 1),
			     check_row_hash("c", "B", 1));
	assert_int_not_equal(check_row_hash("c", "A", 1),
			     check_row_hash("c", "A", 3));
}

/* ---- what is found ---- */

/*
 * The bank issues 100 under notary A, moves the state to notary B and spends
 * it there. Transactions have ids 1, 2, 3.
 */
enum { BANK, NOTARY_A, NOTARY_B, AMOUNT = 100, ISSUE = 1, MOVE, SPEND };

static struct release release = { .label = "4.0" };
static struct network_node nodes[] = {
	{ .name = "bank" },
	{ .name = "a", .role = NODE_NOTARY },
	{ .name = "b", .role = NODE_NOTARY },
};

struct story {
	char dir[PATH_ROOM];
	struct check check;
	int64_t ends[ARRAY_SIZE(nodes)], listed[ARRAY_SIZE(nodes)];
	struct arena arena;
	struct finding *found;
	size_t count;
};

static int begin(void **state)
{
	static struct story s;
	struct error err = { 0 };

	s = (struct story){ .arena = ARENA_INIT(1 << 20),
			    .check = {
				    .run_dir = s.dir,
				    .net = { .releases = &release,
					     .release_count = 1,
					     .nodes = nodes,
					     .node_count = ARRAY_SIZE(nodes) },
				    .arena = ARENA_INIT(1 << 20),
				    .log_ends = s.ends,
				    .listed = s.listed,
				    .lineage = lineage_new(),
				    /* There are no databases. */
				    .looked_up = 1000 } };
	*state = &s;
	assert_ok(dir_make_temporary("/tmp/medley-lineage-", s.dir, &err), err);
	assets_init(&s.check.assets);
	assert_int_equal(assets_find(&s.check.assets, "USD", "DLx",
				     (const uint8_t *)"1", 1, "O=Bank"),
			 0);
	assert_ok(spool_open(s.dir, 1, &s.check.keys, &err), err);
	assert_ok(spool_open(s.dir, 1, &s.check.states, &err), err);
	assert_ok(spool_open(s.dir, 1, &s.check.transactions, &err), err);
	return 0;
}

static int end(void **state)
{
	struct story *s = *state;

	for (size_t i = 0; i < s->count; i++)
		js_free(s->found[i].evidence);
	spool_free(s->check.keys);
	spool_free(s->check.states);
	spool_free(s->check.transactions);
	lineage_free(s->check.lineage);
	assets_release(&s->check.assets);
	arena_release(&s->check.arena);
	arena_release(&s->arena);
	return dir_remove(s->dir, NULL);
}

static void fact(struct spool *to, uint8_t key, struct fact f)
{
	f.key[0] = key;
	spool_add(to, &f);
}

static void stored(struct story *s, uint8_t tx, enum tx_kind kind,
		   uint8_t flags, unsigned notary)
{
	fact(s->check.transactions, tx,
	     (struct fact){ .type = FACT_STORED,
			    .flags = flags,
			    .node = BANK,
			    .index = kind,
			    .extra = notary });
	if (!(flags & STORED_NEEDS_NOTARY))
		return;
	fact(s->check.transactions, tx,
	     (struct fact){ .type = FACT_COMMITTED_TX,
			    .node = (uint16_t)notary });
	fact(s->check.states, tx - 1,
	     (struct fact){ .type = FACT_SPENT,
			    .node = BANK,
			    .other = { tx },
			    .extra = notary });
	fact(s->check.states, tx - 1,
	     (struct fact){ .type = FACT_COMMITTED,
			    .node = (uint16_t)notary,
			    .other = { tx } });
}

static void output(struct story *s, uint8_t tx, const char *notary,
		   int64_t amount)
{
	fact(s->check.keys, 0,
	     (struct fact){ .type = FACT_OUTPUT,
			    .node = NODE_NONE,
			    .flags = OUTPUT_CASH,
			    .other = { tx },
			    .amount = amount,
			    .extra = check_row_hash("cash", notary, 1) });
}

static void row(struct story *s, uint8_t tx, const char *class,
		const char *notary, bool consumed)
{
	fact(s->check.states, tx,
	     (struct fact){ .type = FACT_VAULT_ROW,
			    .node = BANK,
			    .flags = consumed ? ROW_CONSUMED | ROW_CONSUMED_TIME
					      : 0,
			    .extra = check_row_hash(class, notary, 1) });
}

static void cash_row(struct story *s, uint8_t tx, int64_t amount)
{
	fact(s->check.states, tx,
	     (struct fact){
		     .type = FACT_CASH_ROW, .node = BANK, .amount = amount });
	fact(s->check.states, tx,
	     (struct fact){ .type = FACT_FUNGIBLE_ROW,
			    .node = BANK,
			    .amount = amount });
}

/* All of it but the rows of what `kind` made. */
static void move(struct story *s, enum tx_kind kind)
{
	struct heir heir = { .tx = { MOVE }, .root = { ISSUE } };

	fact(s->check.keys, 0,
	     (struct fact){ .type = FACT_KEY_OWNER, .node = BANK });
	stored(s, ISSUE, TX_WIRE, STORED_ISSUE, NOTARY_A);
	output(s, ISSUE, "A", AMOUNT);
	row(s, ISSUE, "cash", "A", true);
	cash_row(s, ISSUE, AMOUNT);
	stored(s, MOVE, kind, STORED_NEEDS_NOTARY, NOTARY_A);
	fact(s->check.states, MOVE, (struct fact){ .type = FACT_INHERITED });
	if (kind == TX_NOTARY_CHANGE)
		heir.change = check_notary_hash("A") ^ check_notary_hash("B");
	else
		heir.upgrades = 1;
	lineage_add(s->check.lineage, &heir);
}

static void spend(struct story *s, int64_t amount)
{
	stored(s, SPEND, TX_WIRE, STORED_NEEDS_NOTARY, NOTARY_B);
	output(s, SPEND, "B", amount);
	row(s, SPEND, "cash", "B", false);
	cash_row(s, SPEND, amount);
}

static void judge(struct story *s)
{
	struct error err = { 0 };

	assert_ok(check_join_keys(&s->check, &err), err);
	assert_ok(check_join_states(&s->check, &err), err);
	assert_ok(check_join_transactions(&s->check, &err), err);
	assert_ok(check_rest(&s->check, &err), err);
	assert_ok(finding_load(s->dir, &s->arena, &s->found, &s->count, &err),
		  err);
	for (size_t i = 0; i < s->count; i++)
		print_message("    %s: %s\n", finding_name(s->found[i].kind),
			      s->found[i].summary);
}

static void found(struct story *s, enum finding_kind kind, uint8_t tx,
		  const char *part)
{
	char text[FACT_TEXT];
	const uint8_t id[FACT_ID] = { tx };

	judge(s);
	assert_int_equal(s->count, 1);
	assert_int_equal(s->found[0].kind, kind);
	assert_string_equal(s->found[0].tx, fact_text(text, id));
	assert_non_null(strstr(s->found[0].summary, part));
}

static void a_moved_state_is_in_order(void **state)
{
	struct story *s = *state;

	move(s, TX_NOTARY_CHANGE);
	row(s, MOVE, "cash", "B", false);
	cash_row(s, MOVE, AMOUNT);
	judge(s);
	assert_int_equal(s->count, 0);
	assert_int_equal(s->check.assets.list[0].held, AMOUNT);
	assert_int_equal(s->check.assets.list[0].explained, 0);
}

static void a_moved_and_spent_state_is_in_order(void **state)
{
	struct story *s = *state;

	move(s, TX_NOTARY_CHANGE);
	row(s, MOVE, "cash", "B", true);
	cash_row(s, MOVE, AMOUNT);
	spend(s, AMOUNT);
	judge(s);
	assert_int_equal(s->count, 0);
}

static void a_moved_state_has_no_row(void **state)
{
	move(*state, TX_NOTARY_CHANGE);
	found(*state, FINDING_ROW_MISMATCH, MOVE, "has no row of its output 0");
}

static void a_moved_state_has_another_amount(void **state)
{
	move(*state, TX_NOTARY_CHANGE);
	row(*state, MOVE, "cash", "B", false);
	cash_row(*state, MOVE, AMOUNT + 1);
	found(*state, FINDING_ROW_MISMATCH, MOVE, "another value");
}

static void a_moved_state_has_the_old_notary(void **state)
{
	move(*state, TX_NOTARY_CHANGE);
	row(*state, MOVE, "cash", "A", false);
	cash_row(*state, MOVE, AMOUNT);
	found(*state, FINDING_ROW_MISMATCH, MOVE, "another value");
}

static void more_is_spent_than_was_moved(void **state)
{
	move(*state, TX_NOTARY_CHANGE);
	row(*state, MOVE, "cash", "B", true);
	cash_row(*state, MOVE, AMOUNT);
	spend(*state, AMOUNT + 1);
	found(*state, FINDING_FORGED, SPEND, "more comes out");
}

static void less_is_spent_than_was_moved(void **state)
{
	move(*state, TX_NOTARY_CHANGE);
	row(*state, MOVE, "cash", "B", true);
	cash_row(*state, MOVE, AMOUNT);
	spend(*state, AMOUNT - 1);
	found(*state, FINDING_LOST, SPEND, "less comes out");
}

/* Its class is the new contract's, which need not have the tables of cash. */
static void an_upgraded_state_is_in_order(void **state)
{
	struct story *s = *state;

	move(s, TX_CONTRACT_UPGRADE);
	row(s, MOVE, "other", "A", false);
	judge(s);
	assert_int_equal(s->count, 0);
	assert_int_equal(s->check.assets.list[0].held, AMOUNT);
}

static void an_upgraded_state_has_no_row(void **state)
{
	move(*state, TX_CONTRACT_UPGRADE);
	found(*state, FINDING_ROW_MISMATCH, MOVE, "has no row of its output 0");
}

#define FOUND(fn) cmocka_unit_test_setup_teardown(fn, begin, end)

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
