/* SPDX-License-Identifier: Apache-2.0 */
/* owners_test.c - whose an output is when no node has its owner's key. */
#include "base/cleanup.h"
#include "run/records.h"
#include "test/support/test.h"
#include "test/support/vaults.h"
#include "vault/tx_view.h"

enum { ROOM = 1024 * 1024, PAYER = 0, PAYEE = 1, NOTARY = 2, THIRD = 3 };

/* ---- by the transaction alone ---- */

static struct release release = { .label = "4.0" };
static struct network_node nodes[] = {
	{ .name = "bank-a" },
	{ .name = "bank-b" },
	{ .name = "notary", .role = NODE_NOTARY },
	{ .name = "bank-c" },
};
static const struct op_record paid = {
	.kind = OP_PAY, .payer = PAYER, .payee = PAYEE, .amount = 100
};
static struct check network = { .net = { .releases = &release,
					 .release_count = 1,
					 .nodes = nodes,
					 .node_count = ARRAY_SIZE(nodes) } };

/* A payment of 100, and 900 that go back; the first fact may name it. */
static struct fact facts[] = {
	{ .type = FACT_STORED, .node = PAYER },
	{ .type = FACT_STORED, .node = PAYEE },
	{ .type = FACT_STORED, .node = NOTARY },
	{ .type = FACT_HOLDER,
	  .flags = HOLDER_OUTPUT | HOLDER_CASH,
	  .index = 0,
	  .amount = 100 },
	{ .type = FACT_HOLDER,
	  .flags = HOLDER_OUTPUT | HOLDER_CASH,
	  .index = 1,
	  .amount = 900 },
};

static void set_facts(uint8_t first, uint16_t payee, uint16_t kept)
{
	facts[0].type = first;
	facts[1].node = PAYEE;
	facts[3].node = payee;
	facts[4].node = kept;
}

static void find(uint16_t payer, uint16_t want_payee, uint16_t want_kept)
{
	struct tx_view v = { .check = &network,
			     .facts = facts,
			     .count = ARRAY_SIZE(facts),
			     .payer = payer };

	if (facts[0].type == FACT_OPERATION)
		v.op = &paid;
	tx_view_trouble(&v, PROBLEM_NO_HOLDER, facts[3].node, 0, NULL);
	tx_view_trouble(&v, PROBLEM_NO_KEY, facts[4].node, 1, NULL);
	tx_view_find_owners(&v, facts);
	assert_int_equal(facts[3].node, want_payee);
	assert_int_equal(facts[4].node, want_kept);
	assert_int_equal(v.troubles[0].node, want_payee);
	assert_int_equal(v.troubles[1].node, want_kept);
}

static void history_says_what_was_paid(void **state)
{
	(void)state;
	set_facts(FACT_OPERATION, NODE_NONE, NODE_NONE);
	find(NODE_NONE, PAYEE, PAYER);
	set_facts(FACT_OPERATION, PAYEE, NODE_NONE);
	find(NODE_NONE, PAYEE, PAYER);
	set_facts(FACT_OPERATION, NODE_NONE, PAYER);
	find(NODE_NONE, PAYEE, PAYER);
}

static void the_rest_is_the_payers(void **state)
{
	(void)state;
	set_facts(FACT_STORED, PAYEE, NODE_NONE);
	find(PAYER, PAYEE, PAYER);
}

static void what_is_not_kept_is_the_other_banks(void **state)
{
	(void)state;
	set_facts(FACT_STORED, NODE_NONE, PAYER);
	find(PAYER, PAYEE, PAYER);
}

static void several_banks_may_be_the_payee(void **state)
{
	(void)state;
	set_facts(FACT_STORED, NODE_NONE, PAYER);
	facts[2].node = THIRD;
	find(PAYER, NODE_NONE, PAYER);
	facts[2].node = NOTARY;
}

