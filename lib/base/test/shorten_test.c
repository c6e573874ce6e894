/* SPDX-License-Identifier: Apache-2.0 */
/* shorten_test.c - what does not fit loses its middle, and never its end. */
#include "base/shorten.h"

#include "base/utf8.h"
#include "test/support/test.h"

static void what_fits_stays(void **state)
{
	char room[64];

	(void)state;
	shorten(room, sizeof(room), "%063d", 7);
	assert_int_equal(strlen(room), 63);
	assert_null(strstr(room, "…"));
	shorten(room, sizeof(room), "%s", "");
	assert_string_equal(room, "");
}

static void a_long_word_loses_its_middle(void **state)
{
	char room[64], word[5000];

	(void)state;
	memset(word, 'a', sizeof(word));
	memcpy(word, "/begin", 6);
	strcpy(word + 4096, "end");
	shorten(room, sizeof(room), "'%s' in '%s': No such file", word, word);
	assert_string_equal(room, "'/begin…aaend' in '/begin…aend': No such "
				  "file");
}

/* Words are short, but there are many of them. */
static void a_long_text_loses_its_middle(void **state)
{
	char room[64], text[4000];

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = i % 8 ? 'a' : ' ';
	text[sizeof(text) - 1] = 0;
	shorten(room, sizeof(room), "first%s: last", text);
	assert_true(strlen(room) < sizeof(room));
	assert_memory_equal(room, "first aaaaaaa", 13);
	assert_non_null(strstr(room, "…"));
	assert_string_equal(room + strlen(room) - 6, ": last");
}

static void characters_stay_whole(void **state)
{
	char room[64], word[600] = "";
	unsigned point;

	(void)state;
	for (int i = 0; i < 199; i++)
		strcat(word, i % 2 ? "ö" : "€");
	for (int blanks = 0; blanks < 16; blanks++) {
		shorten(room, sizeof(room), "%*s%s: end", blanks, "x", word);
		for (const char *p = room; *p;) {
			const size_t n = utf8_next(p, &point);

			assert_true(n);
			p += n;
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_fits_stays),
		cmocka_unit_test(a_long_word_loses_its_middle),
		cmocka_unit_test(a_long_text_loses_its_middle),
		cmocka_unit_test(characters_stay_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
