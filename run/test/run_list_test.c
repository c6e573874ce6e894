/* SPDX-License-Identifier: Apache-2.0 */
/* run_list_test.c - runs are listed by age, and found by their names. */
#include "test/support/scratch.h"

#include <sys/stat.h>
#include <unistd.h>

#include "run/run_list.h"

static void make_run(struct scratch *at, const char *name)
{
	char path[PATH_ROOM];

	assert_int_equal(mkdir(path_join(path, at->dir, name), 0755), 0);
	path_printf(path, "%s/network.resolved.yaml", name);
	scratch_write(at, path, "");
}

static void make_runs(struct scratch *at)
{
	char path[PATH_ROOM];

	make_run(at, "20261121-075012");
	make_run(at, "20261122-080000-2");
	make_run(at, "20261122-080000");
	make_run(at, "red");
	assert_int_equal(mkdir(path_join(path, at->dir, "not-a-run"), 0755), 0);
	assert_int_equal(symlink("red", path_join(path, at->dir, "latest")), 0);
}

static void the_newest_is_first(void **state)
{
	struct scratch *at = *state;
	struct run_entry *runs;
	unsigned count;

	make_runs(at);
	assert_ok(run_list(at->dir, &at->arena, &runs, &count, &at->err),
		  at->err);
	assert_int_equal(count, 4);
	/* The time of "red" is that of its file: either end. */
	for (unsigned i = 1; i < count; i++)
		assert_true(runs[i - 1].begun_us >= runs[i].begun_us);
	assert_true(runs[0].begun_us > 0);
}

static void no_directory_is_no_run(void **state)
{
	struct scratch *at = *state;
	struct run_entry *runs;
	unsigned count = 1;
	char path[PATH_ROOM];

	path_join(path, at->dir, "none");
	assert_ok(run_list(path, &at->arena, &runs, &count, &at->err), at->err);
	assert_int_equal(count, 0);
}

static void assert_found(struct scratch *at, const char *word, const char *name)
{
	char expected[PATH_ROOM], found[PATH_ROOM];

	assert_ok(run_find(at->dir, word, found, &at->err), at->err);
	assert_string_equal(found, path_join(expected, at->dir, name));
}

static void a_name_or_its_beginning_finds_a_run(void **state)
{
	struct scratch *at = *state;
	char found[PATH_ROOM];

	make_runs(at);
	assert_found(at, "red", "red");
	assert_found(at, "r", "red");
	assert_found(at, "20261121", "20261121-075012");
	/* A whole name that others begin with is not ambiguous. */
	assert_found(at, "20261122-080000", "20261122-080000");
	assert_found(at, "latest", "latest");
	assert_error(run_find(at->dir, "2026", found, &at->err), at->err,
		     "3 runs begin with '2026': 20261122-080000-2, "
		     "20261122-080000, 20261121-075012; type more characters "
		     "of the name");
	assert_int_equal(at->err.kind, ERROR_INPUT);
	assert_error(run_find(at->dir, "rad", found, &at->err), at->err,
		     "did you mean 'red'?");
	assert_error(run_find(at->dir, "nothing-like-it", found, &at->err),
		     at->err, "'medley list' lists the runs");
}

static void a_path_stays_a_path(void **state)
{
	struct scratch *at = *state;
	char found[PATH_ROOM];

	make_runs(at);
	assert_ok(run_find(at->dir, "elsewhere/red", found, &at->err), at->err);
	assert_string_equal(found, "elsewhere/red");
	/* The tests run in the checkout, which has this directory. */
	assert_ok(run_find(at->dir, "run", found, &at->err), at->err);
	assert_string_equal(found, "run");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(the_newest_is_first),
		SCRATCH_TEST(no_directory_is_no_run),
		SCRATCH_TEST(a_name_or_its_beginning_finds_a_run),
		SCRATCH_TEST(a_path_stays_a_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
