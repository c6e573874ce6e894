/* SPDX-License-Identifier: Apache-2.0 */
/* plain.h - makes text from outside safe to show to people. */
#ifndef BASE_PLAIN_H
#define BASE_PLAIN_H

#include <stdbool.h>

#include "base/buf.h"

/*
 * Names, errors and log lines from outside may have escape sequences for a
 * terminal, and characters that reorder or hide the text around them. All
 * characters that are not plain become U+FFFD: control characters (C0, DEL and
 * C1), overrides and isolates of the direction of text, invisible characters
 * without a use in a line (zero-width space and word joiner, byte order mark,
 * line and paragraph separator, annotations and tags), code points that are not
 * characters, and bytes that are not UTF-8. The joiners that some scripts need
 * are plain.
 */
bool plain_point(unsigned point);
/* *ret_len is the length of the next character of `text`, which is
 * NUL-terminated and not empty. False if the character is not plain. */
bool plain_next(const char *text, size_t *ret_len);

#define PLAIN_REPLACEMENT "\xEF\xBF\xBD"

/* Adds the text as one line of a terminal: newlines, tabs and carriage returns
 * become blanks. */
void plain_line(struct buf *out, const char *text);
/* The same of a text of lines: newlines and tabs stay. */
void plain_lines(struct buf *out, const char *text);

/* Adds the text in ASCII, for a terminal that shows nothing else: what looks
 * alike ("..." for an ellipsis), or a question mark for a character. */
void plain_ascii(struct buf *out, const char *text);

#endif
