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
		return;
	}
	fail_msg("no output of 1.00 USD");
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
		cmocka_unit_test(what_nobody_has_is_nothing),
		cmocka_unit_test(a_run_that_is_down_says_so),
	};

	return cmocka_run_group_tests(tests, vaults_start, vaults_stop);
}
