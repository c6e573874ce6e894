/* SPDX-License-Identifier: Apache-2.0 */
/* shell_test.c - a word comes out of a shell as it went in. */
#include "base/shell.h"

#include "base/cleanup.h"
#include "test/support/test.h"

static void words_are_quoted_where_they_have_to_be(void **state)
{
	static const struct {
		const char *text, *word;
	} cases[] = {
		{ "/srv/clone", "/srv/clone" },
		{ "my clone", "'my clone'" },
		{ "o'brien", "'o'\\''brien'" },
		{ "$(reboot)", "'$(reboot)'" },
		{ "", "''" },
		{ "'", "''\\'''" },
		{ "gr\xc3\xb6\xc3\x9f", "'gr\xc3\xb6\xc3\x9f'" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		cleanup(buf_release) struct buf out = BUF_INIT(100);

		shell_add_word(&out, cases[i].text);
		assert_string_equal(buf_text(&out), cases[i].word);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_quoted_where_they_have_to_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
