/* SPDX-License-Identifier: Apache-2.0 */
/* utf8.h - checks and repairs UTF-8 that came from outside. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>

#include "base/buf.h"

/* Bytes of the well-formed UTF-8 sequence that begins at NUL-terminated `p`: 1
 * to 4; 0 if there is none. *ret is its code point. */
size_t utf8_next(const char *p, unsigned *ret);

/* How many code points the text has; a byte that is not UTF-8 counts as one.
 * For columns of a table, where printf() counts bytes. */
size_t utf8_count(const char *text);

/* Adds `text` with '?' in place of each byte that is not UTF-8. */
void utf8_add_clean(struct buf *out, const char *text);

/*
 * Removes the byte order mark that an editor may have written at the beginning
 * of a text file. ERROR_INPUT if the mark means UTF-16; `name` is for that
 * error.
 */
int utf8_unmark(const char *name, struct buf *text, struct error *err);

#endif
