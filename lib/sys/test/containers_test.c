/* SPDX-License-Identifier: Apache-2.0 */
/* containers_test.c - a setting of the user's is left alone, a needed one is
 * a file that exists. */
#include "sys/containers.h"

#include <stdlib.h>

#include "test/support/test.h"

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
	char cache[PATH_ROOM];
	struct error err = { 0 };

	(void)state;
	unsetenv("CONTAINERS_CONF");
	assert_ok(dir_make_temporary("build/containers-", cache, &err), err);
	setenv("MEDLEY_CACHE", cache, 1);
	for (int again = 0; again < 2; again++) {
		unsetenv("CONTAINERS_CONF");
		assert_ok(containers_prepare(&err), err);
		if (getenv("CONTAINERS_CONF"))
			assert_true(file_exists(getenv("CONTAINERS_CONF")));
	}
	assert_ok(dir_remove(cache, &err), err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leaves_the_users_choice_alone),
		cmocka_unit_test(what_it_sets_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
