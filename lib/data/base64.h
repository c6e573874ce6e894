/* SPDX-License-Identifier: Apache-2.0 */
/* base64.h - encodes and decodes base64 (RFC 4648). */
#ifndef DATA_BASE64_H
#define DATA_BASE64_H

#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"

/* Adds the text, in one line, with its padding. */
void base64_encode(const void *bytes, size_t len, struct buf *out);

/* Adds the bytes that `text` stands for; blanks and newlines are skipped. */
int base64_decode(const char *text, struct buf *out, struct error *err);

#endif
