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

/* However long what was given is. */
static void keeps_its_reason(void **state)
{
	struct error err = { 0 };
	char path[4096];

	(void)state;
	memset(path, 'a', sizeof(path) - 1);
	path[sizeof(path) - 1] = 0;
	error_errno(&err, ERROR_INPUT, ENAMETOOLONG, "%s", path);
	assert_non_null(strstr(err.text, "a…a"));
	assert_non_null(strstr(err.text, "aaa: File name too long"));
	error_wrap(&err, "reading %s", path);
	error_wrap(&err, "%s", path);
	assert_true(strlen(err.text) < sizeof(err.text));
	assert_non_null(strstr(err.text, "aaa: reading aaa"));
	assert_non_null(strstr(err.text, "aaa: File name too long"));
	error_set(&err, ERROR_INPUT, "no command '%s'; see 'medley help'",
		  path);
	assert_non_null(strstr(err.text, "aaa'; see 'medley help'"));
}

static void a_path_is_the_users_to_mend(void **state)
{
	struct error err = { 0 };

	(void)state;
	error_path(&err, EACCES, "%s", "dir");
	assert_int_equal(err.kind, ERROR_INPUT);
	assert_string_equal(err.text, "dir: Permission denied");
	error_path(&err, ENOSPC, "%s", "dir");
	assert_int_equal(err.kind, ERROR_INTERNAL);
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
		cmocka_unit_test(keeps_its_reason),
		cmocka_unit_test(a_path_is_the_users_to_mend),
		cmocka_unit_test(each_kind_has_a_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
