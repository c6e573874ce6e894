/* SPDX-License-Identifier: Apache-2.0 */
/* error_test.c - an error is one line, whatever is put into it. */
#include "base/error.h"

#include <errno.h>

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stays_one_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
