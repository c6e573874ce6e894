/* SPDX-License-Identifier: Apache-2.0 */
/* failure_test.c - why a pod ended, from its exit code and its last words. */
#include "deploy/failure.h"

#include "base/cleanup.h"
#include "test/support/test.h"

static void a_failure_is_explained_by_its_line(void **state)
{
	char why[512];

	(void)state;
	failure_explain("deploy/failures.yaml", 1,
			"starting\n\033[31m[ERROR] 08:00 Cert path failed to "
			"validate. [x]\033[0m\nbye\n",
			why, sizeof(why));
	assert_string_equal(why, "exit 1: [ERROR] 08:00 Cert path failed to "
				 "validate. [x]: the network parameters are "
				 "signed under another root");
	failure_explain("deploy/failures.yaml", 137, "a\nlast words\n\n", why,
			sizeof(why));
	assert_string_equal(why, "exit 137: last words");
	failure_explain("deploy/failures.yaml", 2, "", why, sizeof(why));
	assert_string_equal(why, "exit 2: no output");
}

/* As a notary by BFT-SMaRt of 4.10 says it, and goes on. */
static void a_node_without_its_main_thread_is_told(void **state)
{
	static const char log[] =
		"Connection refused\n"
		"Exception in thread \"main\" java.lang.NoClassDefFoundError: "
		"org/apache/commons/codec/binary/Base64\n"
		"\tat bftsmart.reconfiguration.util.RSAKeyLoader\n";
	char why[512];

	(void)state;
	assert_true(
		failure_of_main("deploy/failures.yaml", log, why, sizeof(why)));
	assert_string_equal(
		why, "its main thread ended: Exception in thread \"main\" "
		     "java.lang.NoClassDefFoundError: org/apache/commons/codec/"
		     "binary/Base64: a class is missing from this release's "
		     "jars");
	assert_false(failure_of_main("deploy/failures.yaml",
				     "Connection refused\n", why, sizeof(why)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_failure_is_explained_by_its_line),
		cmocka_unit_test(a_node_without_its_main_thread_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
