/* SPDX-License-Identifier: Apache-2.0 */
/* containers_test.c - a setting of the user's is left alone, a needed one is
 * a file that exists. */
#include "sys/containers.h"

#include <stdlib.h>

#include "test/support/scratch.h"

static void leaves_the_users_choice_alone(void **state)
{
	struct error err = { 0 };

	(void)state;
	setenv("CONTAINERS_CONF", "/mine", 1);
	assert_ok(containers_prepare(&err), err);
	assert_string_equal(getenv("CONTAINERS_CONF"), "/mine");
}

static void what_it_sets_is_there(void **state)
{
	struct scratch *at = *state;

	setenv("MEDLEY_CACHE", at->dir, 1);
	for (int again = 0; again < 2; again++) {
		unsetenv("CONTAINERS_CONF");
		assert_ok(containers_prepare(&at->err), at->err);
		if (getenv("CONTAINERS_CONF"))
			assert_true(file_exists(getenv("CONTAINERS_CONF")));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leaves_the_users_choice_alone),
		SCRATCH_TEST(what_it_sets_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
