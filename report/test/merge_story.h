/* SPDX-License-Identifier: Apache-2.0 */
/* merge_story.h - stored runs that are judged in a directory of their own, and
 * whose results are altered and joined. */
#ifndef REPORT_TEST_MERGE_STORY_H
#define REPORT_TEST_MERGE_STORY_H

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "data/json.h"
#include "report/report.h"
#include "sys/file.h"
#include "test/support/test.h"

enum { ROOM = 16 * 1024 * 1024 };

struct merge_story {
	char top[PATH_ROOM]; /* the checkout */
	char tmp[PATH_ROOM]; /* where a test works */
	struct buf text;
	int exit_code;
};

struct copying {
	char from[PATH_ROOM];
	const char *to;
};

static inline int copy_one(const char *name, void *ctx)
{
	struct copying *c = ctx;
	char from[PATH_ROOM], to[PATH_ROOM];
	struct error err = { 0 };

	assert_ok(file_copy(path_join(from, c->from, name),
			    path_join(to, c->to, name), 0644, &err),
		  err);
	return 0;
}

/* A directory `name` with a stored run, judged. */
static inline void judge_run(struct merge_story *s, const char *stored,
			     const char *name)
{
	struct copying c = { .to = name };
	struct buf text = BUF_INIT(ROOM);
	struct error err = { 0 };
	int exit_code;

	path_printf(c.from, "%s/test/vectors/report/%s", s->top, stored);
	assert_ok(dir_make(name, 0755, &err), err);
	assert_ok(dir_each(c.from, copy_one, &c, &err), err);
	assert_ok(report_write(name, NULL, &text, &exit_code, &err), err);
	buf_release(&text);
}

static inline struct js *results_of(const char *dir)
{
	char path[PATH_ROOM];
	struct error err = { 0 };
	struct js *root;

	assert_ok(js_read_file(path_join(path, dir, "results.json"), &root,
			       &err),
		  err);
	return root;
}

static inline void keep_results(const char *dir, struct js *root)
{
	cleanup(buf_release) struct buf text = BUF_INIT(ROOM);
	char path[PATH_ROOM];
	struct error err = { 0 };

	assert_ok(js_print(root, JS_PRETTY, &text, &err), err);
	assert_ok(file_write(path_join(path, dir, "results.json"), text.data,
			     text.len, 0644, &err),
		  err);
	js_free(root);
}

/* Replaces the first such text in the file. */
static inline void replace(const char *dir, const char *from, const char *to)
{
	cleanup(buf_release) struct buf old = BUF_INIT(ROOM);
	cleanup(buf_release) struct buf text = BUF_INIT(ROOM);
	char path[PATH_ROOM];
	struct error err = { 0 };
	const char *at;

	path_join(path, dir, "results.json");
	assert_ok(file_read(path, &old, &err), err);
	at = strstr(buf_text(&old), from);
	if (!at)
		fail_msg("%s has no %s", path, from);
	buf_add(&text, buf_text(&old), (size_t)(at - buf_text(&old)));
	buf_add_str(&text, to);
	buf_add_str(&text, at + strlen(from));
	assert_ok(file_write(path, text.data, text.len, 0644, &err), err);
}

static inline struct js *part(struct js *root, const char *list, size_t at)
{
	return (struct js *)js_at(js_get(root, list), at);
}

/* The cell in which payments were made and which is this one of them. */
static inline struct js *paid_cell(struct js *root, const char *payer)
{
	const struct js *cells = js_get(root, "cells");

	for (size_t i = 0; i < js_count(cells); i++)
		if (js_int(js_at(cells, i), "payments", 0) &&
		    !strcmp(js_str(js_at(cells, i), "payer"), payer))
			return (struct js *)js_at(cells, i);
	fail_msg("nobody of %s paid", payer);
	return NULL;
}

#define RED_PAYER "4.10+finance-4.10"

/* The red run as if all had gone well. */
static inline void mend(const char *dir)
{
	struct js *root = results_of(dir);
	struct js *cell = paid_cell(root, RED_PAYER);

	js_set_str(root, "answer", "PASS");
	js_set_str(root, "reason", NULL);
	js_set_int(root, "exit_code", 0);
	js_set(root, "findings", js_array());
	js_set_str(cell, "verdict", "pass");
	js_set_str(cell, "judged", "pass");
	js_set_str(cell, "reason", NULL);
	js_set(cell, "findings", js_array());
	js_set(cell, "examples", js_array());
	js_set_int(cell, "settled", 6);
	js_set_int(cell, "lost", 0);
	keep_results(dir, root);
}

static inline int join_to(struct merge_story *s, const char *a, const char *b,
			  struct error *err)
{
	const char *dirs[] = { a, b };

	assert_ok(dir_make("out", 0755, err), *err);
	buf_clear(&s->text);
	return report_merge(dirs, b ? 2 : 1, "out", NULL, &s->text,
			    &s->exit_code, err);
}

/* Joins two, and gives results.json of both together. */
static inline struct js *joined(struct merge_story *s, const char *a,
				const char *b)
{
	struct error err = { 0 };

	assert_ok(join_to(s, a, b, &err), err);
	return results_of("out");
}

static inline void assert_text(const struct merge_story *s,
			       const char *part_of_it)
{
	if (!strstr(buf_text(&s->text), part_of_it))
		fail_msg("no '%s' in:\n%s", part_of_it, buf_text(&s->text));
}

static inline int begin(void **state)
{
	struct merge_story *s = calloc(1, sizeof(*s));
	struct error err = { 0 };

	assert_non_null(s);
	s->text = (struct buf)BUF_INIT(ROOM);
	assert_non_null(getcwd(s->top, sizeof(s->top)));
	assert_ok(dir_make_temporary("/tmp/medley-merge-", s->tmp, &err), err);
	assert_int_equal(chdir(s->tmp), 0);
	*state = s;
	return 0;
}

static inline int end(void **state)
{
	struct merge_story *s = *state;

	buf_release(&s->text);
	assert_int_equal(chdir(s->top), 0);
	assert_int_equal(dir_remove(s->tmp, NULL), 0);
	free(s);
	return 0;
}

#endif
