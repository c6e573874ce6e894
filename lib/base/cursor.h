/* SPDX-License-Identifier: Apache-2.0 */
/* cursor.h - reads bytes from outside, and checks all bounds. */
#ifndef BASE_CURSOR_H
#define BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A cursor over borrowed bytes. A read beyond the end returns zero (or NULL),
 * moves to the end and marks the cursor as `failed`; further reads are
 * harmless. The caller checks once, after a group of reads: `if (c.failed) …`.
 * All integers are big-endian.
 */
struct cursor {
	const uint8_t *p;
	const uint8_t *end;
	bool failed;
};

static inline struct cursor cursor_over(const void *bytes, size_t len)
{
	const uint8_t *p = (const uint8_t *)bytes;

	return (struct cursor){ .p = p, .end = p ? p + len : p };
}

static inline size_t cursor_left(const struct cursor *c)
{
	return (size_t)(c->end - c->p);
}

/* The next n bytes, borrowed; NULL (and failed) if there are fewer. */
static inline const uint8_t *cursor_take(struct cursor *c, size_t n)
{
	const uint8_t *p = c->p;

	if (c->failed || n > cursor_left(c)) {
		c->failed = true;
		c->p = c->end;
		return NULL;
	}
	c->p += n;
	return p;
}

/* A cursor over the next n bytes, which this one skips. */
static inline struct cursor cursor_sub(struct cursor *c, size_t n)
{
	const uint8_t *p = cursor_take(c, n);
	struct cursor sub = { .p = p, .end = p ? p + n : p, .failed = !p };

	return sub;
}

static inline uint64_t cursor_be(struct cursor *c, unsigned width)
{
	const uint8_t *p = cursor_take(c, width);
	uint64_t v = 0;

	for (unsigned i = 0; p && i < width; i++)
		v = v << 8 | p[i];
	return v;
}

static inline uint8_t cursor_u8(struct cursor *c)
{
	return (uint8_t)cursor_be(c, 1);
}

static inline uint16_t cursor_be16(struct cursor *c)
{
	return (uint16_t)cursor_be(c, 2);
}

static inline uint32_t cursor_be32(struct cursor *c)
{
	return (uint32_t)cursor_be(c, 4);
}

static inline uint64_t cursor_be64(struct cursor *c)
{
	return cursor_be(c, 8);
}

#endif
