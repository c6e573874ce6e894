/* SPDX-License-Identifier: Apache-2.0 */
/* release_word_test.c - what may name a release, and what nodes are called
 * after it. */
#include "run/release_word.h"

#include "base/cleanup.h"
#include "run/network_names.h"
#include "test/support/test.h"

static void words_that_name_nothing_are_refused(void **state)
{
	struct error err = { 0 };
	char longest[RELEASE_WORD_MAX + 2];

	(void)state;
	memset(longest, 'a', sizeof(longest));
	longest[RELEASE_WORD_MAX + 1] = 0;
	assert_error(release_word_check("", &err), err, "1 to 200");
	assert_error(release_word_check(longest, &err), err, "1 to 200");
	assert_error(release_word_check("-rf", &err), err,
		     "must not begin with");
	assert_error(release_word_check("a b", &err), err, "(U+0020)");
	assert_error(release_word_check("a\nb", &err), err, "(U+000A)");
	assert_error(release_word_check("a\xc2\x9b"
					"b",
					&err),
		     err, "(U+009B)");
	assert_error(release_word_check("a\xc2\xa0"
					"b",
					&err),
		     err, "blank");
	assert_error(release_word_check("a\xe2\x80\xae"
					"b",
					&err),
		     err, "invisible character (U+202E)");
	assert_error(release_word_check("gr\xf6\xdf"
					"e",
					&err),
		     err, "is not UTF-8");
	assert_error(release_word_check("maven:", &err), err,
		     "\"maven:\": the version is missing");
	assert_error(release_word_check("maven:4/1", &err), err,
		     "\"4/1\" is not a valid version");
	assert_error(release_word_check("maven:4.9-SNAPSHOT", &err), err,
		     "snapshot");
}

static void what_git_takes_is_taken(void **state)
{
	static const char *const words[] = {
		"maven:4.10",
		"maven:4.10.1-RC02",
		"HEAD~2",
		"release-V4.8^{commit}",
		"feature/$(reboot);'x",
		"o'brien",
		"say-\"no\"",
		"fehler/gr\xc3\xb6\xc3\x9f"
		"e",
		"\xe6\x97\xa5\xe6\x9c\xac",
		"main@{1}",
	};
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		assert_ok(release_word_check(words[i], &err), err);
}

static void versions_are_plain_and_do_not_change(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_ok(release_version_check("4.10", &err), err);
	assert_ok(release_version_check("corda-3.0", &err), err);
	assert_error(release_version_check("../4", &err), err,
		     "not a valid version");
	assert_error(release_version_check("4,x", &err), err,
		     "not a valid version");
	assert_error(release_version_check("4.9-SNAPSHOT", &err), err,
		     "snapshot");
}

/* Every name that is taken makes names that pods and files can have. */
static void names_of_nodes_are_plain(void **state)
{
	static const struct {
		const char *word, *brief;
	} cases[] = {
		{ "maven:4.10", "4.10" },
		{ "maven:4.10.1-RC02", "4.10.1-RC02" },
		{ "maven:4.10_1", "4.10-1-" },
		{ "origin/main", "origin-main" },
		{ "o'brien", "o-brien" },
		{ "0123456789abcdef0123456789abcdef01234567", "0123456789" },
		{ "fehler/gr\xc3\xb6\xc3\x9f"
		  "e",
		  "fehler-gr-e-" },
		{ "\xe6\x97\xa5", "x" },
	};
	struct arena arena = ARENA_INIT(65536);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *brief = release_brief(cases[i].word, &arena);

		assert_non_null(brief);
		if (strncmp(brief, cases[i].brief, strlen(cases[i].brief)) != 0)
			fail_msg("%s: %s, not %s", cases[i].word, brief,
				 cases[i].brief);
		assert_int_equal(strspn(brief, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					       "abcdefghijklmnopqrstuvwxyz"
					       "0123456789.-"),
				 strlen(brief));
	}
	assert_string_not_equal(release_brief("gr\xc3\xb6\xc3\x9f"
					      "e",
					      &arena),
				release_brief("gr\xc3\xbc\xc3\x9f"
					      "e",
					      &arena));
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_that_name_nothing_are_refused),
		cmocka_unit_test(what_git_takes_is_taken),
		cmocka_unit_test(versions_are_plain_and_do_not_change),
		cmocka_unit_test(names_of_nodes_are_plain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
