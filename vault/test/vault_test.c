/* SPDX-License-Identifier: Apache-2.0 */
/* vault_test.c - a clean network has no finding, each kind of harm has one. */
#include "vault/vault.h"

#include "base/cleanup.h"
#include "run/records.h"
#include "test/support/test.h"
#include "test/support/vaults.h"
#include "test/support/run_lines.h"

enum { ROOM = 1024 * 1024 };

static struct arena arena = ARENA_INIT(16 * ROOM);

/* ---- what came out ---- */

static struct settlement *settled;

static void read_settled(void)
{
	struct error err = { 0 };
	size_t n;

	assert_ok(all_settlements(vaults_run, &arena, &settled, &n, &err), err);
	assert_int_equal(n, 1);
}

static void check(void)
{
	struct js *details;

	vaults_judge(&details);
	assert_int_equal(js_int(details, "databases", 0), 3);
	js_free(details);
	read_settled();
}

/* Just this one. */
static const struct finding *one(enum finding_kind kind, const char *tx,
				 const char *node, const char *part)
{
	const struct finding *f;

	check();
	assert_int_equal(vaults_found_count, 1);
	f = &vaults_found[0];
	assert_int_equal(f->kind, kind);
	if (tx)
		assert_string_equal(f->tx, tx);
	if (node)
		assert_string_equal(f->node, node);
	if (!strstr(f->summary, part))
		fail_msg("\"%s\" is not in \"%s\"", part, f->summary);
	assert_false(f->note);
	return f;
}

static void finds_nothing_in_a_clean_network(void **state)
{
	struct js *details = NULL;
	struct error err = { 0 };

	(void)state;
	vaults_reset();
	assert_ok(vault_check(vaults_run, false, NULL, &details, &err), err);
	assert_int_equal(js_int(details, "transactions", 0), 4);
	assert_int_equal(js_int(details, "signatures", 0), 6);
	js_free(details);
	check();
	assert_int_equal(vaults_found_count, 0);
	assert_true(settled[0].payer_has && settled[0].payee_has &&
		    settled[0].notary_has);
}

static void finds_an_unknown_payment_by_what_it_moved(void **state)
{
	(void)state;
	vaults_reset();
	vaults_paid(OUTCOME_UNKNOWN, NULL);
	check();
	assert_int_equal(vaults_found_count, 0);
	assert_string_equal(settled[0].tx, VAULTS_PAY);
	assert_true(settled[0].payee_has);
}

static void finds_a_payment_that_its_payee_lacks(void **state)
{
	const struct finding *f;

	(void)state;
	vaults_reset();
	vaults_sql(
		"bank_d",
		"delete from node_transactions where tx_id='" VAULTS_PAY "';"
		"delete from vault_states;"
		"delete from contract_cash_states;"
		"delete from vault_fungible_states;"
		"insert into node_checkpoints values ('f1', 3, true,"
		" null, null, " VAULTS_TIME ");"
		"insert into node_flow_exceptions values ('f1', 'T',"
		" E'untrusted attachment\\nand so on', 's', null, " VAULTS_TIME
		")");
	f = one(FINDING_NOT_RECORDED, VAULTS_PAY, "bank-d",
		"bank-d has not recorded the transaction; a flow of bank-d has "
		"not "
		"ended: "
		"T: untrusted attachment");
	assert_string_equal(f->payer, "bank-a");
	assert_string_equal(f->payee, "bank-d");
	assert_string_equal(f->notary, "notary");
	assert_int_equal(f->op, 1);
	assert_false(settled[0].payee_has);
	assert_true(settled[0].payer_has && settled[0].notary_has);
	assert_string_equal(js_str(js_get(f->evidence, "payer"), "contracts"),
			    "AB12");
	assert_string_equal(js_str(js_get(f->evidence, "payee"), "release"),
			    "4.8");
	assert_int_equal(js_count(js_get(f->evidence, "stuck_flows")), 1);
	assert_int_equal(
		js_count(js_get(js_get(js_get(f->evidence, "payer"), "rows"),
				"vault_states")),
		1);
}

static void finds_a_row_that_the_notary_lacks(void **state)
{
	(void)state;
	vaults_reset();
	vaults_sql("notary", "delete from node_notary_committed_states;"
			     "delete from node_notary_committed_txs");
	one(FINDING_NOT_RECORDED, VAULTS_PAY, "notary",
	    "notary notary has not committed the transaction");
	assert_false(settled[0].notary_has);
}

/* Each transaction names its notary; what another one knows is no help. */
static void finds_a_row_that_another_notary_has(void **state)
{
	(void)state;
	vaults_reset();
	vaults_sql("notary", "delete from node_notary_committed_states;"
			     "delete from node_notary_committed_txs");
	vaults_sql("bank_d",
		   "create table node_notary_committed_states (output_index"
		   " int, transaction_id text, consuming_transaction_id text);"
		   "create table node_notary_committed_txs"
		   " (transaction_id text);"
		   "insert into node_notary_committed_states values"
		   " (0, '" VAULTS_ISSUE "', '" VAULTS_PAY "');"
		   "insert into node_notary_committed_txs values"
		   " ('" VAULTS_PAY "')");
	one(FINDING_NOT_RECORDED, VAULTS_PAY, "notary",
	    "notary notary has not committed the transaction");
	assert_false(settled[0].notary_has);
	vaults_sql("bank_d", "drop table node_notary_committed_states;"
			     "drop table node_notary_committed_txs");
}

