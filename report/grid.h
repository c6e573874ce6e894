/* SPDX-License-Identifier: Apache-2.0 */
/* grid.h - the matrix of one notary release, laid out for a terminal. */
#ifndef REPORT_GRID_H
#define REPORT_GRID_H

#include "base/buf.h"
#include "report/judgement.h"
#include "report/report.h"

/* Of a line, where there is no terminal. */
enum { TEXT_WIDTH = 100 };

/* Colours by meaning; plain when there is no terminal. */
enum ink { INK_PLAIN, INK_GOOD, INK_BAD, INK_DOUBT, INK_DIM, INK_BOLD };
void ink(struct buf *out, int colour, enum ink ink);
enum ink verdict_ink(enum verdict v);

/*
 * Adds the matrix, with the notes beside its rows where there is room and
 * below where not. Where a line would be too wide, labels give way to numbers
 * over the columns, then cells to single signs with a legend, and at last the
 * matrix is cut into blocks of columns.
 */
void grid_write(struct buf *out, const struct judgement *j, unsigned notary,
		const struct text_look *look);
/* Adds `text` in lines of at most `width` columns, broken at blanks; lines
 * after the first begin with `indent` blanks. The first begins at column
 * `at`. Ends with a newline. */
void write_wrapped(struct buf *out, const char *text, size_t at, size_t indent,
		   unsigned width);

#endif
