/* SPDX-License-Identifier: Apache-2.0 */
/* der.c - writes and reads ASN.1 values in DER. */
#include "corda/der.h"

/* The length octets of X.690, 8.1.3; returns how many. */
static size_t length_octets(size_t len, uint8_t ret[5])
{
	size_t n = 1;

	if (len < 0x80) {
		ret[0] = len;
		return 1;
	}
	for (int shift = 24; shift >= 0; shift -= 8) {
		if (len >> shift)
			ret[n++] = len >> shift;
	}
	ret[0] = 0x80 | (n - 1);
	return n;
}

size_t der_begin(struct buf *b, uint8_t tag)
{
	buf_add_u8(b, tag);
	return b->len;
}

void der_end(struct buf *b, size_t mark)
{
	uint8_t octets[5];

	if (b->failed)
		return;
	buf_splice(b, mark, 0, octets, length_octets(b->len - mark, octets));
}

void der_add(struct buf *b, uint8_t tag, const void *content, size_t len)
{
	uint8_t octets[5];

	buf_add_u8(b, tag);
	buf_add(b, octets, length_octets(len, octets));
	buf_add(b, content, len);
}

static size_t take_length(struct cursor *c)
{
	uint8_t first = cursor_u8(c);
	size_t len;

	if (first < 0x80)
		return first;
	if (first == 0x80 || first > 0x84) {
		c->failed = true;
		return 0;
	}
	len = cursor_be(c, first & 0x7f);
	if (len < 0x80 || !(len >> 8 * ((first & 0x7f) - 1)))
		c->failed = true; /* not the shortest form */
	return len;
}

struct cursor der_take(struct cursor *c, uint8_t tag)
{
	size_t len;

	if (cursor_u8(c) != tag)
		c->failed = true;
	len = take_length(c);
	return cursor_sub(c, len);
}

struct der der_take_whole(struct cursor *c)
{
	const uint8_t *start = c->p;

	cursor_u8(c);
	cursor_take(c, take_length(c));
	if (c->failed)
		return (struct der){ NULL, 0 };
	return (struct der){ start, c->p - start };
}

struct der der_of(const struct amqp_value *value)
{
	const struct amqp_value *bare = amqp_bare(value);

	if (!bare || bare->type != AMQP_BINARY)
		return (struct der){ NULL, 0 };
	return (struct der){ bare->bytes, bare->len };
}
