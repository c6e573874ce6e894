/* SPDX-License-Identifier: Apache-2.0 */
/* stored_test.c - a transaction is decoded from the nodes' databases. */
#include "test/support/test.h"

#include "base/cleanup.h"
#include "test/support/vaults.h"
#include "vault/stored.h"

static struct js *stored_of(const char *tx)
{
	struct error err = { 0 };
	struct js *root = NULL;

	assert_ok(vault_stored(vaults_run, tx, &root, &err), err);
	return root;
}

static void a_payment_has_its_parts(void **state)
{
	cleanup(js_freep) struct js *tx = NULL;
	const struct js *paid, *vault;

	(void)state;
	vaults_reset();
	tx = stored_of(VAULTS_PAY);
	assert_non_null(tx);
	assert_string_equal(js_str(tx, "kind"), "wire");
	assert_non_null(js_str(tx, "notary"));
	assert_string_equal(js_text(js_at(js_get(tx, "inputs"), 0)),
			    VAULTS_ISSUE "(0)");
	assert_int_equal(js_count(js_get(tx, "outputs")), 2);
	assert_int_equal(js_count(js_get(tx, "stored_by")), 2);
	assert_true(js_count(js_get(tx, "signers")) >= 1);
	assert_true(js_count(js_get(tx, "signatures")) >= 2);
	assert_non_null(strstr(js_text(js_at(js_get(tx, "commands"), 0)),
			       "Cash$Commands$Move"));
	for (size_t i = 0; i < 2; i++) {
		paid = js_at(js_get(tx, "outputs"), i);
		if (js_num(paid, "amount", 0) != 1.0)
			continue;
		assert_string_equal(js_str(paid, "currency"), "USD");
		vault = js_at(js_get(paid, "vaults"), 0);
		assert_string_equal(js_str(vault, "status"), "unconsumed");
		assert_non_null(js_str(vault, "node"));
		assert_string_equal(js_str(vault, "recorded"),
				    "2026-11-21T07:00:00.000Z");
		assert_null(js_str(vault, "consumed"));
		assert_int_equal(js_count(js_get(paid, "consumed_by")), 0);
		return;
	}
	fail_msg("no output of 1.00 USD");
}

static const struct js *output_of(const struct js *tx, size_t index)
{
	return js_at(js_get(tx, "outputs"), index);
}

static void outputs_name_owner_and_consumer(void **state)
{
	cleanup(js_freep) struct js *issue = NULL, *pay = NULL;
	const struct js *party, *commit;

	(void)state;
	vaults_reset();
	issue = stored_of(VAULTS_ISSUE);
	pay = stored_of(VAULTS_PAY);
	commit = js_at(js_get(output_of(issue, 0), "consumed_by"), 0);
	assert_string_equal(js_str(commit, "tx"), VAULTS_PAY);
	assert_string_equal(js_str(commit, "node"), "notary");
	assert_non_null(js_str(output_of(issue, 0), "notary"));
	/* One key is in the network map, the other in its node's database. */
	party = js_at(js_get(output_of(issue, 0), "participants"), 0);
	assert_string_equal(js_str(party, "key"), VAULTS_KEY_A);
	assert_string_equal(js_str(party, "node"), "bank-a");
	party = js_at(js_get(output_of(pay, 1), "participants"), 0);
	assert_string_equal(js_str(party, "key"), VAULTS_KEY_CHANGE);
	assert_string_equal(js_str(party, "node"), "bank-a");
}

/* A vault may have an output of a transaction that its node has lost. */
static void a_vault_without_the_transaction_counts(void **state)
{
	cleanup(js_freep) struct js *pay = NULL;

	(void)state;
	vaults_reset();
	vaults_sql("bank_a", "delete from node_transactions");
	pay = stored_of(VAULTS_PAY);
	assert_int_equal(js_count(js_get(pay, "stored_by")), 1);
	assert_string_equal(
		js_str(js_at(js_get(output_of(pay, 1), "vaults"), 0), "node"),
		"bank-a");
}

static void what_nobody_has_is_nothing(void **state)
{
	cleanup(js_freep) struct js *tx = NULL;

	(void)state;
	vaults_reset();
	tx = stored_of("0000000000000000000000000000000000000000000000000000"
		       "000000000000");
	assert_null(tx);
}

static void a_run_that_is_down_says_so(void **state)
{
	struct error err = { 0 };
	struct js *tx = NULL;

	(void)state;
	assert_error(vault_stored("test/vectors/report/green", VAULTS_PAY, &tx,
				  &err),
		     err, "has no endpoints.json");
	assert_int_equal(err.kind, ERROR_INPUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_payment_has_its_parts),
		cmocka_unit_test(outputs_name_owner_and_consumer),
		cmocka_unit_test(a_vault_without_the_transaction_counts),
		cmocka_unit_test(what_nobody_has_is_nothing),
		cmocka_unit_test(a_run_that_is_down_says_so),
	};

	return cmocka_run_group_tests(tests, vaults_start, vaults_stop);
}
