/* SPDX-License-Identifier: Apache-2.0 */
/* show_stored_test.c - a decoded transaction as a person reads it. */
#include "test/support/test.h"

#include "base/cleanup.h"
#include "cli/show_stored.h"

static const char decoded[] =
	"{\"stored_by\":[\"bank-a\",\"bank-d\"],\"kind\":\"wire\","
	"\"notary\":\"O=Notary, L=London, C=GB\",\"inputs\":[\"AB12(0)\"],"
	"\"references\":[],\"outputs\":[{\"index\":0,\"contract\":\"C\","
	"\"state\":\"S\",\"amount\":1.0,\"quantity\":100,\"currency\":\"USD\","
	"\"issuer\":\"O=BankA\",\"owner_key\":\"DL1\",\"vaults\":["
	"{\"node\":\"bank-d\",\"status\":\"consumed\",\"owner\":null}],"
	"\"consumed_by\":[{\"tx\":\"CD34\",\"node\":\"notary-0\"},"
	"{\"tx\":\"EF56\",\"node\":\"notary-1\"},"
	"{\"tx\":\"CD34\",\"node\":\"notary-2\"}]}],"
	"\"commands\":[\"net.corda.asset.Cash$Commands$Move\"],"
	"\"signers\":[\"DL2\"],\"signatures\":[{\"key\":\"DL2\","
	"\"notary\":false},{\"key\":\"DL3\",\"notary\":true}]}";

static void its_parts_are_lines(void **state)
{
	cleanup(buf_release) struct buf out = BUF_INIT(65536);
	cleanup(js_freep) struct js *tx = NULL;
	struct error err = { 0 };

	(void)state;
	assert_ok(js_parse("tx", decoded, strlen(decoded), &tx, &err), err);
	show_stored_text(tx, &out);
	assert_string_equal(
		buf_text(&out),
		"transaction, wire\n"
		"  stored by  bank-a, bank-d\n"
		"  notary     O=Notary, L=London, C=GB\n"
		"  input      AB12(0)\n"
		"  output 0   1.00 USD issued by O=BankA, owner's key DL1\n"
		"             in the vault of bank-d, consumed\n"
		"  consumer   CD34, committed by notary-0, notary-2\n"
		"  consumer   EF56, committed by notary-1\n"
		"  command    Cash$Commands$Move\n"
		"  signer     DL2\n"
		"  signature  DL2\n"
		"  signature  DL3, the notary\n\n");
}

static void a_run_that_is_down_has_none(void **state)
{
	struct js *tx = NULL;
	struct error why = { 0 };

	(void)state;
	assert_error(show_stored_read("test/vectors/report/green", "AB", &tx,
				      &why),
		     why, "the network is down");
	assert_null(tx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(its_parts_are_lines),
		cmocka_unit_test(a_run_that_is_down_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
