/* SPDX-License-Identifier: Apache-2.0 */
/* dir_remove_test.c - a directory goes with all that is in it, and nothing that
 * is not. */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "test/support/scratch.h"

enum { DEEP = 100, TOO_DEEP = 300, MANY = 2000, ROUNDS = 200 };

static const char *file_in(struct scratch *at, const char *name)
{
	return arena_printf(&at->arena, "%s/%s", at->dir, name);
}

static void make_dir(struct scratch *at, const char *name)
{
	assert_int_equal(mkdir(file_in(at, name), 0755), 0);
}

static void all_of_it_goes(void **state)
{
	struct scratch *at = *state;
	char name[64];

	make_dir(at, "a");
	make_dir(at, "a/empty");
	make_dir(at, "a/full");
	for (int i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "a/full/%d", i);
		scratch_write(at, name, "");
	}
	assert_int_equal(mkfifo(file_in(at, "a/fifo"), 0600), 0);
	scratch_write(at, "b", "stays");
	assert_ok(dir_remove(file_in(at, "a"), &at->err), at->err);
	assert_false(file_exists(file_in(at, "a")));
	assert_true(file_exists(file_in(at, "b")));
	/* Again, and of a file. */
	assert_ok(dir_remove(file_in(at, "a"), &at->err), at->err);
	assert_ok(dir_remove(file_in(at, "b"), &at->err), at->err);
	assert_false(file_exists(file_in(at, "b")));
	assert_ok(dir_remove("", &at->err), at->err);
	scratch_write(at, "b", "");
	assert_error(dir_remove(file_in(at, "b/c"), &at->err), at->err,
		     "Not a directory");
}

static void links_are_removed_and_not_followed(void **state)
{
	struct scratch *at = *state;

	make_dir(at, "a");
	make_dir(at, "kept");
	scratch_write(at, "kept/file", "stays");
	assert_int_equal(symlink("../kept", file_in(at, "a/link")), 0);
	assert_int_equal(symlink("nowhere", file_in(at, "a/dangling")), 0);
	assert_int_equal(symlink("kept", file_in(at, "link")), 0);
	assert_ok(dir_remove(file_in(at, "a"), &at->err), at->err);
	assert_ok(dir_remove(file_in(at, "link"), &at->err), at->err);
	assert_false(file_exists(file_in(at, "a")));
	assert_true(file_exists(file_in(at, "kept/file")));
}

/* Below each other; the names are too long for a path. */
static void nest(struct scratch *at, int depth)
{
	char name[101];
	int fd, below;

	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	make_dir(at, "a");
	fd = open(file_in(at, "a"), O_RDONLY | O_DIRECTORY);
	for (int i = 0; i < depth; i++) {
		assert_int_equal(mkdirat(fd, name, 0755), 0);
		below = openat(fd, name, O_RDONLY | O_DIRECTORY);
		assert_true(below >= 0);
		close(fd);
		fd = below;
	}
	close(fd);
}

static void a_deep_directory_goes(void **state)
{
	struct scratch *at = *state;

	nest(at, DEEP);
	assert_ok(dir_remove(file_in(at, "a"), &at->err), at->err);
	assert_false(file_exists(file_in(at, "a")));
}

/* No run, build or worktree is so deep. The test cleans up itself. */
static void one_that_is_too_deep_stays(void **state)
{
	struct scratch *at = *state;
	char command[PATH_ROOM];

	nest(at, TOO_DEEP);
	assert_error(dir_remove(file_in(at, "a"), &at->err), at->err,
		     "File name too long");
	path_printf(command, "rm -rf '%s'", file_in(at, "a"));
	assert_int_equal(system(command), 0);
}

/* ---- a link in the place of a directory, again and again ---- */

struct swapping {
	const char *dir, *link;
	atomic_bool ended;
};

static void *swap(void *ctx)
{
	struct swapping *s = ctx;

	while (!s->ended)
		renameat2(AT_FDCWD, s->dir, AT_FDCWD, s->link, RENAME_EXCHANGE);
	return NULL;
}

static void a_link_put_in_its_place_leads_nowhere(void **state)
{
	struct scratch *at = *state;

	make_dir(at, "kept");
	scratch_write(at, "kept/file", "stays");
	for (int round = 0; round < ROUNDS; round++) {
		struct swapping s = { .dir = file_in(at, "a/dir"),
				      .link = file_in(at, "a/link") };
		pthread_t thread;

		make_dir(at, "a");
		make_dir(at, "a/dir");
		scratch_write(at, "a/dir/file", "goes");
		assert_int_equal(symlink("../kept", s.link), 0);
		assert_int_equal(pthread_create(&thread, NULL, swap, &s), 0);
		dir_remove(file_in(at, "a"), NULL);
		s.ended = true;
		pthread_join(thread, NULL);
		assert_ok(dir_remove(file_in(at, "a"), &at->err), at->err);
		assert_true(file_exists(file_in(at, "kept/file")));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(all_of_it_goes),
		SCRATCH_TEST(links_are_removed_and_not_followed),
		SCRATCH_TEST(a_deep_directory_goes),
		SCRATCH_TEST(one_that_is_too_deep_stays),
		SCRATCH_TEST(a_link_put_in_its_place_leads_nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
