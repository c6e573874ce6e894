/* SPDX-License-Identifier: Apache-2.0 */
/* amqp_wire.c - finds the beginning and the end of an encoded value. */
#include "proto/amqp_wire.h"

/* Lists, maps and arrays: the size counts the count, which stands behind. */
static bool compound_body(struct cursor *c, unsigned width,
			  struct amqp_wire *ret)
{
	uint64_t size = cursor_be(c, width);

	ret->body = cursor_sub(c, size);
	ret->count = (uint32_t)cursor_be(&ret->body, width);
	if (ret->body.failed)
		c->failed = true;
	return !c->failed;
}

bool amqp_wire_body(struct cursor *c, uint8_t code, struct amqp_wire *ret)
{
	static const uint8_t fixed[] = {
		[4] = 0, [5] = 1, [6] = 2, [7] = 4, [8] = 8, [9] = 16
	};
	unsigned half = code >> 4;

	ret->code = code;
	ret->count = 0;
	switch (half) {
	case 4 ... 9:
		ret->body = cursor_sub(c, fixed[half]);
		break;
	case 0xa:
		ret->body = cursor_sub(c, cursor_u8(c));
		break;
	case 0xb:
		ret->body = cursor_sub(c, cursor_be32(c));
		break;
	case 0xc ... 0xf:
		return compound_body(c, half & 1 ? 4 : 1, ret);
	default:
		c->failed = true;
	}
	return !c->failed;
}

bool amqp_wire_next(struct cursor *c, struct amqp_wire *ret)
{
	uint8_t code = cursor_u8(c);

	if (c->failed)
		return false;
	return amqp_wire_body(c, code, ret);
}

bool amqp_wire_skip(struct cursor *c)
{
	struct amqp_wire w;
	unsigned values = 1;

	/* A described value is two more: its descriptor and the value. */
	while (values > 0) {
		if (cursor_left(c) > 0 && *c->p == WIRE_DESCRIBED) {
			c->p++;
			values++;
			continue;
		}
		if (!amqp_wire_next(c, &w))
			return false;
		values--;
	}
	return true;
}

enum corda_structure amqp_wire_structure(struct cursor *c)
{
	uint64_t descriptor;

	if (cursor_u8(c) != WIRE_DESCRIBED || cursor_u8(c) != WIRE_ULONG) {
		c->failed = true;
		return 0;
	}
	descriptor = cursor_be64(c);
	if (c->failed || descriptor <= CORDA_DESCRIPTOR(0) ||
	    descriptor > CORDA_DESCRIPTOR(CORDA_TRANSFORMS)) {
		c->failed = true;
		return 0;
	}
	return (enum corda_structure)(descriptor - CORDA_DESCRIPTOR(0));
}
