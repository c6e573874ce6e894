/* SPDX-License-Identifier: Apache-2.0 */
/* buf.h - a byte buffer that grows up to a fixed ceiling. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/*
 * Calls that add never return an error. A buffer that ran out of memory or
 * reached its ceiling is `failed`; it does not change any more and ignores
 * further bytes. The caller checks once, at the end, with buf_check().
 *
 * After each successful add, data[len] is a NUL, which len does not count, so
 * that text can be read as a C string (see buf_text()).
 */
struct buf {
	uint8_t *data; /* owned; NULL before the first add */
	size_t len;
	size_t cap;
	size_t max; /* ceiling of len, in bytes */
	bool failed;
	bool no_memory; /* it failed because of memory, not because of its
			 * ceiling */
	struct buf *whole; /* fails too when memory runs out here; or NULL */
};

#define BUF_INIT(ceiling) { .max = (ceiling) }
/* For a text that is added to `out` when it is complete. If memory runs out for
 * it, `out` fails too, so that a missing part is noticed. */
#define BUF_PART(out, ceiling) { .max = (ceiling), .whole = (out) }

void buf_init(struct buf *b, size_t max);
/* Frees the bytes; the buffer may be used again. */
void buf_release(struct buf *b);
/* Forgets the bytes and the failure, keeps the memory. */
void buf_clear(struct buf *b);
/* Marks the buffer as failed because of memory. */
void buf_fail(struct buf *b);
/* 0, or -1 and the error if something could not be added: out of memory, or the
 * buffer is full. */
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
/* Room for `n` more bytes after len. The caller writes them and then adds to
 * len. NULL if the buffer has failed. */
void *buf_reserve(struct buf *b, size_t n);

/* The bytes as text: never NULL, borrowed. */
const char *buf_text(const struct buf *b);
/* Hands over the bytes as a C string, which the caller frees; NULL if the
 * buffer has failed. */
char *buf_steal_text(struct buf *b);

#endif
