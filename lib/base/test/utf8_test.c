/* SPDX-License-Identifier: Apache-2.0 */
/* utf8_test.c - text made clean, and marks of a byte order taken off. */
#include "test/support/test.h"

#include "base/utf8.h"

static void clean_text(void **state)
{
	struct buf b = BUF_INIT(100);

	(void)state;
	utf8_add_clean(&b, "a\xc3\xa9\xff\xe2\x82\xed\xa0\x80\xf0\x9f\x98\x80");
	assert_string_equal(buf_text(&b), "a\xc3\xa9?"
					  "??"
					  "???"
					  "\xf0\x9f\x98\x80");
	buf_release(&b);
}

static void marks_are_taken_off(void **state)
{
	struct buf b = BUF_INIT(100);
	struct error err;

	(void)state;
	assert_ok(utf8_unmark("f", &b, &err), err);
	buf_add_str(&b, "\xef\xbb\xbfmaven:4.0\n");
	assert_ok(utf8_unmark("f", &b, &err), err);
	assert_string_equal(buf_text(&b), "maven:4.0\n");
	assert_ok(utf8_unmark("f", &b, &err), err);
	assert_string_equal(buf_text(&b), "maven:4.0\n");
	buf_release(&b);
}

static void utf16_is_refused(void **state)
{
	static const char *const files[] = { "\xff\xfem\0", "\xfe\xff\0m" };
	struct error err;

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct buf b = BUF_INIT(100);

		buf_add(&b, files[i], 4);
		assert_error(utf8_unmark("f.txt", &b, &err), err,
			     "f.txt: the file is UTF-16; save it as UTF-8");
		assert_int_equal(err.kind, ERROR_INPUT);
		buf_release(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clean_text),
		cmocka_unit_test(marks_are_taken_off),
		cmocka_unit_test(utf16_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
