/* SPDX-License-Identifier: Apache-2.0 */
/* word_test.c - words are matched, and made safe for names. */
#include "build-and-publish/word.h"

#include "test/support/test.h"

static void safe_names_hold_no_path_and_stay_apart(void **state)
{
	char a[WORD_SAFE_ROOM], b[WORD_SAFE_ROOM];

	(void)state;
	assert_string_equal(word_safe(a, "maven:4.10"), "maven_4.10");
	assert_string_equal(word_safe(a, "release-V4.8"), "release-V4.8");
	word_safe(a, "../../etc");
	assert_null(strchr(a, '/'));
	assert_int_equal(a[0], 'x');
	assert_string_not_equal(word_safe(a, "a/b"), word_safe(b, "a-b"));
	assert_string_not_equal(word_safe(a, "a/b"), word_safe(b, "a$b"));
	assert_string_not_equal(word_safe(a, "a:b"), word_safe(b, "a_b"));
}

static void patterns_have_one_hole(void **state)
{
	struct arena arena = ARENA_INIT(4096);

	(void)state;
	assert_string_equal(word_match("maven:{}", "maven:4.0", &arena), "4.0");
	assert_null(word_match("maven:{}", "maven:", &arena));
	assert_null(word_match("maven:{}", "main", &arena));
	assert_string_equal(word_match("{}-x", "ab-x", &arena), "ab");
	assert_string_equal(word_match("{}", "HEAD~2", &arena), "HEAD~2");
	assert_string_equal(word_match("all", "all", &arena), "");
	assert_string_equal(word_fill("g:{}:{}.", "1", &arena), "g:1:1.");
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(safe_names_hold_no_path_and_stay_apart),
		cmocka_unit_test(patterns_have_one_hole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
