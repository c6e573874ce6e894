/* SPDX-License-Identifier: Apache-2.0 */
/* home_test.c - medley's data files: found, or what to do is said. */
#include "sys/home.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/home_data.h"

#include "test/support/scratch.h"

static void data_is_there(void **state)
{
	(void)state;
	unsetenv("MEDLEY_HOME");
	assert_int_equal(home_check(NULL), 0);
}

static void a_home_without_data_is_named(void **state)
{
	struct scratch *at = *state;
	struct error err = { 0 };
	char expected[PATH_ROOM];

	setenv("MEDLEY_HOME", at->dir, 1);
	assert_int_equal(home_check(&err), -1);
	assert_int_equal(err.kind, ERROR_INPUT);
	path_printf(expected, "MEDLEY_HOME is %s, which has no generate/",
		    at->dir);
	assert_non_null(strstr(err.text, expected));
	unsetenv("MEDLEY_HOME");
}

/* ---- the program's own copy ---- */

static void unpack(struct scratch *at, char room[PATH_ROOM])
{
	struct error err = { 0 };

	setenv("MEDLEY_CACHE", at->dir, 1);
	assert_ok(home_unpack(room, &err), err);
}

static const struct home_file *file_named(const char *name)
{
	for (unsigned i = 0; i < home_file_count; i++)
		if (!strcmp(home_files[i].name, name))
			return &home_files[i];
	fail_msg("no %s", name);
	return NULL;
}

static void assert_whole(const char *dir)
{
	for (unsigned i = 0; i < home_file_count; i++) {
		const struct home_file *f = &home_files[i];
		cleanup(buf_release) struct buf text = BUF_INIT(1 << 20);
		struct error err = { 0 };
		char path[PATH_ROOM];
		struct stat st;

		assert_ok(file_read(path_join(path, dir, f->name), &text, &err),
			  err);
		assert_int_equal(text.len, f->end - f->begin);
		assert_memory_equal(text.data, f->begin, text.len);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 0777, f->program ? 0755 : 0644);
	}
}

static void the_copy_is_that_of_the_checkout(void **state)
{
	struct scratch *at = *state;
	char dir[PATH_ROOM], again[PATH_ROOM];
	struct stat st;

	unpack(at, dir);
	assert_whole(dir);
	assert_true(home_file_count > 40);
	assert_true(file_named("build-and-publish/recipes/notary/start.sh")
			    ->program);
	for (unsigned i = 0; i < home_file_count; i++) {
		const struct home_file *f = &home_files[i];
		cleanup(buf_release) struct buf text = BUF_INIT(1 << 20);
		struct error err = { 0 };

		assert_ok(file_read(f->name, &text, &err), err);
		assert_memory_equal(text.data, f->begin, text.len);
	}
	assert_int_equal(stat(dir, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	unpack(at, again);
	assert_string_equal(dir, again);
}

/* What somebody did to the directory. */
static void damage(const char *dir, unsigned way)
{
	char path[PATH_ROOM], other[PATH_ROOM];
	struct error err = { 0 };

	path_join(path, dir, "generate/node-conf.yaml");
	path_join(other, dir, "build-and-publish/recipes/mine");
	switch (way) {
	case 0:
		assert_ok(file_write(path, "x", 1, 0644, &err), err);
		break;
	case 1:
		assert_int_equal(unlink(path), 0);
		break;
	case 2:
		assert_int_equal(unlink(path), 0);
		assert_int_equal(symlink("/dev/null", path), 0);
		break;
	case 3:
		assert_int_equal(chmod(path, 0666), 0);
		break;
	case 4:
		assert_int_equal(chmod(dir, 0777), 0);
		break;
	case 5:
		assert_ok(file_write(other, "x", 1, 0644, &err), err);
		break;
	case 6:
		assert_int_equal(unlink(path), 0);
		assert_int_equal(mkfifo(path, 0600), 0);
		break;
	default:
		assert_ok(dir_remove(dir, &err), err);
		assert_ok(file_write(dir, "x", 1, 0644, &err), err);
	}
}

static int count_name(const char *name, void *ctx)
{
	(void)name;
	++*(unsigned *)ctx;
	return 0;
}

static void a_damaged_copy_is_made_anew(void **state)
{
	struct scratch *at = *state;

	for (unsigned way = 0; way < 8; way++) {
		struct error err = { 0 };
		char dir[PATH_ROOM], path[PATH_ROOM];
		unsigned names = 0;
		struct stat st;

		unpack(at, dir);
		damage(dir, way);
		unpack(at, dir);
		assert_whole(dir);
		assert_int_equal(stat(dir, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0700);
		path_join(path, dir, "build-and-publish/recipes/mine");
		assert_false(file_exists(path));
		/* Nothing is left beside it. */
		path_join(path, at->dir, "data");
		assert_ok(dir_each(path, count_name, &names, &err), err);
		assert_int_equal(names, 1);
	}
}

static void a_cache_that_is_a_file_is_an_error(void **state)
{
	struct scratch *at = *state;
	struct error err = { 0 };
	char path[PATH_ROOM], room[PATH_ROOM];

	setenv("MEDLEY_CACHE", at->dir, 1);
	assert_ok(file_write(path_join(path, at->dir, "data"), "", 0, 0600,
			     &err),
		  err);
	assert_error(home_unpack(room, &err), err, "/data");
	assert_int_equal(err.kind, ERROR_INPUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(data_is_there),
		SCRATCH_TEST(a_home_without_data_is_named),
		SCRATCH_TEST(the_copy_is_that_of_the_checkout),
		SCRATCH_TEST(a_damaged_copy_is_made_anew),
		SCRATCH_TEST(a_cache_that_is_a_file_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
