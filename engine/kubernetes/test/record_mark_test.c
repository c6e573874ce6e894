/* SPDX-License-Identifier: Apache-2.0 */
/* record_mark_test.c - only what this user's medley has marked is marked. */
#include "engine/kubernetes/record_mark.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "sys/file.h"
#include "test/support/scratch.h"

static const char *const texts[] = { "/home/a/config", NULL, "cluster" };
static const char *const others[] = { "/home/a/config", "", "cluster" };

static void cache_in(struct scratch *at, const char *name)
{
	char path[PATH_ROOM];

	assert_int_equal(
		setenv("MEDLEY_CACHE", path_join(path, at->dir, name), 1), 0);
}

static void the_key_is_needed(void **state)
{
	struct scratch *at = *state;
	char mark[RECORD_MARK], again[RECORD_MARK], path[PATH_ROOM];
	struct stat st;

	cache_in(at, "mine");
	assert_ok(record_mark(texts, 3, mark, &at->err), at->err);
	assert_ok(record_mark(texts, 3, again, &at->err), at->err);
	assert_string_equal(mark, again);
	assert_true(record_is_marked(texts, 3, mark));
	assert_false(record_is_marked(texts, 2, mark));
	assert_false(record_is_marked(others, 3, mark));
	assert_false(record_is_marked(texts, 3, NULL));
	assert_false(record_is_marked(texts, 3, ""));
	path_join(path, at->dir, "mine/record-key");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(st.st_size, 32);

	cache_in(at, "theirs");
	assert_false(record_is_marked(texts, 3, mark));
	assert_ok(record_mark(texts, 3, again, &at->err), at->err);
	assert_string_not_equal(mark, again);
	assert_false(record_is_marked(texts, 3, mark));
}

/* Whoever can read it could have marked anything. */
static void a_key_that_others_read_is_not_used(void **state)
{
	struct scratch *at = *state;
	char mark[RECORD_MARK], again[RECORD_MARK], path[PATH_ROOM];

	cache_in(at, "open");
	assert_ok(record_mark(texts, 3, mark, &at->err), at->err);
	path_join(path, at->dir, "open/record-key");
	assert_int_equal(chmod(path, 0644), 0);
	assert_false(record_is_marked(texts, 3, mark));
	assert_ok(record_mark(texts, 3, again, &at->err), at->err);
	assert_string_not_equal(mark, again);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(the_key_is_needed),
		SCRATCH_TEST(a_key_that_others_read_is_not_used),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
