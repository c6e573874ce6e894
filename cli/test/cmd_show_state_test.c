/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_show_state_test.c - medley show state: from the nodes' databases, and
 * what it refuses.
 */
#include "test/support/test.h"

#include <unistd.h>

#include "base/cleanup.h"
#include "cli/cli.h"
#include "sys/file.h"
#include "test/support/vaults.h"

static char printed[64 * 1024];

/* Runs `medley show state REF` with what it prints in `printed`. */
static int show(const char *ref, const char *option, struct error *err)
{
	const char *argv[] = { "state", ref, vaults_run, option };
	cleanup(cli_release) struct cli cli = { 0 };
	FILE *file = tmpfile();
	int exit_code = 0, own, rc;
	size_t n;

	assert_non_null(file);
	fflush(stdout);
	own = dup(STDOUT_FILENO);
	assert_true(own >= 0 && dup2(fileno(file), STDOUT_FILENO) >= 0);
	rc = cli_read(&cli, command_find("show", NULL), option ? 4 : 3,
		      (char **)argv, err);
	if (rc >= 0)
		rc = cli.command->run(&cli, &exit_code, err);
	fflush(stdout);
	dup2(own, STDOUT_FILENO);
	close(own);
	rewind(file);
	n = fread(printed, 1, sizeof(printed) - 1, file);
	printed[n] = 0;
	fclose(file);
	return rc;
}

static void assert_printed(const char *part)
{
	if (!strstr(printed, part))
		fail_msg("\"%s\" is not in \"%s\"", part, printed);
}

static void a_spent_state_names_its_consumer(void **state)
{
	struct error err = { 0 };

	(void)state;
	vaults_reset();
	vaults_paid(OUTCOME_OK, VAULTS_ISSUE);
	assert_ok(show("2283d0c2:0", NULL, &err), err);
	assert_printed("state " VAULTS_ISSUE ":0\n");
	assert_printed("\n  amount      1000.00 USD\n");
	assert_printed("\n  issuer      O=BankA, L=London, C=GB\n");
	assert_printed("\n  owner       ");
	assert_printed("key " VAULTS_KEY_A ", of bank-a\n");
	assert_printed("\n  contract    net.corda.finance.contracts.asset.Cash"
		       "\n");
	assert_printed("\n  notary      O=Notary, L=London, C=GB\n");
	assert_printed("\n  made by     a wire transaction, stored by bank-a, "
		       "bank-d\n");
	assert_printed("\n  consumer    " VAULTS_PAY ", committed by notary\n");
	assert_printed("\n  vault       bank-a, consumed at "
		       "2026-11-21T07:00:00.000Z, recorded "
		       "2026-11-21T07:00:00.000Z\n");
	assert_printed("\n  soft lock   none\n");
	assert_printed("\npayment 1: 1.00 USD, outcome ok\n");
}

static void a_soft_lock_is_shown(void **state)
{
	struct error err = { 0 };

	(void)state;
	vaults_reset();
	vaults_sql("bank_a",
		   "update vault_states set lock_id='f-1',"
		   " lock_timestamp=" VAULTS_TIME " where state_status=0");
	assert_ok(show(VAULTS_PAY "(1)", NULL, &err), err);
	assert_printed("\n  consumer    none\n");
	assert_printed("\n  vault       bank-a, unconsumed, recorded ");
	assert_printed("\n  soft lock   f-1 at bank-a, since "
		       "2026-11-21T07:00:00.000Z\n");
}

static void a_consumer_that_no_notary_has_is_unknown(void **state)
{
	struct error err = { 0 };

	(void)state;
	vaults_reset();
	vaults_sql("bank_d", "update vault_states set state_status=1,"
			     " consumed_timestamp=" VAULTS_TIME);
	assert_ok(show(VAULTS_PAY ":0", NULL, &err), err);
	assert_printed("\n  consumer    unknown: no notary has committed one");
}

static void programs_get_json(void **state)
{
	struct error err = { 0 };

	(void)state;
	vaults_reset();
	assert_ok(show(VAULTS_PAY ":1", "--json", &err), err);
	assert_printed("\"tx\": \"" VAULTS_PAY "\"");
	assert_printed("\"index\": 1");
	assert_printed("\"key\": \"" VAULTS_KEY_CHANGE "\"");
	assert_printed("\"node\": \"bank-a\"");
	assert_printed("\"consumed_by\": []");
	assert_printed("\"lock\": null");
}

static void a_state_that_is_none_is_refused(void **state)
{
	static const char *const odd[] = { VAULTS_PAY,	    VAULTS_PAY ":",
					   VAULTS_PAY ":x", VAULTS_PAY ":1)",
					   VAULTS_PAY "(1", ":1" };
	struct error err = { 0 };

	(void)state;
	vaults_reset();
	for (size_t i = 0; i + 1 < ARRAY_SIZE(odd); i++)
		assert_error(show(odd[i], NULL, &err), err,
			     "expected TXID:INDEX");
	assert_error(show(":1", NULL, &err), err, "at least 4 hex digits");
	assert_error(show("0851:2", NULL, &err), err,
		     "has no output 2; it has 2, counted from 0");
	assert_int_equal(err.kind, ERROR_INPUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_spent_state_names_its_consumer),
		cmocka_unit_test(a_soft_lock_is_shown),
		cmocka_unit_test(a_consumer_that_no_notary_has_is_unknown),
		cmocka_unit_test(programs_get_json),
		cmocka_unit_test(a_state_that_is_none_is_refused),
	};

	return cmocka_run_group_tests(tests, vaults_start, vaults_stop);
}
