/* SPDX-License-Identifier: Apache-2.0 */
/* print.h - lines for people, of which a part may come from others. */
#ifndef CLI_PRINT_H
#define CLI_PRINT_H

#include <stdio.h>

#include "base/error.h"

/* Prints one line, made plain (base/plain.h), and its newline. */
void print_line(FILE *to, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* "medley: <text>" on standard error. */
void print_failure(const struct error *err);

#endif
