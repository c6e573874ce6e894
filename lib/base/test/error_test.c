/* SPDX-License-Identifier: Apache-2.0 */
/* error_test.c - an error is one line, whatever is put into it. */
#include "base/error.h"

#include <errno.h>

#include "base/cleanup.h"
#include "test/support/test.h"

static void stays_one_line(void **state)
{
	struct error err = { 0 };

	(void)state;
	error_set(&err, ERROR_INPUT, "near '%s'", "a\nb\r\x1b[2J");
	assert_string_equal(err.text, "near 'a b  [2J'");
	error_errno(&err, ERROR_INPUT, ENOENT, "%s", "a\tb");
	assert_string_equal(err.text, "a b: No such file or directory");
	error_wrap(&err, "reading");
	assert_string_equal(err.text,
			    "reading: a b: No such file or directory");
}

static void each_kind_has_a_word(void **state)
{
	static const enum error_kind kinds[] = {
		ERROR_INPUT, ERROR_BUILD,    ERROR_DEPLOY,	ERROR_LOAD,
		ERROR_LEFT,  ERROR_INTERNAL, ERROR_INTERRUPTED,
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		assert_int_equal(error_kind_of_word(error_kind_word(kinds[i])),
				 kinds[i]);
	assert_null(error_kind_word(ERROR_NONE));
	assert_int_equal(error_kind_of_word("none"), ERROR_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stays_one_line),
		cmocka_unit_test(each_kind_has_a_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
