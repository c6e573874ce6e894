/* SPDX-License-Identifier: Apache-2.0 */
/* file_ends_test.c - logs are cut at lines, and nothing strange is opened. */
#include "engine/file_ends.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/file.h"
#include "test/support/test.h"

static char dir[PATH_ROOM], out[PATH_ROOM];

static int make_directory(void **state)
{
	struct error err;

	(void)state;
	if (dir_make_temporary("/tmp/medley-test-", dir, &err) < 0)
		return -1;
	path_join(out, dir, "saved");
	return 0;
}

static int remove_directory(void **state)
{
	(void)state;
	return dir_remove(dir, NULL);
}

static void make_file(const char *name, const char *text)
{
	char path[PATH_ROOM];
	struct error err;

	assert_ok(file_write(path_join(path, dir, name), text, strlen(text),
			     0600, &err),
		  err);
}

static void assert_saved(size_t max, const char *expected)
{
	cleanup(buf_release) struct buf text = BUF_INIT(4096);
	struct error err;

	assert_ok(file_ends_save(dir, ".log", max, out, &err), err);
	assert_ok(file_read(out, &text, &err), err);
	assert_string_equal(buf_text(&text), expected);
}

static void the_ends_of_all_logs_are_saved(void **state)
{
	(void)state;
	make_file("node-b.log", "one\ntwo\nthree\n");
	make_file("node-a.log", "four\nfive");
	make_file("empty.log", "");
	make_file("node.conf", "secret\n");
	assert_saved(100, "==> node-a.log <==\nfour\nfive"
			  "\n==> node-b.log <==\none\ntwo\nthree\n");
	assert_saved(8, "==> node-a.log <==\nfive"
			"\n==> node-b.log <==\nthree\n");
}

static void only_plain_files_are_opened(void **state)
{
	char path[PATH_ROOM];
	struct error err;

	(void)state;
	assert_int_equal(mkfifo(path_join(path, dir, "pipe.log"), 0600), 0);
	assert_int_equal(symlink("/etc/passwd", path_join(path, dir, "l.log")),
			 0);
	assert_int_equal(mkdir(path_join(path, dir, "d.log"), 0700), 0);
	assert_ok(file_ends_save(dir, ".log", 100, out, &err), err);
	assert_false(file_exists(out));
	make_file("node.log", "x\n");
	assert_saved(100, "==> node.log <==\nx\n");
}

static void a_linked_directory_is_refused(void **state)
{
	char path[PATH_ROOM];
	struct error err;

	(void)state;
	assert_int_equal(symlink("/etc", path_join(path, dir, "logs")), 0);
	assert_int_equal(file_ends_save(path, ".conf", 100, out, &err), -1);
	assert_false(file_exists(out));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_ends_of_all_logs_are_saved,
						make_directory,
						remove_directory),
		cmocka_unit_test_setup_teardown(only_plain_files_are_opened,
						make_directory,
						remove_directory),
		cmocka_unit_test_setup_teardown(a_linked_directory_is_refused,
						make_directory,
						remove_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
