/* SPDX-License-Identifier: Apache-2.0 */
/* buf.h - a byte buffer that grows up to a fixed ceiling. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/*
 * Adding never returns an error: a buffer that ran out of memory or reached
 * its ceiling is `failed`, stays as it was and ignores what is added. The
 * caller asks once, at the end: buf_check().
 *
 * After any successful add, data[len] is a NUL that does not count in len, so
 * that text may be read as a C string (see buf_text()).
 */
struct buf {
	uint8_t *data; /* owned; NULL before the first add */
	size_t len;
	size_t cap;
	size_t max; /* ceiling of len, in bytes */
	bool failed;
	bool no_memory; /* why it failed: not by its ceiling */
	struct buf *whole; /* told when memory runs out here, or NULL */
};

#define BUF_INIT(ceiling) { .max = (ceiling) }
/* For a text that goes into `out` when it is complete: when memory runs out
 * for it, `out` has failed, too, so that nothing is missing there unseen. */
#define BUF_PART(out, ceiling) { .max = (ceiling), .whole = (out) }

void buf_init(struct buf *b, size_t max);
/* Frees the bytes; the buffer may be used again. */
void buf_release(struct buf *b);
/* Forgets the bytes and the failure, keeps the memory. */
void buf_clear(struct buf *b);
/* Memory ran out for something that was to be added. */
void buf_fail(struct buf *b);
/* 0, or -1 and the error when anything could not be added: error_nomem(), or
 * that the buffer is full. */
int buf_check(const struct buf *b, struct error *err);

void buf_add(struct buf *b, const void *bytes, size_t len);
void buf_add_str(struct buf *b, const char *text);
void buf_addf(struct buf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void buf_add_u8(struct buf *b, uint8_t v);
/* Big-endian. */
void buf_add_be16(struct buf *b, uint16_t v);
void buf_add_be32(struct buf *b, uint32_t v);
void buf_add_be64(struct buf *b, uint64_t v);
/* Upper-case hex of the bytes. */
void buf_add_hex(struct buf *b, const void *bytes, size_t len);

/* Overwrites 4 bytes at `at`, which must lie inside len. */
void buf_put_be32(struct buf *b, size_t at, uint32_t v);
/* Replaces `cut` bytes at `at` by `len` new ones. */
void buf_splice(struct buf *b, size_t at, size_t cut, const void *bytes,
		size_t len);
/* Drops the first `n` bytes. */
void buf_consume(struct buf *b, size_t n);
/* Room for `n` more bytes behind len, to be written by the caller, who then
 * adds to len; NULL when the buffer failed. */
void *buf_reserve(struct buf *b, size_t n);

/* The bytes as text: never NULL, borrowed. */
const char *buf_text(const struct buf *b);
/* Hands over the bytes as a C string (caller frees); NULL when failed. */
char *buf_steal_text(struct buf *b);

#endif