static void finds_a_state_spent_twice(void **state)
{
	const struct finding *f;

	(void)state;
	vaults_reset();
	vaults_sql("notary", "update node_notary_committed_states set"
			     " consuming_transaction_id='" VAULTS_ISSUE "'");
	check();
	assert_true(vaults_found_count >= 1);
	f = &vaults_found[vaults_found[0].kind == FINDING_DOUBLED
				  ? 0
				  : vaults_found_count - 1];
	assert_int_equal(f->kind, FINDING_DOUBLED);
	assert_string_equal(f->tx, VAULTS_PAY);
	assert_string_equal(js_str(f->evidence, "other_transaction"),
			    VAULTS_ISSUE);
}

static void keep_checkpoint(void)
{
	struct buf blob =
		test_vector("vault/checkpoint/4.0-CashPaymentReceiverFlow.bin");
	cleanup(buf_release) struct buf sql = BUF_INIT(ROOM);

	buf_add_str(&sql, "update node_checkpoints set checkpoint_value='\\x");
	buf_add_hex(&sql, blob.data, blob.len);
	buf_add_str(&sql, "'");
	vaults_sql("bank_a", buf_text(&sql));
	buf_release(&blob);
}

/* 4.0 keeps the receiver's flow of a payment that failed at its payer. */
static void knows_what_releases_do(void **state)
{
	struct operation op = { .id = 2,
				.kind = OP_PAY,
				.payer = "bank-d",
				.payee = "bank-a",
				.notary = "notary",
				.amount = 1,
				.currency = "USD",
				.outcome = OUTCOME_FAIL,
				.error_class = "C",
				.error_text = "no funds" };
	struct error err = { 0 };
	struct js *details = NULL;

	(void)state;
	vaults_reset();
	vaults_sql("bank_a",
		   "insert into node_checkpoints values ('f1', '\\x')");
	one(FINDING_STUCK_FLOW, NULL, "bank-a", "f1 has not ended");
	keep_checkpoint();
	one(FINDING_STUCK_FLOW, NULL, "bank-a",
	    "flow net.corda.finance.flows.CashPaymentReceiverFlow has not");
	assert_ok(history_append(vaults_run, &op, &err), err);
	vaults_judge(&details);
	assert_int_equal(js_int(details, "findings", -1), 0);
	assert_int_equal(js_int(details, "notes", -1), 1);
	js_free(details);
}

/* bank-d lacks the payment. */
static const char lacks[] =
	"delete from node_transactions where tx_id='" VAULTS_PAY "';"
	"delete from vault_states;"
	"delete from contract_cash_states;"
	"delete from vault_fungible_states;";
#define FLOW_AT_D(id, status)                                                  \
	"insert into node_checkpoints values ('" id "', " status               \
	", true, null, null, " VAULTS_TIME ")"

/* With the wait: true if the payment is told to be in flight. */
static bool is_in_flight(void)
{
	struct js *details = NULL;
	struct error err = { 0 };
	bool quiet;

	assert_ok(vault_check(vaults_run, false, NULL, &details, &err), err);
	quiet = js_bool(details, "quiet", true);
	assert_false(quiet);
	assert_true(js_num(details, "quiet_seconds", 0) >= 1);
	vaults_read_found();
	read_settled();
	assert_int_equal(js_int(details, "in_flight", -1),
			 settled[0].in_flight);
	js_free(details);
	return settled[0].in_flight;
}

static void a_payment_that_its_payee_still_receives_is_in_flight(void **state)
{
	(void)state;
	vaults_reset();
	vaults_sql("bank_d", lacks);
	vaults_sql("bank_d", FLOW_AT_D("f1", "0"));
	assert_true(is_in_flight());
	assert_int_equal(vaults_found_count, 0);
}

static void a_payment_that_its_payer_still_makes_is_in_flight(void **state)
{
	(void)state;
	vaults_reset();
	vaults_paid(OUTCOME_UNKNOWN, NULL);
	vaults_sql("bank_d", lacks);
	vaults_sql("bank_a",
		   "insert into node_checkpoints values ('f1', '\\x')");
	assert_true(is_in_flight());
	assert_int_equal(vaults_found_count, 0);
}

static void a_flow_that_does_not_run_excuses_nothing(void **state)
{
	(void)state;
	vaults_reset();
	vaults_sql("bank_d", lacks);
	vaults_sql("bank_d", FLOW_AT_D("f1", "3"));
	assert_false(is_in_flight());
	assert_int_equal(vaults_found_count, 1);
	assert_int_equal(vaults_found[0].kind, FINDING_NOT_RECORDED);
}

static void what_databases_prove_is_found_in_unquiet_vaults(void **state)
{
	(void)state;
	vaults_reset();
	vaults_sql("bank_d", FLOW_AT_D("f1", "0"));
	vaults_sql("bank_d", "update contract_cash_states set pennies=7");
	assert_false(is_in_flight());
	assert_int_equal(vaults_found_count, 1);
	assert_int_equal(vaults_found[0].kind, FINDING_ROW_MISMATCH);
}

#define T(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_nothing_in_a_clean_network),
		cmocka_unit_test(finds_an_unknown_payment_by_what_it_moved),
		cmocka_unit_test(finds_a_payment_that_its_payee_lacks),
		cmocka_unit_test(finds_a_row_that_the_notary_lacks),
		cmocka_unit_test(finds_a_row_that_another_notary_has),
		cmocka_unit_test(finds_a_state_spent_twice),
		cmocka_unit_test(knows_what_releases_do),
		T(a_payment_that_its_payee_still_receives_is_in_flight),
		T(a_payment_that_its_payer_still_makes_is_in_flight),
		T(a_flow_that_does_not_run_excuses_nothing),
		T(what_databases_prove_is_found_in_unquiet_vaults),
	};
	int rc = cmocka_run_group_tests(tests, vaults_start, vaults_stop);

	arena_release(&arena);
	return rc;
}
