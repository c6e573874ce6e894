/* SPDX-License-Identifier: Apache-2.0 */
/* record_test.c - lines of many writers stay whole and come once. */
#include "build-and-publish/record.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "test/support/test.h"

enum { WRITERS = 8, LINES = 25 };

static void write_lines(const char *dir, int writer)
{
	char word[32], commit[4000];

	/* Long enough to be torn, if it could be. */
	memset(commit, 'c', sizeof(commit) - 1);
	commit[sizeof(commit) - 1] = 0;
	for (int i = 0; i < LINES; i++) {
		const struct built_image r = { "image", "node", word, commit,
					       4,	NULL,	NULL };

		/* The neighbour writes half of them, too. */
		snprintf(word, sizeof(word), "w%d-%d",
			 (writer + i % 2) % WRITERS, i);
		if (record_add(dir, &r, NULL) < 0)
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
			write_lines(dir, i);
	while (wait(&status) > 0)
		assert_int_equal(status, 0);
	assert_ok(file_read(path, &text, &err), err);
	for (char *save, *line = strtok_r((char *)text.data, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save), lines++)
		assert_true(
			lines ? strlen(line) > 4000 &&
					!strncmp(line, "image\tnode\tw", 12) &&
					line[strlen(line) - 1] == '-'
			      : line[0] == '#');
	assert_int_equal(lines, 1 + WRITERS * LINES);
	assert_ok(dir_remove(dir, &err), err);
}

/* What the file says in the end; `count` lines. */
static struct built_images all_of(const char *dir, struct arena *arena)
{
	struct built_images all = { 0 };
	struct error err = { 0 };
	char path[PATH_ROOM];

	assert_ok(built_images_read(record_path(dir, path), arena, &all, &err),
		  err);
	return all;
}

static void the_last_line_of_a_release_counts(void **state)
{
	struct built_image r = { "image@1", "node", "main", "aaaa",
				 4,	    NULL,   NULL };
	struct arena arena = ARENA_INIT(1 << 20);
	char dir[PATH_ROOM];
	struct error err = { 0 };

	(void)state;
	assert_ok(dir_make_temporary("build/record-", dir, &err), err);
	assert_ok(record_add(dir, &r, &err), err);
	assert_ok(record_add(dir, &r, &err), err);
	assert_int_equal(all_of(dir, &arena).count, 1);
	r.commit = "bbbb";
	assert_ok(record_add(dir, &r, &err), err);
	/* Back again: said again, or the line between would count. */
	r.commit = "aaaa";
	assert_ok(record_add(dir, &r, &err), err);
	assert_int_equal(all_of(dir, &arena).count, 3);
	assert_string_equal(all_of(dir, &arena).list[2].commit, "aaaa");
	arena_release(&arena);
	assert_ok(dir_remove(dir, &err), err);
}

static void what_is_no_line_is_named(void **state)
{
	static const char torn[] = "# image\tcomponent\trelease\tcommit\t"
				   "platform version\ttime (UTC)\na\tb\n";
	const struct built_image r = { "image@1", "node", "main", "aaaa",
				       4,	  NULL,	  NULL };
	char dir[PATH_ROOM], path[PATH_ROOM];
	struct error err = { 0 };

	(void)state;
	assert_ok(dir_make_temporary("build/record-", dir, &err), err);
	record_path(dir, path);
	assert_ok(file_write(path, torn, sizeof(torn) - 1, 0600, &err), err);
	assert_error(record_add(dir, &r, &err), err, "node-images.txt:2: ");
	assert_error(record_add(dir, &r, &err), err, "move this file away");
	assert_ok(dir_remove(dir, &err), err);
}

static void a_file_of_another_form_is_set_aside(void **state)
{
	const struct built_image r = { "image@1", "node", "main", "aaaa",
				       4,	  NULL,	  NULL };
	struct arena arena = ARENA_INIT(1 << 20);
	char dir[PATH_ROOM], path[PATH_ROOM], aside[PATH_ROOM];
	struct error err = { 0 };

	(void)state;
	assert_ok(dir_make_temporary("build/record-", dir, &err), err);
	record_path(dir, path);
	assert_ok(file_write(path, "# old\nx\n", 8, 0600, &err), err);
	assert_ok(record_add(dir, &r, &err), err);
	assert_int_equal(all_of(dir, &arena).count, 1);
	assert_true(file_exists(path_printf(aside, "%s.old", path)));
	arena_release(&arena);
	assert_ok(dir_remove(dir, &err), err);
}

/* By a medley that had no column for the contracts jar. */
static void an_earlier_file_goes_on(void **state)
{
	static const char earlier[] =
		"# image\tcomponent\trelease\tcommit\tplatform version\ttime "
		"(UTC)\nimage@1\tcordapps\tfinance-4.0\tmaven:4.0\t-\t"
		"2026-11-21T07:50:12.345Z\n";
	struct built_image r = { "image@1",   "cordapps", "finance-4.0",
				 "maven:4.0", 0,	  NULL,
				 "0a1b" };
	cleanup(buf_release) struct buf text = BUF_INIT(1 << 20);
	struct arena arena = ARENA_INIT(1 << 20);
	char dir[PATH_ROOM], path[PATH_ROOM];
	struct error err = { 0 };
	struct built_images all;

	(void)state;
	assert_ok(dir_make_temporary("build/record-", dir, &err), err);
	record_path(dir, path);
	assert_ok(file_write(path, earlier, sizeof(earlier) - 1, 0600, &err),
		  err);
	assert_null(all_of(dir, &arena).list[0].contracts);
	assert_ok(record_add(dir, &r, &err), err);
	assert_ok(record_add(dir, &r, &err), err);
	all = all_of(dir, &arena);
	assert_int_equal(all.count, 2);
	assert_string_equal(all.list[0].time, "2026-11-21T07:50:12.345Z");
	assert_string_equal(all.list[1].contracts, "0a1b");
	assert_ok(file_read(path, &text, &err), err);
	assert_non_null(
		strstr(buf_text(&text),
		       "\ttime (UTC)\tcontracts jar, SHA-256\nimage@1"));
	arena_release(&arena);
	assert_ok(dir_remove(dir, &err), err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writers_do_not_mix),
		cmocka_unit_test(the_last_line_of_a_release_counts),
		cmocka_unit_test(what_is_no_line_is_named),
		cmocka_unit_test(a_file_of_another_form_is_set_aside),
		cmocka_unit_test(an_earlier_file_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
