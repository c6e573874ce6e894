/* SPDX-License-Identifier: Apache-2.0 */
/* plain_test.c - what a terminal would obey, or a reader not see. */
#include "base/plain.h"

#include "base/cleanup.h"
#include "test/support/test.h"

#define R PLAIN_REPLACEMENT

static const struct {
	const char *text, *line;
} texts[] = {
	{ "", "" },
	{ "plain, é, 日本, 👩\xE2\x80\x8D👧",
	  "plain, é, 日本, 👩\xE2\x80\x8D👧" },
	{ "a\nb\tc\rd", "a b c d" },
	{ "\033]0;title\a", R "]0;title" R },
	{ "\x7f", R },
	{ "\xC2\x9B"
	  "31m",
	  R "31m" },
	{ "\xE2\x80\xAE"
	  "dne",
	  R "dne" },
	{ "\xE2\x81\xA6x\xE2\x81\xA9", R "x" R },
	{ "a\xE2\x80\x8B"
	  "b\xEF\xBB\xBF",
	  "a" R "b" R },
	{ "\xE2\x80\xA8\xEF\xBF\xBF\xF3\xA0\x80\x81", R R R },
	{ "\x9B"
	  "31m \xC2",
	  R "31m " R },
	{ "\xED\xA0\x80", R R R },
};

static void a_line_is_plain(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		cleanup(buf_release) struct buf out = BUF_INIT(1000);

		buf_add_str(&out, "");
		plain_line(&out, texts[i].text);
		assert_string_equal(buf_text(&out), texts[i].line);
	}
}

static void lines_stay_lines(void **state)
{
	cleanup(buf_release) struct buf out = BUF_INIT(1000);

	(void)state;
	plain_lines(&out, "a\n\tb\r\n\033[1m");
	assert_string_equal(buf_text(&out), "a\n\tb \n" R "[1m");
}

static void what_ascii_lacks_is_replaced(void **state)
{
	cleanup(buf_release) struct buf out = BUF_INIT(256);

	(void)state;
	plain_ascii(&out, "44C8\xE2\x80\xA6"
			  "9 \xC3\xBC \xE2\x86\x92 b\n\xFF");
	assert_string_equal(buf_text(&out), "44C8...9 ? -> b\n?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_plain),
		cmocka_unit_test(lines_stay_lines),
		cmocka_unit_test(what_ascii_lacks_is_replaced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
