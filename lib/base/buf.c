/* SPDX-License-Identifier: Apache-2.0 */
/* buf.c - a byte buffer that grows up to a fixed ceiling. */
#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_init(struct buf *b, size_t max)
{
	*b = (struct buf)BUF_INIT(max);
}

void buf_release(struct buf *b)
{
	free(b->data);
	*b = (struct buf)BUF_PART(b->whole, b->max);
}

void buf_clear(struct buf *b)
{
	b->len = 0;
	b->failed = false;
	b->no_memory = false;
	if (b->data)
		b->data[0] = 0;
}

void buf_fail(struct buf *b)
{
	for (; b; b = b->whole) {
		b->failed = true;
		b->no_memory = true;
	}
}

int buf_check(const struct buf *b, struct error *err)
{
	if (!b->failed)
		return 0;
	if (b->no_memory)
		return error_nomem(err);
	return error_set(err, ERROR_INTERNAL,
			 "buffer of at most %zu bytes is full", b->max);
}

/* The fault tests set BUF_STEP: a buffer that grows in small steps may fail at
 * more places. */
static size_t grown(const struct buf *b, size_t need)
{
#ifdef BUF_STEP
	(void)b;
	return need + need / 16 + BUF_STEP - need % BUF_STEP;
#else
	size_t cap = b->cap ? b->cap : 64;

	while (cap <= need)
		cap *= 2;
	return cap;
#endif
}

void *buf_reserve(struct buf *b, size_t n)
{
	size_t cap;
	uint8_t *data;

	if (b->failed || n > b->max || b->len > b->max - n) {
		b->failed = true;
		return NULL;
	}
	if (b->len + n < b->cap)
		return b->data + b->len;
	cap = grown(b, b->len + n);
	data = realloc(b->data, cap);
	if (!data) {
		buf_fail(b);
		return NULL;
	}
	b->data = data;
	b->cap = cap;
	return b->data + b->len;
}

void buf_add(struct buf *b, const void *bytes, size_t len)
{
	uint8_t *at = buf_reserve(b, len);

	if (!at)
		return;
	if (len)
		memcpy(at, bytes, len);
	b->len += len;
	b->data[b->len] = 0;
}

void buf_add_str(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list args;
	char *at;
	int n;

	va_start(args, fmt);
	n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	at = n < 0 ? NULL : buf_reserve(b, n);
	if (!at) {
		b->failed = true;
		return;
	}
	va_start(args, fmt);
	vsnprintf(at, (size_t)n + 1, fmt, args);
	va_end(args);
	b->len += n;
}

void buf_add_u8(struct buf *b, uint8_t v)
{
	buf_add(b, &v, 1);
}

void buf_add_be16(struct buf *b, uint16_t v)
{
	buf_add(b, (uint8_t[]){ v >> 8, v }, 2);
}

void buf_add_be32(struct buf *b, uint32_t v)
{
	buf_add(b, (uint8_t[]){ v >> 24, v >> 16, v >> 8, v }, 4);
}

void buf_add_be64(struct buf *b, uint64_t v)
{
	buf_add_be32(b, v >> 32);
	buf_add_be32(b, v);
}

void buf_add_hex(struct buf *b, const void *bytes, size_t len)
{
	static const char digits[] = "0123456789ABCDEF";
	const uint8_t *p = bytes;

	for (size_t i = 0; i < len; i++)
		buf_add(b, (char[]){ digits[p[i] >> 4], digits[p[i] & 15] }, 2);
}

void buf_put_be32(struct buf *b, size_t at, uint32_t v)
{
	if (b->failed)
		return;
	assert(at + 4 <= b->len);
	memcpy(b->data + at, (uint8_t[]){ v >> 24, v >> 16, v >> 8, v }, 4);
}

void buf_splice(struct buf *b, size_t at, size_t cut, const void *bytes,
		size_t len)
{
	if (b->failed || (len > cut && !buf_reserve(b, len - cut)))
		return;
	assert(at + cut <= b->len);
	memmove(b->data + at + len, b->data + at + cut, b->len - at - cut);
	if (len)
		memcpy(b->data + at, bytes, len);
	b->len += len - cut;
	b->data[b->len] = 0;
}

void buf_consume(struct buf *b, size_t n)
{
	assert(n <= b->len);
	if (n)
		buf_splice(b, 0, n, NULL, 0);
}

const char *buf_text(const struct buf *b)
{
	return b->data ? (const char *)b->data : "";
}

char *buf_steal_text(struct buf *b)
{
	char *text;

	buf_add(b, "", 0);
	if (b->failed)
		return NULL;
	text = (char *)b->data;
	buf_init(b, b->max);
	return text;
}
