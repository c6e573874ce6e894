/* SPDX-License-Identifier: Apache-2.0 */
/* table.h - tables for people, which fit the terminal. */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/buf.h"

struct table_column {
	const char *head; /* "": none */
	unsigned width; /* where the output is not a terminal; 0: as the cell */
	unsigned gap; /* blanks before the column */
	bool right; /* numbers */
};

/*
 * Rows are kept until they are printed. On a terminal a column is as wide as
 * its widest cell; where that is too much, the widest columns lose the middle
 * of their cells, and the last column has several lines. Elsewhere columns are
 * as wide as they say, and nothing is cut.
 */
struct table {
	const struct table_column *columns;
	unsigned count; /* columns */
	bool head; /* a row with the heads is first */
	/* Its own. */
	char **cells;
	size_t used, room;
	bool failed; /* out of memory: rows are missing */
};

enum { TABLE_COLUMNS = 8 };

/* One cell a column, copied; NULL is an empty cell. */
void table_row(struct table *t, const char *const *cells);
#define TABLE_ROW(t, ...) table_row(t, (const char *const[]){ __VA_ARGS__ })
void table_print(const struct table *t, FILE *to);
void table_release(struct table *t);

/* Prints a row by itself, as print_line() does. On a terminal that is too
 * narrow, what follows the first `at` bytes has several lines, and words that
 * are too long lose their middle. */
void table_line(FILE *to, size_t at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Adds the text in lines that the terminal `fd` has room for, of whose first
 * line `at` columns are taken; in one line if `fd` is not a terminal. */
void table_wrap(struct buf *out, int fd, const char *text, size_t at);

#endif
