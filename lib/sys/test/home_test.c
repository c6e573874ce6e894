/* SPDX-License-Identifier: Apache-2.0 */
/* home_test.c - medley's data files: found, or what to do is said. */
#include "sys/home.h"

#include <stdlib.h>

#include "test/support/scratch.h"

static void data_is_there(void **state)
{
	(void)state;
	unsetenv("MEDLEY_HOME");
	assert_int_equal(home_check(NULL), 0);
}

static void a_home_without_data_is_named(void **state)
{
	struct scratch *at = *state;
	struct error err = { 0 };
	char expected[PATH_ROOM];

	setenv("MEDLEY_HOME", at->dir, 1);
	assert_int_equal(home_check(&err), -1);
	assert_int_equal(err.kind, ERROR_INPUT);
	path_printf(expected, "MEDLEY_HOME is %s, which has no generate/",
		    at->dir);
	assert_non_null(strstr(err.text, expected));
	unsetenv("MEDLEY_HOME");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(data_is_there),
		SCRATCH_TEST(a_home_without_data_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
