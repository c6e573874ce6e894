/* SPDX-License-Identifier: Apache-2.0 */
/* containers_test.c - a setting of the user's is left alone, a needed one is
 * a file that exists. */
#include "sys/containers.h"

#include <stdlib.h>

#include "base/cleanup.h"
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

static void limits_are_those_of_podmans_controllers(void **state)
{
	static const struct {
		const char *answer;
		bool root, memory, cpu;
	} cases[] = {
		{ "v1 cgroupfs [cpuset cpu memory pids]\n", true, true, true },
		{ "v1 cgroupfs [cpuset cpu pids]\n", true, false, true },
		{ "v2 systemd [cpu io memory pids]\n", false, true, true },
		/* What Debian 12 delegates to a user. */
		{ "v2 systemd [memory pids]\n", false, true, false },
		{ "v2 systemd [cpuset]\n", false, false, false },
		{ "v2 cgroupfs [cpu memory]\n", false, false, false },
		{ "v2 cgroupfs [cpu memory]\n", true, true, true },
		{ "v1 cgroupfs []\n", false, false, false },
		{ "v1 systemd [memory cpu]\n", false, false, false },
		{ "", false, false, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct containers_limits got =
			containers_limits_of(cases[i].answer, cases[i].root);

		assert_int_equal(got.memory, cases[i].memory);
		assert_int_equal(got.cpu, cases[i].cpu);
		assert_int_equal(!got.why, got.memory && got.cpu);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leaves_the_users_choice_alone),
		SCRATCH_TEST(what_it_sets_is_there),
		cmocka_unit_test(limits_are_those_of_podmans_controllers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
