/* SPDX-License-Identifier: Apache-2.0 */
/* artemis_text.h - converts Artemis' two forms of text from and to UTF-8. */
#ifndef PROTO_ARTEMIS_TEXT_H
#define PROTO_ARTEMIS_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cursor.h"

/*
 * Both occur in the same packets. A "simple" text is a byte length and UTF-16
 * little-endian. A "string" is a character count and, by that count, UTF-16
 * big-endian (below 9), a 2-byte length and modified UTF-8 (below 4095), or a
 * simple text. Input that is not UTF-8 becomes U+FFFD.
 */
enum { ARTEMIS_UNITS_MAX = 4000 };

void artemis_put_simple(struct buf *out, const char *text);
void artemis_put_string(struct buf *out, const char *text);

/* The bytes of a simple text; true if it equals ASCII `text`. */
struct cursor artemis_take_simple(struct cursor *c);
bool artemis_simple_equals(struct cursor simple, const char *text);
/* As UTF-8 in `room`, NUL-terminated, cut at a whole character. */
void artemis_simple_text(struct cursor simple, char *room, size_t size);
/* Reads a string into `room`, cut to fit. */
void artemis_take_string(struct cursor *c, char *room, size_t size);

#endif
