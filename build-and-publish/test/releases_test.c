/* SPDX-License-Identifier: Apache-2.0 */
/* releases_test.c - one word a line; anything else is named by its line. */
#include "build-and-publish/releases.h"

#include "test/support/test.h"

static struct arena arena = ARENA_INIT(64 * 1024);

static int read_text(const char *text, const char ***words, unsigned *count,
		     struct error *err)
{
	const char *path = "build/releases_test.txt";

	if (file_write(path, text, strlen(text), 0600, err) < 0)
		return -1;
	return releases_read(path, &arena, words, count, err);
}

static void words_come_in_order(void **state)
{
	struct error err = { 0 };
	const char **words;
	unsigned count;

	(void)state;
	assert_ok(read_text("maven:4.0\n\nHEAD~2\nmain", &words, &count, &err),
		  err);
	assert_int_equal(count, 3);
	assert_string_equal(words[0], "maven:4.0");
	assert_string_equal(words[2], "main");
	assert_ok(read_text("", &words, &count, &err), err);
	assert_int_equal(count, 0);
	assert_error(read_text("a\nb c\n", &words, &count, &err), err,
		     "releases_test.txt:2: ");
	remove("build/releases_test.txt");
	assert_error(releases_read("build/no.txt", &arena, &words, &count,
				   &err),
		     err, "build/no.txt");
	arena_clear(&arena);
}

static void the_projects_own_file_is_sound(void **state)
{
	struct error err = { 0 };
	const char **words;
	unsigned count;

	(void)state;
	assert_ok(releases_read("releases.txt", &arena, &words, &count, &err),
		  err);
	assert_true(count >= 10);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_come_in_order),
		cmocka_unit_test(the_projects_own_file_is_sound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
