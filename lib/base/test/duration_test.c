/* SPDX-License-Identifier: Apache-2.0 */
/* duration_test.c - durations: a number and a unit, and nothing else. */
#include "base/duration.h"

#include <string.h>

#include "base/cleanup.h"
#include "test/support/test.h"

static void a_number_and_a_unit_is_a_duration(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds;
	} good[] = {
		{ "0s", 0 },	  { "90s", 90 },
		{ "30m", 1800 },  { "24h", 86400 },
		{ "7d", 604800 }, { "999999d", INT64_C(999999) * 86400 },
	};
	int64_t us;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		assert_true(
			duration_read(good[i].text, strlen(good[i].text), &us));
		assert_int_equal(us, good[i].seconds * 1000000);
	}
	/* The end is where the caller says. */
	assert_true(duration_read("30d,rest", 3, &us));
	assert_int_equal(us, INT64_C(30) * 86400 * 1000000);
}

static void anything_else_is_none(void **state)
{
	static const char *const bad[] = {
		"",    "d",	   "7",	   "7w",   "-7d",
		"7 d", "7dd",	   "+7d",  "1.5d", "7d ",
		" 7d", "1000000d", "0x1d", "７d",  "99999999999999999999d"
	};
	int64_t us = 42;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_false(duration_read(bad[i], strlen(bad[i]), &us));
	assert_int_equal(us, 42);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_number_and_a_unit_is_a_duration),
		cmocka_unit_test(anything_else_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
