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
 * non-zero. A missing file counts as a file without lines. A last line without
 * its end, which a killed process left, is skipped. Errors name file and line.
 */
typedef int lines_fn(const struct js *line, void *ctx, struct error *err);
int lines_each(const char *run_dir, const char *file, lines_fn *fn, void *ctx,
	       struct error *err);

/* 1 if the file ends within a line: then the last record is lost. */
int lines_cut(const char *run_dir, const char *file, struct error *err);

/*
 * A line written as text, for files with one line for each operation, because
 * building a JSON value for each line costs more than all other work. The first
 * and the last call add the braces; buf_check() reports a failure. The buffer
 * contains only this line.
 */
void line_begin(struct buf *line);
void line_int(struct buf *line, const char *key, int64_t v);
void line_bool(struct buf *line, const char *key, bool v);
/* NULL becomes null, bytes that are not UTF-8 become '?'. */
void line_text(struct buf *line, const char *key, const char *text);
void line_end(struct buf *line);

/* Sets a text that may contain any bytes; those that are not UTF-8 become
 * '?'. */
void lines_set_text(struct js *line, const char *key, const char *text);
/* A copy of a text in the arena; NULL for NULL. `*failed` is set if there is no
 * room, and not changed otherwise. */
const char *lines_text(const struct js *line, const char *key,
		       struct arena *arena, bool *failed);

/* The same for any member; the caller frees the copy. */
struct js *lines_part(const struct js *line, const char *key, bool *failed);

/* An array in an arena that grows while lines come in. */
struct line_list {
	void *items;
	size_t count, room, size;
	struct arena *arena;
};

/* Adds one item, filled with zeros; NULL if there is no memory. */
void *line_list_add(struct line_list *list);

#endif
