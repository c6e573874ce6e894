/* SPDX-License-Identifier: Apache-2.0 */
/* line_reader.h - the lines of a run's file, one by one, in fixed memory. */
#ifndef RUN_LINE_READER_H
#define RUN_LINE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "data/json.h"

/*
 * No file is one without lines. A last line without its end is what a killed
 * process left: it is skipped. A line has at most LINE_MAX_BYTES.
 */
struct line_reader;

int line_reader_open(const char *run_dir, const char *file,
		     struct line_reader **ret, struct error *err);
void line_reader_free(struct line_reader *r);
DEFINE_FREEP(struct line_reader, line_reader)

/* 1 and the next line, whose end is a NUL in place of its newline; 0 at the end
 * of the file. The line is the reader's until the next call; the caller may
 * change it. */
int line_next(struct line_reader *r, char **ret_line, size_t *ret_len,
	      struct error *err);
/* Of the file when it was opened, in bytes. */
size_t line_file_size(const struct line_reader *r);
const char *line_file(const struct line_reader *r);
unsigned line_number(const struct line_reader *r);
/* Puts file and line before the error. Returns -1. */
int line_wrap(const struct line_reader *r, struct error *err);

/* ---- lines that are objects ---- */

/* A member that a line may have. One that is absent or null is the same. */
struct line_key {
	const char *name;
	enum js_type type; /* JS_REAL is any number */
	bool required;
};

/* What a line of a file holds. */
struct line_form {
	const char *noun; /* "operation": not a valid … */
	const struct line_key *keys;
	size_t count;
};

#define LINE_FORM(what, list)                                                  \
	{ .noun = (what), .keys = (list), .count = ARRAY_SIZE(list) }

/* A member: absent or null it is NULL, 0 and false. */
struct line_value {
	enum js_type type;
	const char *text;
	int64_t number;
	bool truth;
};

/*
 * The same as line_next(), and the members of the form; texts are the reader's.
 * A member of another type, or a required one that is absent, is an error: a
 * line that medley has not written, or that was damaged. Members of other names
 * are passed over.
 *
 * A line as medley writes it, without spaces, escapes and members of other
 * names, is read in place: several times as fast as building a JSON value. Any
 * other line is read by data/json.h, with the same result.
 */
int line_read(struct line_reader *r, const struct line_form *form,
	      struct line_value *ret, struct error *err);

/* Reads a line in place; false if it is not as simple as that. Then the line is
 * unchanged. line[len] has to be a NUL. Types are not compared. */
bool line_scan(char *line, size_t len, const struct line_form *form,
	       struct line_value *ret);

/* -1 if a line, or a part of one, does not have the members of the form. */
int line_check(const struct js *line, const struct line_form *form,
	       struct error *err);

#endif
