/* SPDX-License-Identifier: Apache-2.0 */
/* artemis_text.c - converts Artemis' two forms of text from and to UTF-8. */
#include "proto/artemis_text.h"

#include <string.h>

enum { REPLACEMENT = 0xfffd };

/* The next code point; malformed bytes are one U+FFFD each. */
static uint32_t utf8_next(const uint8_t **p)
{
	static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
	const uint8_t *s = *p;
	int more = *s < 0x80	   ? 0
		   : *s >> 5 == 6  ? 1
		   : *s >> 4 == 14 ? 2
		   : *s >> 3 == 30 ? 3
				   : -1;
	uint32_t v = more > 0 ? *s & (0x3f >> more) : *s;

	(*p)++;
	if (more < 0)
		return REPLACEMENT;
	for (int i = 1; i <= more; i++) {
		if (s[i] >> 6 != 2)
			return REPLACEMENT;
		v = v << 6 | (s[i] & 0x3f);
	}
	if (v < least[more] || v > 0x10ffff || v >> 11 == 0xd800 >> 11)
		return REPLACEMENT;
	*p += more;
	return v;
}

struct units {
	uint16_t v[ARTEMIS_UNITS_MAX];
	size_t count;
	bool full;
};

static void units_from(struct units *u, const char *text)
{
	const uint8_t *p = (const uint8_t *)text;

	u->count = 0;
	u->full = false;
	while (*p && !u->full) {
		uint32_t v = utf8_next(&p);

		u->full = u->count + 2 > ARTEMIS_UNITS_MAX;
		if (u->full)
			return;
		if (v >= 0x10000) {
			u->v[u->count++] = 0xd800 + ((v - 0x10000) >> 10);
			v = 0xdc00 + (v & 0x3ff);
		}
		u->v[u->count++] = v;
	}
}

void artemis_put_simple(struct buf *out, const char *text)
{
	struct units u;

	units_from(&u, text);
	out->failed |= u.full;
	buf_add_be32(out, u.count * 2);
	for (size_t i = 0; i < u.count; i++)
		buf_add(out, (uint8_t[]){ u.v[i], u.v[i] >> 8 }, 2);
}

/* Java's modified UTF-8: each UTF-16 unit by itself, NUL as two bytes. */
static void put_modified(struct buf *out, uint16_t v)
{
	if (v && v < 0x80) {
		buf_add_u8(out, v);
	} else if (v < 0x800) {
		buf_add_u8(out, 0xc0 | v >> 6);
		buf_add_u8(out, 0x80 | (v & 0x3f));
	} else {
		buf_add_u8(out, 0xe0 | v >> 12);
		buf_add_u8(out, 0x80 | (v >> 6 & 0x3f));
		buf_add_u8(out, 0x80 | (v & 0x3f));
	}
}

void artemis_put_string(struct buf *out, const char *text)
{
	struct units u;
	size_t at;

	units_from(&u, text);
	out->failed |= u.full;
	buf_add_be32(out, u.count);
	if (u.count < 9) {
		for (size_t i = 0; i < u.count; i++)
			buf_add_be16(out, u.v[i]);
		return;
	}
	at = out->len;
	buf_add_be16(out, 0);
	for (size_t i = 0; i < u.count; i++)
		put_modified(out, u.v[i]);
	if (out->failed)
		return;
	out->data[at] = (out->len - at - 2) >> 8;
	out->data[at + 1] = out->len - at - 2;
}

struct cursor artemis_take_simple(struct cursor *c)
{
	return cursor_sub(c, cursor_be32(c));
}

bool artemis_simple_equals(struct cursor simple, const char *text)
{
	size_t len = strlen(text);

	if (cursor_left(&simple) != len * 2)
		return false;
	for (size_t i = 0; i < len; i++)
		if (simple.p[2 * i] != (uint8_t)text[i] || simple.p[2 * i + 1])
			return false;
	return true;
}

struct room {
	char *p;
	size_t left; /* without the NUL */
};

static void room_put(struct room *r, uint32_t v)
{
	uint8_t b[4];
	size_t n;

	if (v < 0x80) {
		n = 1;
		b[0] = v;
	} else {
		n = v < 0x800 ? 2 : v < 0x10000 ? 3 : 4;
		for (size_t i = n - 1; i; i--, v >>= 6)
			b[i] = 0x80 | (v & 0x3f);
		b[0] = (0xf00 >> n & 0xff) | v;
	}
	if (n > r->left) {
		r->left = 0;
		return;
	}
	memcpy(r->p, b, n);
	r->p += n;
	r->left -= n;
}

/* Adds one UTF-16 unit; a high surrogate waits in *high for its other half. */
static void room_put_unit(struct room *r, uint32_t v, uint32_t *high)
{
	if (*high && v >> 10 == 0xdc00 >> 10) {
		v = 0x10000 + ((*high - 0xd800) << 10) + (v - 0xdc00);
	} else if (*high) {
		room_put(r, REPLACEMENT);
	} else if (v >> 10 == 0xdc00 >> 10) {
		v = REPLACEMENT;
	}
	*high = v >> 10 == 0xd800 >> 10 ? v : 0;
	if (!*high)
		room_put(r, v);
}

void artemis_simple_text(struct cursor simple, char *room, size_t size)
{
	struct room r = { room, size - 1 };
	uint32_t high = 0;

	while (cursor_left(&simple) >= 2) {
		uint32_t v = cursor_u8(&simple);

		v |= (uint32_t)cursor_u8(&simple) << 8;
		room_put_unit(&r, v, &high);
	}
	*r.p = 0;
}

/* Bytes that are no UTF-8 (a cut character, half a pair) become "?". */
static void mend_utf8(char *text)
{
	const uint8_t *p = (uint8_t *)text;

	while (*p) {
		char *at = (char *)p;

		if (utf8_next(&p) == REPLACEMENT && (char *)p == at + 1)
			*at = '?';
	}
}

void artemis_take_string(struct cursor *c, char *room, size_t size)
{
	struct room r = { room, size - 1 };
	uint32_t count = cursor_be32(c);
	uint32_t high = 0;
	struct cursor bytes;

	room[0] = 0;
	if (count >= 4095) {
		artemis_simple_text(artemis_take_simple(c), room, size);
		return;
	}
	if (count < 9) {
		for (uint32_t i = 0; i < count; i++)
			room_put_unit(&r, cursor_be16(c), &high);
		*r.p = 0;
		return;
	}
	bytes = cursor_sub(c, cursor_be16(c));
	size = cursor_left(&bytes) < size - 1 ? cursor_left(&bytes) : size - 1;
	if (size)
		memcpy(room, bytes.p, size);
	room[size] = 0;
	mend_utf8(room);
}
