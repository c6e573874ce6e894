/* SPDX-License-Identifier: Apache-2.0 */
/* append_test.c - the end of a file, and what is no file. */
#include "sys/file.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/appender.h"
#include "test/support/scratch.h"

enum { LONG = 4096 };

static const char *path_of(struct scratch *at)
{
	static char path[PATH_ROOM];

	return path_join(path, at->dir, "file");
}

static void assert_file(struct scratch *at, const char *want)
{
	cleanup(buf_release) struct buf text = BUF_INIT(2 * LONG);

	assert_ok(file_read(path_of(at), &text, &at->err), at->err);
	assert_string_equal(buf_text(&text), want);
}

static int add_line(struct scratch *at, const char *line)
{
	return file_append_line(path_of(at), line, strlen(line), 0644,
				&at->err);
}

/* The kernel takes what fits, and refuses the rest: as a full disk does. */
static void limit_files(rlim_t size)
{
	const struct rlimit limit = { size, RLIM_INFINITY };

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void what_does_not_fit_is_taken_back(void **state)
{
	struct scratch *at = *state;
	char bytes[LONG];

	memset(bytes, 'x', LONG);
	assert_ok(add_line(at, "one\n"), at->err);
	limit_files(100);
	assert_error(file_append_line(path_of(at), bytes, LONG, 0644, &at->err),
		     at->err, "appending to ");
	assert_error(file_append(path_of(at), bytes, LONG, 0644, &at->err),
		     at->err, "appending to ");
	limit_files(RLIM_INFINITY);
	assert_file(at, "one\n");
	assert_ok(add_line(at, "two\n"), at->err);
	assert_file(at, "one\ntwo\n");
}

static void half_a_line_is_cut_off(void **state)
{
	struct scratch *at = *state;

	assert_ok(file_append(path_of(at), "one\ntw", 6, 0644, &at->err),
		  at->err);
	assert_ok(add_line(at, "two\n"), at->err);
	assert_file(at, "one\ntwo\n");
	scratch_write(at, "file", "half of the first");
	assert_ok(add_line(at, "one\n"), at->err);
	assert_file(at, "one\n");
}

/* A line that crosses the border of what is read at once. */
static void a_long_half_line_is_cut_off(void **state)
{
	struct scratch *at = *state;
	cleanup(buf_release) struct buf text = BUF_INIT(1 << 20);

	buf_add_str(&text, "one\n");
	while (text.len < 200000)
		buf_add_str(&text, "half ");
	scratch_write(at, "file", buf_text(&text));
	assert_ok(add_line(at, "two\n"), at->err);
	assert_file(at, "one\ntwo\n");
}

static void what_is_no_file_of_lines_stays_as_it_is(void **state)
{
	struct scratch *at = *state;
	const off_t size = (off_t)3 << 30;
	struct stat st;

	scratch_write(at, "file", "");
	assert_int_equal(truncate(path_of(at), size), 0);
	assert_error(add_line(at, "one\n"), at->err,
		     "its last line is longer than");
	assert_int_equal(stat(path_of(at), &st), 0);
	assert_true(st.st_size == size);
}

/* A run of somebody else may have a link to any file in the place of one. */
static void a_link_is_not_followed(void **state)
{
	struct scratch *at = *state;
	char other[PATH_ROOM];

	path_join(other, at->dir, "other");
	scratch_write(at, "other", "mine\n");
	assert_int_equal(symlink(other, path_of(at)), 0);
	assert_int_equal(add_line(at, "one\n"), -1);
	assert_file(at, "mine\n");
}

static void a_fifo_is_neither_read_nor_written(void **state)
{
	struct scratch *at = *state;
	cleanup(buf_release) struct buf text = BUF_INIT(LONG);

	assert_int_equal(mkfifo(path_of(at), 0600), 0);
	assert_error(file_read(path_of(at), &text, &at->err), at->err,
		     "file: not a regular file");
	assert_error(add_line(at, "one\n"), at->err, "not a regular file");
}

static void a_file_above_the_ceiling_is_not_read(void **state)
{
	struct scratch *at = *state;
	cleanup(buf_release) struct buf text = BUF_INIT(LONG);

	scratch_write(at, "file", "");
	assert_int_equal(truncate(path_of(at), (off_t)3 << 30), 0);
	assert_error(file_read(path_of(at), &text, &at->err), at->err,
		     "file: larger than 4096 bytes");
	assert_null(text.data);
}

static void a_file_of_the_ceiling_is_read(void **state)
{
	struct scratch *at = *state;
	cleanup(buf_release) struct buf text = BUF_INIT(LONG);

	scratch_write(at, "file", "");
	assert_int_equal(truncate(path_of(at), LONG), 0);
	assert_ok(file_read(path_of(at), &text, &at->err), at->err);
	assert_int_equal(text.len, LONG);
}

/* What a user names may be a device, or a pipe of the shell. */
static void a_device_may_be_named(void **state)
{
	struct scratch *at = *state;
	cleanup(buf_release) struct buf text = BUF_INIT(LONG);
	char name[64];
	int ends[2];

	assert_ok(file_read("/dev/null", &text, &at->err), at->err);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "hello", 5), 5);
	close(ends[1]);
	snprintf(name, sizeof(name), "/dev/fd/%d", ends[0]);
	assert_ok(file_read(name, &text, &at->err), at->err);
	assert_string_equal(buf_text(&text), "hello");
	close(ends[0]);
}

/* Of an open file, the lines stay in memory until the disk has room. */
static void lines_wait_for_a_full_disk(void **state)
{
	cleanup(buf_release) struct buf text = BUF_INIT(2 * LONG);
	struct scratch *at = *state;
	struct appender *a;
	char line[LONG + 1];

	memset(line, 'x', LONG);
	line[LONG - 1] = '\n';
	line[LONG] = 0;
	assert_ok(add_line(at, "one\ntw"), at->err);
	assert_ok(appender_open(path_of(at), 0644, &a, &at->err), at->err);
	assert_file(at, "one\n");
	assert_ok(appender_add(a, line, LONG, &at->err), at->err);
	limit_files(100);
	assert_error(appender_flush(a, &at->err), at->err, "appending to ");
	limit_files(RLIM_INFINITY);
	assert_file(at, "one\n");
	/* Another writer died in a line meanwhile. */
	assert_ok(file_append(path_of(at), "two\nthr", 7, 0644, &at->err),
		  at->err);
	assert_ok(appender_close(a, &at->err), at->err);
	memmove(line + 8, line, LONG - 8);
	memcpy(line, "one\ntwo\n", 8);
	assert_ok(file_read(path_of(at), &text, &at->err), at->err);
	assert_int_equal(text.len, LONG + 8);
	assert_memory_equal(text.data, line, LONG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(what_does_not_fit_is_taken_back),
		SCRATCH_TEST(lines_wait_for_a_full_disk),
		SCRATCH_TEST(half_a_line_is_cut_off),
		SCRATCH_TEST(a_long_half_line_is_cut_off),
		SCRATCH_TEST(what_is_no_file_of_lines_stays_as_it_is),
		SCRATCH_TEST(a_link_is_not_followed),
		SCRATCH_TEST(a_fifo_is_neither_read_nor_written),
		SCRATCH_TEST(a_file_above_the_ceiling_is_not_read),
		SCRATCH_TEST(a_file_of_the_ceiling_is_read),
		SCRATCH_TEST(a_device_may_be_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
