/* SPDX-License-Identifier: Apache-2.0 */
/* name_test.c - legal names in, DER and blobs out, nonsense refused. */
#include "corda/name.h"

#include "base/cleanup.h"
#include "corda/node_info.h"
#include "test/support/test.h"

static void assert_prints(const char *text, const char *want)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(65536);
	cleanup(buf_release) struct buf b = BUF_INIT(4096);
	struct x500_name name;
	struct error err = { 0 };

	assert_ok(x500_name_parse(text, &arena, &name, &err), err);
	x500_name_print(&name, &b);
	assert_string_equal(buf_text(&b), want);
}

static void prints_what_it_parsed(void **state)
{
	(void)state;
	assert_prints("O=BankA,L=London,C=GB", "O=BankA, L=London, C=GB");
	assert_prints(" c = GB , O = Bank A , L = London ",
		      "O=Bank A, L=London, C=GB");
	assert_prints("C=DE, ST=Bayern, L=M\xc3\xbcnchen, O=B\\, K, OU=u, CN=n",
		      "CN=n, OU=u, O=B\\, K, L=M\xc3\xbcnchen, ST=Bayern, "
		      "C=DE");
}

static void refuses(const char *text, const char *why)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(65536);
	struct x500_name name;
	struct error err = { 0 };

	assert_error(x500_name_parse(text, &arena, &name, &err), err, why);
	assert_int_equal(err.kind, ERROR_INPUT);
}

static void refuses_names_that_nodes_refuse(void **state)
{
	(void)state;
	refuses("O=BankA,L=London", "needs O, L and C");
	refuses("O=BankA,L=London,C=gb", "ISO 3166");
	refuses("O=BankA,L=London,C=GBR", "expected 1 to 2");
	refuses("O=B1,L=London,C=GB", "two letters");
	refuses("O=Bank  A,L=London,C=GB", "spaces");
	refuses("O=,L=London,C=GB", "0 characters");
	refuses("O=BankA,O=BankB,L=London,C=GB", "twice");
	refuses("X=1,O=BankA,L=London,C=GB", "\"X\" is no part");
	refuses("O=BankA,L=London,C=GB,", "\"\" is no part");
	refuses("", "\"\" is no part");
	refuses("O=Bank\xff,L=London,C=GB", "O has a character");
	refuses("O=Bank,L=Lon\tdon,C=GB", "L has a character");
	refuses("O=Bank,L=London,C=GB,OU=\xc3", "OU has a character");
}

static void names_the_file_of_a_node_info(void **state)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(65536);
	cleanup(buf_release) struct buf b = BUF_INIT(4096), want;
	char file[NODE_INFO_FILE_NAME];
	struct x500_name name;
	struct error err = { 0 };

	(void)state;
	want = test_vector("bootstrap/blobs/name-banka.bin");
	assert_ok(x500_name_parse("O=BankA,L=London,C=GB", &arena, &name, &err),
		  err);
	x500_name_blob(&name, &b);
	assert_int_equal(b.len, want.len);
	assert_memory_equal(b.data, want.data, want.len);
	assert_ok(node_info_file_name(&name, file, &err), err);
	assert_string_equal(file, "nodeInfo-4B67199D69D4E8EE3E6FE626CDF0D1114AB"
				  "0B44F9C3187E741644B035463128D");
	buf_release(&want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints_what_it_parsed),
		cmocka_unit_test(refuses_names_that_nodes_refuse),
		cmocka_unit_test(names_the_file_of_a_node_info),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
