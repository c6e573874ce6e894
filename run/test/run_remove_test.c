/* SPDX-License-Identifier: Apache-2.0 */
/* run_remove_test.c - runs go whole, or stay; what they link to stays. */
#include "run/run_remove.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "run/run.h"
#include "test/support/scratch.h"

static const char *file_in(struct scratch *at, const char *name)
{
	return arena_printf(&at->arena, "%s/%s", at->dir, name);
}

static void make_dir(struct scratch *at, const char *name)
{
	assert_int_equal(mkdir(file_in(at, name), 0755), 0);
}

/* All its files were written a day ago. */
static int age(const char *name, void *ctx)
{
	const struct timespec then[2] = { { time(NULL) - 86400, 0 },
					  { time(NULL) - 86400, 0 } };
	char path[PATH_ROOM];

	return utimensat(AT_FDCWD, path_join(path, ctx, name), then,
			 AT_SYMLINK_NOFOLLOW);
}

static void make_old(struct scratch *at, const char *name)
{
	const char *dir = file_in(at, name);

	assert_int_equal(dir_each(dir, age, (void *)dir, NULL), 0);
	assert_int_equal(age(".", (void *)dir), 0);
}

static void make_run(struct scratch *at, const char *name)
{
	char path[PATH_ROOM];

	make_dir(at, name);
	make_dir(at, path_printf(path, "%s/logs", name));
	scratch_write(at, path_printf(path, "%s/network.resolved.yaml", name),
		      "");
	scratch_write(at, path_printf(path, "%s/logs/bank.log", name), "x");
	scratch_write(at, path_printf(path, "%s/lock", name), "");
	make_old(at, name);
}

static void a_run_is_removed(void **state)
{
	struct scratch *at = *state;

	make_run(at, "a");
	make_run(at, "b");
	assert_int_equal(run_in_use(file_in(at, "a")), RETENTION_FREE);
	assert_int_equal(run_remove(at->dir, "a", &at->err), 1);
	assert_false(file_exists(file_in(at, "a")));
	assert_false(file_exists(file_in(at, ".removing-a")));
	assert_true(file_exists(file_in(at, "b/logs/bank.log")));
}

static void a_run_in_use_stays(void **state)
{
	struct scratch *at = *state;
	int lock;

	make_run(at, "a");
	assert_int_equal(run_hold(file_in(at, "a"), &lock, &at->err), 1);
	assert_int_equal(run_in_use(file_in(at, "a")), RETENTION_WORKING);
	assert_int_equal(run_remove(at->dir, "a", &at->err), 0);
	close(lock);
	assert_ok(inventory_add(file_in(at, "a"), "pod", "p", &at->err),
		  at->err);
	make_old(at, "a");
	assert_int_equal(run_in_use(file_in(at, "a")), RETENTION_UP);
	assert_int_equal(run_remove(at->dir, "a", &at->err), 0);
	assert_ok(inventory_close(file_in(at, "a"), &at->err), at->err);
	assert_int_equal(run_in_use(file_in(at, "a")), RETENTION_FRESH);
	assert_int_equal(run_remove(at->dir, "a", &at->err), 0);
	scratch_write(at, "a/inventory.jsonl", "no item\n");
	make_old(at, "a");
	assert_int_equal(run_in_use(file_in(at, "a")), RETENTION_UNKNOWN);
	assert_int_equal(run_remove(at->dir, "a", &at->err), 0);
	assert_true(file_exists(file_in(at, "a/logs/bank.log")));
	scratch_write(at, "a/inventory.jsonl", "");
	make_old(at, "a");
	assert_int_equal(run_remove(at->dir, "a", &at->err), 1);
}

static void what_links_lead_to_stays(void **state)
{
	struct scratch *at = *state;
	char path[PATH_ROOM];

	make_run(at, "a");
	make_run(at, "b");
	assert_int_equal(symlink("../b", path_join(path, at->dir, "a/config")),
			 0);
	assert_int_equal(symlink("../../b/logs/bank.log",
				 path_join(path, at->dir, "a/logs/link")),
			 0);
	make_old(at, "a");
	make_old(at, "b");
	assert_int_equal(run_remove(at->dir, "a", &at->err), 1);
	assert_true(file_exists(file_in(at, "b/logs/bank.log")));
	/* A link in the place of a run, and names that are no run's. */
	assert_int_equal(symlink("b", path_join(path, at->dir, "c")), 0);
	assert_error(run_remove(at->dir, "c", &at->err), at->err,
		     "is not the directory of a run");
	assert_error(run_remove(at->dir, "b/logs", &at->err), at->err,
		     "is not the directory of a run");
	assert_error(run_remove(at->dir, "..", &at->err), at->err,
		     "is not the directory of a run");
	assert_true(file_exists(file_in(at, "b/logs/bank.log")));
}

static void an_interrupted_removal_is_finished(void **state)
{
	struct scratch *at = *state;
	char path[PATH_ROOM];
	unsigned count;

	make_run(at, ".removing-a");
	make_run(at, "a");
	make_run(at, "b");
	/* A link of that name is removed, not what it leads to. */
	assert_int_equal(symlink("b", path_join(path, at->dir, ".removing-c")),
			 0);
	assert_int_equal(run_remove(at->dir, "a", &at->err), 1);
	make_run(at, ".removing-a");
	assert_ok(run_remove_rest(at->dir, &count, &at->err), at->err);
	assert_int_equal(count, 2);
	assert_false(file_exists(file_in(at, ".removing-a")));
	assert_true(file_exists(file_in(at, "b/logs/bank.log")));
	assert_ok(run_remove_rest(at->dir, &count, &at->err), at->err);
	assert_int_equal(count, 0);
	assert_ok(run_remove_rest(file_in(at, "none"), &count, &at->err),
		  at->err);
}

static void latest_is_the_newest_run_that_is_left(void **state)
{
	struct scratch *at = *state;
	char target[PATH_ROOM] = "";

	make_run(at, "20261121-000000");
	make_run(at, "20261122-000000");
	make_run(at, "20261123-000000");
	assert_ok(run_point_latest(at->dir, file_in(at, "20261123-000000"),
				   &at->err),
		  at->err);
	assert_int_equal(run_remove(at->dir, "20261123-000000", &at->err), 1);
	assert_ok(run_mend_latest(at->dir, &at->err), at->err);
	assert_int_equal(readlink(file_in(at, "latest"), target,
				  sizeof(target) - 1),
			 15);
	assert_string_equal(target, "20261122-000000");
	/* It is right, or somebody's own: it stays. */
	assert_int_equal(run_remove(at->dir, "20261121-000000", &at->err), 1);
	assert_ok(run_mend_latest(at->dir, &at->err), at->err);
	assert_true(file_exists(file_in(at, "latest")));
	assert_int_equal(run_remove(at->dir, "20261122-000000", &at->err), 1);
	assert_ok(run_mend_latest(at->dir, &at->err), at->err);
	assert_int_equal(readlink(file_in(at, "latest"), target,
				  sizeof(target) - 1),
			 -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(a_run_is_removed),
		SCRATCH_TEST(a_run_in_use_stays),
		SCRATCH_TEST(what_links_lead_to_stays),
		SCRATCH_TEST(an_interrupted_removal_is_finished),
		SCRATCH_TEST(latest_is_the_newest_run_that_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
