/* SPDX-License-Identifier: Apache-2.0 */
/* wrap_test.c - text is broken at blanks, and measured by characters. */
#include "test/support/test.h"

#include "base/cleanup.h"
#include "base/wrap.h"

static void assert_wrapped(const char *text, size_t at, size_t indent,
			   size_t width, const char *expected)
{
	cleanup(buf_release) struct buf out = BUF_INIT(4096);

	text_wrap(&out, text, at, indent, width);
	assert_string_equal(buf_text(&out), expected);
}

static void lines_end_at_blanks(void **state)
{
	(void)state;
	assert_wrapped("one two three", 0, 0, 7, "one two\nthree\n");
	assert_wrapped("one two three", 4, 2, 7, "one\n  two\n  three\n");
	assert_wrapped("  one   two ", 0, 0, 80, "one two\n");
	assert_wrapped("", 0, 0, 80, "\n");
	assert_wrapped("a-word-longer-than-that b", 0, 1, 8,
		       "a-word-longer-than-that\n b\n");
}

static void a_newline_begins_a_line(void **state)
{
	(void)state;
	assert_wrapped("one two.\n\nthree four", 0, 0, 10,
		       "one two.\n\nthree four\n");
	assert_wrapped("one two.\n\nthree four", 0, 0, 9,
		       "one two.\n\nthree\nfour\n");
}

static void characters_are_measured_not_bytes(void **state)
{
	(void)state;
	assert_int_equal(text_columns("a\xE2\x80\xA6z"), 3);
	assert_wrapped("\xC3\xA4\xC3\xB6 \xC3\xBC", 0, 0, 4,
		       "\xC3\xA4\xC3\xB6 \xC3\xBC\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_end_at_blanks),
		cmocka_unit_test(a_newline_begins_a_line),
		cmocka_unit_test(characters_are_measured_not_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
