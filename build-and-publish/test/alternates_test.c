/* SPDX-License-Identifier: Apache-2.0 */
/* alternates_test.c - where the objects of a clone lie, as git finds them. */
#include "build-and-publish/alternates.h"

#include "base/cleanup.h"
#include "test/support/scratch.h"

static void check_line(const char *line, const char *want)
{
	char room[PATH_ROOM];

	assert_int_equal(alternate_parse(line, strlen(line), room), 0);
	assert_string_equal(room, want);
}

static void lines_are_read_as_git_reads_them(void **state)
{
	static char longest[PATH_ROOM + 1];
	char room[PATH_ROOM];

	(void)state;
	check_line("/pool/objects", "/pool/objects");
	check_line("", "");
	check_line("# a comment", "");
	check_line("\"/with \\\"quotes\\\" and \\303\\244\\t\"",
		   "/with \"quotes\" and \xc3\xa4\t");
	/* What is not one quoted text is a name. */
	check_line("\"/open", "\"/open");
	check_line("\"/a\"b", "\"/a\"b");
	check_line("\"\\x\"", "\"\\x\"");
	check_line("\"\\400\"", "\"\\400\"");
	check_line("\"\\", "\"\\");
	memset(longest, 'a', PATH_ROOM);
	assert_int_equal(alternate_parse(longest, PATH_ROOM, room), -1);
	longest[0] = '"';
	assert_int_equal(alternate_parse(longest, PATH_ROOM, room), -1);
	assert_int_equal(alternate_parse("a\0b", 3, room), -1);
}

static void put(struct scratch *at, const char *store, const char *lines)
{
	char path[PATH_ROOM];

	path_printf(path, "%s/%s/info", at->dir, store);
	assert_ok(dir_make(path, 0700, &at->err), at->err);
	path_printf(path, "%s/info/alternates", store);
	scratch_write(at, path, lines);
}

static void stores_are_followed_within_bounds(void **state)
{
	struct scratch *at = *state;
	struct stores stores;
	char path[PATH_ROOM];
	const char *end;

	/* A circle, a path that is relative to its file, one that is gone. */
	put(at, "a", "../b\n");
	put(at, "b", "../a\n../c\n/not/there\n/neither\n");
	put(at, "c", "../d\n");
	put(at, "d", "../e\n");
	put(at, "e", "../f\n");
	put(at, "f", "../g\n");
	put(at, "g", "../h\n");
	put(at, "h", "");
	assert_ok(stores_find(path_join(path, at->dir, "a"), &at->arena,
			      &stores, &at->err),
		  at->err);
	/* Five deep: a borrows from b, … e, f. */
	assert_int_equal(stores.count, 6);
	assert_string_equal(stores.missing, "/not/there");
	for (unsigned i = 0; i < stores.count; i++) {
		end = strrchr(stores.paths[i], '/');
		assert_int_equal(end[1], 'a' + (int)i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_read_as_git_reads_them),
		SCRATCH_TEST(stores_are_followed_within_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
