/* SPDX-License-Identifier: Apache-2.0 */
/* record_test.c - lines of many writers stay whole and come once. */
#include "build-and-publish/record.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "test/support/test.h"

enum { WRITERS = 8, LINES = 25 };

static void write_lines(const char *path, int writer)
{
	char word[32], commit[4000];

	/* Long enough to be torn, if it could be. */
	memset(commit, 'c', sizeof(commit) - 1);
	commit[sizeof(commit) - 1] = 0;
	for (int i = 0; i < LINES; i++) {
		struct record r = { "node", word, commit, "image", 4 };

		/* The neighbour writes half of them, too. */
		snprintf(word, sizeof(word), "w%d-%d",
			 (writer + i % 2) % WRITERS, i);
		if (record_add(path, &r, NULL) < 0)
			_exit(1);
	}
	_exit(0);
}

static void writers_do_not_mix(void **state)
{
	cleanup(buf_release) struct buf text = BUF_INIT(4 << 20);
	char dir[PATH_ROOM], path[PATH_ROOM];
	struct error err = { 0 };
	int status, lines = 0;

	(void)state;
	assert_ok(dir_make_temporary("build/record-", dir, &err), err);
	path_join(path, dir, "node-images.txt");
	for (int i = 0; i < WRITERS; i++)
		if (fork() == 0)
			write_lines(path, i);
	while (wait(&status) > 0)
		assert_int_equal(status, 0);
	assert_ok(file_read(path, &text, &err), err);
	for (char *save, *line = strtok_r((char *)text.data, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save), lines++)
		assert_true(lines ? strlen(line) > 4000 &&
					    !strncmp(line, "node\tw", 6) &&
					    line[strlen(line) - 1] == 'Z'
				  : line[0] == '#');
	assert_int_equal(lines, 1 + WRITERS * LINES);
	assert_ok(dir_remove(dir, &err), err);
}

static void a_cached_image_is_not_repeated(void **state)
{
	cleanup(buf_release) struct buf text = BUF_INIT(1 << 20);
	struct record r = { "node", "main", "aaaa", "image@1", 4 };
	char dir[PATH_ROOM], path[PATH_ROOM];
	struct error err = { 0 };
	size_t len;

	(void)state;
	assert_ok(dir_make_temporary("build/record-", dir, &err), err);
	path_join(path, dir, "node-images.txt");
	assert_ok(record_add(path, &r, &err), err);
	assert_ok(file_read(path, &text, &err), err);
	len = text.len;
	assert_ok(record_add(path, &r, &err), err);
	buf_clear(&text);
	assert_ok(file_read(path, &text, &err), err);
	assert_int_equal(text.len, len);
	r.commit = "bbbb";
	assert_ok(record_add(path, &r, &err), err);
	buf_clear(&text);
	assert_ok(file_read(path, &text, &err), err);
	assert_true(text.len > len);
	assert_ok(dir_remove(dir, &err), err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writers_do_not_mix),
		cmocka_unit_test(a_cached_image_is_not_repeated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
