/* SPDX-License-Identifier: Apache-2.0 */
/* lines.h - files of a run that hold one JSON object a line. */
#ifndef RUN_LINES_H
#define RUN_LINES_H

#include "base/arena.h"
#include "base/error.h"
#include "data/json.h"

enum { LINE_MAX_BYTES = 1024 * 1024 };

/* Appends `line` to <run_dir>/<file> with one write; takes `line` over. */
int lines_append(const char *run_dir, const char *file, struct js *line,
		 struct error *err);

/*
 * Calls fn for each line of the file, which must be an object; stops on
 * non-zero. No file: no lines. A last line without its end is what a killed
 * process left: it is skipped. Errors name file and line.
 */
typedef int lines_fn(const struct js *line, void *ctx, struct error *err);
int lines_each(const char *run_dir, const char *file, lines_fn *fn, void *ctx,
	       struct error *err);

/* 1 if the file ends within a line: what was written there last is lost. */
int lines_cut(const char *run_dir, const char *file, struct error *err);

/*
 * A line as text, for files that have one for each operation: building a JSON
 * value of each costs more than all the rest. First and last call add the
 * braces; buf_check() tells a failure. The buffer holds nothing else.
 */
void line_begin(struct buf *line);
void line_int(struct buf *line, const char *key, int64_t v);
void line_bool(struct buf *line, const char *key, bool v);
/* NULL is null; '?' for what is not UTF-8. */
void line_text(struct buf *line, const char *key, const char *text);
void line_end(struct buf *line);

/* Sets a text that may hold anything, '?' for what is not UTF-8. */
void lines_set_text(struct js *line, const char *key, const char *text);
/* A copy of a text in the arena; NULL for NULL. `*failed` is set when there
 * is no room, and left alone otherwise. */
const char *lines_text(const struct js *line, const char *key,
		       struct arena *arena, bool *failed);

/* The same of any part; the copy is the caller's to free. */
struct js *lines_part(const struct js *line, const char *key, bool *failed);

/* An array in an arena that grows while lines come in. */
struct line_list {
	void *items;
	size_t count, room, size;
	struct arena *arena;
};

/* Room for one more item, zeroed and counted; NULL when there is none. */
void *line_list_add(struct line_list *list);

#endif
