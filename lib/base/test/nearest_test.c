/* SPDX-License-Identifier: Apache-2.0 */
/* nearest_test.c - distances of words, and the suggestion made of them. */
#include "test/support/test.h"

#include "base/nearest.h"

static void distances(void **state)
{
	(void)state;
	assert_int_equal(word_distance("", ""), 0);
	assert_int_equal(word_distance("", "abc"), 3);
	assert_int_equal(word_distance("releas", "release"), 1);
	assert_int_equal(word_distance("relaese", "release"), 1);
	assert_int_equal(word_distance("sitting", "kitten"), 3);
}

static void suggested(void **state)
{
	struct nearest n = nearest_to("cuont");

	(void)state;
	nearest_offer(&n, "release");
	nearest_offer(&n, "count");
	nearest_offer(&n, "cordapps");
	assert_string_equal(n.word, "count");
	n = nearest_to("zebra");
	nearest_offer(&n, "count");
	assert_null(n.word);
	/* More letters than are looked at: a third of them is any word. */
	n = nearest_to(
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
	nearest_offer(&n, "count");
	assert_null(n.word);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(distances),
		cmocka_unit_test(suggested),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