static void nobody_is_guessed(void **state)
{
	(void)state;
	set_facts(FACT_STORED, NODE_NONE, NODE_NONE);
	find(PAYER, NODE_NONE, NODE_NONE);
}

/* ---- by name ---- */

static void one(enum finding_kind kind, const char *tx, const char *node)
{
	vaults_judge(NULL);
	assert_int_equal(vaults_found_count, 1);
	assert_int_equal(vaults_found[0].kind, kind);
	assert_string_equal(vaults_found[0].tx, tx);
	assert_string_equal(vaults_found[0].node, node);
}

static void forget_party(const char *name)
{
	static const char *const banks[] = { "bank_a", "bank_d" };
	cleanup(buf_release) struct buf sql = BUF_INIT(ROOM);

	buf_addf(&sql,
		 "create table if not exists kept as table"
		 " node_info_party_cert;"
		 "delete from node_info_party_cert;"
		 "insert into node_info_party_cert select * from kept"
		 " where party_name not like 'O=%s,%%'",
		 name);
	for (size_t i = 0; i < ARRAY_SIZE(banks); i++)
		vaults_sql(banks[i], buf_text(&sql));
}

static void a_main_key_is_gone(void **state)
{
	(void)state;
	vaults_reset();
	forget_party("BankD");
	one(FINDING_KEY_MISMATCH, VAULTS_PAY, "bank-d");
}

static void the_key_of_a_spent_state_is_gone(void **state)
{
	(void)state;
	vaults_reset();
	forget_party("BankA");
	one(FINDING_KEY_MISMATCH, VAULTS_ISSUE, "bank-a");
}

static void a_main_key_and_its_rows_are_gone(void **state)
{
	(void)state;
	vaults_reset();
	forget_party("BankD");
	vaults_sql("bank_d", "delete from vault_states;"
			     "delete from contract_cash_states;"
			     "delete from vault_fungible_states");
	one(FINDING_LOST, VAULTS_PAY, "bank-d");
	forget_party("");
}

/* BankD has no part in the issue, but its money comes from there. */
static void the_chain_of_a_payment_is_broken(void **state)
{
	(void)state;
	vaults_reset();
	forget_party("");
	vaults_sql("bank_d", "delete from node_transactions"
			     " where tx_id='" VAULTS_ISSUE "'");
	one(FINDING_NOT_RECORDED, VAULTS_ISSUE, "bank-d");
}

/* One that names another party for a key is outvoted by the others. */
static void one_list_of_parties_is_wrong(void **state)
{
	struct js *details;

	(void)state;
	vaults_reset();
	forget_party("");
	vaults_sql("notary",
		   "insert into node_info_party_cert values"
		   " ('O=BankA, L=London, C=GB', true, '" VAULTS_KEY_A "', 0),"
		   " ('O=BankD, L=London, C=GB', true, '" VAULTS_KEY_D "', 0)");
	vaults_sql("bank_a", "delete from node_info_party_cert"
			     " where party_name like 'O=BankA%';"
			     "update node_info_party_cert set"
			     " party_name='O=BankA, L=London, C=GB'");
	vaults_judge(&details);
	assert_int_equal(js_int(details, "findings", -1), 0);
	js_free(details);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(history_says_what_was_paid),
		cmocka_unit_test(the_rest_is_the_payers),
		cmocka_unit_test(what_is_not_kept_is_the_other_banks),
		cmocka_unit_test(several_banks_may_be_the_payee),
		cmocka_unit_test(nobody_is_guessed),
		cmocka_unit_test(a_main_key_is_gone),
		cmocka_unit_test(the_key_of_a_spent_state_is_gone),
		cmocka_unit_test(a_main_key_and_its_rows_are_gone),
		cmocka_unit_test(the_chain_of_a_payment_is_broken),
		cmocka_unit_test(one_list_of_parties_is_wrong),
	};

	return cmocka_run_group_tests(tests, vaults_start, vaults_stop);
}
