/* SPDX-License-Identifier: Apache-2.0 */
/* image_record_test.c - lines of many writers stay whole and come once. */
#include "build-and-publish/image_record.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "test/support/scratch.h"

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
	struct scratch *at = *state;
	cleanup(buf_release) struct buf text = BUF_INIT(4 << 20);
	char path[PATH_ROOM];
	int status, lines = 0;

	path_join(path, at->dir, "node-images.txt");
	for (int i = 0; i < WRITERS; i++)
		if (fork() == 0)
			write_lines(at->dir, i);
	while (wait(&status) > 0)
		assert_int_equal(status, 0);
	assert_ok(file_read(path, &text, &at->err), at->err);
	for (char *save, *line = strtok_r((char *)text.data, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save), lines++)
		assert_true(
			lines ? strlen(line) > 4000 &&
					!strncmp(line, "image\tnode\tw", 12) &&
					line[strlen(line) - 1] == '-'
			      : line[0] == '#');
	assert_int_equal(lines, 1 + WRITERS * LINES);
}

/* What the file says in the end. */
static struct built_images all_of(struct scratch *at)
{
	struct built_images all = { 0 };
	char path[PATH_ROOM];

	assert_ok(built_images_read(record_path(at->dir, path), &at->arena,
				    &all, &at->err),
		  at->err);
	return all;
}

static void the_mark_of_an_editor_costs_no_line(void **state)
{
	struct scratch *at = *state;
	cleanup(buf_release) struct buf text = BUF_INIT(4 << 20);
	struct built_image r = { "image@1", "node", "main", "aaaa",
				 4,	    NULL,   NULL };
	char path[PATH_ROOM];

	assert_ok(record_add(at->dir, &r, &at->err), at->err);
	buf_add_str(&text, "\xef\xbb\xbf");
	assert_ok(file_read(record_path(at->dir, path), &text, &at->err),
		  at->err);
	assert_ok(file_write(path, text.data, text.len, 0644, &at->err),
		  at->err);
	assert_int_equal(all_of(at).count, 1);
	r.release = "other";
	assert_ok(record_add(at->dir, &r, &at->err), at->err);
	assert_int_equal(all_of(at).count, 2);
}

static void the_last_line_of_a_release_counts(void **state)
{
	struct scratch *at = *state;
	struct built_image r = { "image@1", "node", "main", "aaaa",
				 4,	    NULL,   NULL };

	assert_ok(record_add(at->dir, &r, &at->err), at->err);
	assert_ok(record_add(at->dir, &r, &at->err), at->err);
	assert_int_equal(all_of(at).count, 1);
	r.commit = "bbbb";
	assert_ok(record_add(at->dir, &r, &at->err), at->err);
	/* Back again: said again, or the line between would count. */
	r.commit = "aaaa";
	assert_ok(record_add(at->dir, &r, &at->err), at->err);
	assert_int_equal(all_of(at).count, 3);
	assert_string_equal(all_of(at).list[2].commit, "aaaa");
}

static void what_is_no_line_is_named(void **state)
{
	struct scratch *at = *state;
	static const char torn[] = "# image\tcomponent\trelease\tcommit\t"
				   "platform version\ttime (UTC)\na\tb\n";
	const struct built_image r = { "image@1", "node", "main", "aaaa",
				       4,	  NULL,	  NULL };
	char path[PATH_ROOM];

	record_path(at->dir, path);
	assert_ok(file_write(path, torn, sizeof(torn) - 1, 0600, &at->err),
		  at->err);
	assert_error(record_add(at->dir, &r, &at->err), at->err,
		     "node-images.txt:2: ");
	assert_error(record_add(at->dir, &r, &at->err), at->err,
		     "move this file away");
}

static void a_file_of_another_form_is_set_aside(void **state)
{
	struct scratch *at = *state;
	const struct built_image r = { "image@1", "node", "main", "aaaa",
				       4,	  NULL,	  NULL };
	char path[PATH_ROOM], aside[PATH_ROOM];

	record_path(at->dir, path);
	assert_ok(file_write(path, "# old\nx\n", 8, 0600, &at->err), at->err);
	assert_ok(record_add(at->dir, &r, &at->err), at->err);
	assert_int_equal(all_of(at).count, 1);
	assert_true(file_exists(path_printf(aside, "%s.old", path)));
}

/* By a medley that had no column for the contracts jar. */
static void an_earlier_file_goes_on(void **state)
{
	struct scratch *at = *state;
	static const char earlier[] =
		"# image\tcomponent\trelease\tcommit\tplatform version\ttime "
		"(UTC)\nimage@1\tcordapps\tfinance-4.0\tmaven:4.0\t-\t"
		"2026-11-21T07:50:12.345Z\n";
	struct built_image r = { "image@1",   "cordapps", "finance-4.0",
				 "maven:4.0", 0,	  NULL,
				 "0a1b" };
	cleanup(buf_release) struct buf text = BUF_INIT(1 << 20);
	char path[PATH_ROOM];
	struct built_images all;

	record_path(at->dir, path);
	assert_ok(file_write(path, earlier, sizeof(earlier) - 1, 0600,
			     &at->err),
		  at->err);
	assert_null(all_of(at).list[0].contracts);
	assert_ok(record_add(at->dir, &r, &at->err), at->err);
	assert_ok(record_add(at->dir, &r, &at->err), at->err);
	all = all_of(at);
	assert_int_equal(all.count, 2);
	assert_string_equal(all.list[0].time, "2026-11-21T07:50:12.345Z");
	assert_string_equal(all.list[1].contracts, "0a1b");
	assert_ok(file_read(path, &text, &at->err), at->err);
	assert_non_null(
		strstr(buf_text(&text),
		       "\ttime (UTC)\tcontracts jar, SHA-256\nimage@1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(writers_do_not_mix),
		SCRATCH_TEST(the_mark_of_an_editor_costs_no_line),
		SCRATCH_TEST(the_last_line_of_a_release_counts),
		SCRATCH_TEST(what_is_no_line_is_named),
		SCRATCH_TEST(a_file_of_another_form_is_set_aside),
		SCRATCH_TEST(an_earlier_file_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
