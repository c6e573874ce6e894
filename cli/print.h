/* SPDX-License-Identifier: Apache-2.0 */
/* print.h - lines for people, of which a part may come from others. */
#ifndef CLI_PRINT_H
#define CLI_PRINT_H

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/error.h"

/* Prints a text of lines, in ASCII unless the user's locale has UTF-8. */
void print_lines(FILE *to, const char *text);
/* Prints one line, made plain (base/plain.h), and its newline; in ASCII as
 * print_lines() does. */
void print_line(FILE *to, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Adds the line that print_line() prints, without its newline. */
void print_add(struct buf *out, const char *fmt, va_list args);
/* "medley: <text>" on standard error. */
void print_failure(const struct error *err);

/* "41 s", "5 min", "3 h" or "12 d" since then, wall clock. */
enum { AGE_TEXT = 32 };
const char *age_text(char room[AGE_TEXT], int64_t since_us);

#endif
