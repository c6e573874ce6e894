/* SPDX-License-Identifier: Apache-2.0 */
/* wrap.h - text in columns of a screen: measured, and broken into lines. */
#ifndef BASE_WRAP_H
#define BASE_WRAP_H

#include "base/buf.h"

/* Columns that UTF-8 text takes: one a character. */
size_t text_columns(const char *text);
/* Adds `text` in lines of at most `width` columns, broken at blanks, and a
 * newline. The first line has `at` columns already; the others begin with
 * `indent` blanks. A word that is longer than a line stays whole. A newline in
 * `text` stays, and a line without indent begins after it. */
void text_wrap(struct buf *out, const char *text, size_t at, size_t indent,
	       size_t width);

#endif
