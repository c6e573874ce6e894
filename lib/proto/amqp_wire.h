/* SPDX-License-Identifier: Apache-2.0 */
/* amqp_wire.h - the encodings of AMQP 1.0, one value at a time. */
#ifndef PROTO_AMQP_WIRE_H
#define PROTO_AMQP_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"

/*
 * Only for lib/proto. The high half of a code gives the length of its value: 4:
 * no bytes; 5 to 9: one to sixteen bytes; a and b: a length first; c and d: a
 * size and a count (lists, maps); e and f: the same (arrays). Source: AMQP 1.0,
 * part 1, section 1.2.
 */
enum {
	WIRE_DESCRIBED = 0x00,
	WIRE_NULL = 0x40,
	WIRE_TRUE = 0x41,
	WIRE_FALSE = 0x42,
	WIRE_UINT0 = 0x43,
	WIRE_ULONG0 = 0x44,
	WIRE_LIST0 = 0x45,
	WIRE_BOOL = 0x56,
	WIRE_FLOAT = 0x72,
	WIRE_CHAR = 0x73,
	WIRE_ULONG = 0x80,
	WIRE_DOUBLE = 0x82,
	WIRE_TIMESTAMP = 0x83,
	WIRE_UUID = 0x98,
	WIRE_BINARY8 = 0xa0,
	WIRE_STRING8 = 0xa1,
	WIRE_SYMBOL8 = 0xa3,
	WIRE_BINARY32 = 0xb0,
	WIRE_STRING32 = 0xb1,
	WIRE_SYMBOL32 = 0xb3,
	WIRE_LIST8 = 0xc0,
	WIRE_MAP8 = 0xc1,
	WIRE_LIST32 = 0xd0,
	WIRE_MAP32 = 0xd1,
	WIRE_ARRAY8 = 0xe0,
	WIRE_ARRAY32 = 0xf0
};

/* The descriptors of Corda's own structures. */
#define CORDA_DESCRIPTOR(n) (UINT64_C(0xc562000000000000) + (n))
enum corda_structure {
	CORDA_ENVELOPE = 1,
	CORDA_SCHEMA = 2,
	CORDA_TYPE = 3,
	CORDA_FIELD = 4,
	CORDA_COMPOSITE = 5,
	CORDA_RESTRICTED = 6,
	CORDA_CHOICE = 7,
	CORDA_REFERENCE = 8,
	CORDA_TRANSFORMS = 9
};

struct amqp_wire {
	uint8_t code;
	uint32_t count; /* of lists, maps and arrays */
	struct cursor body; /* the value's bytes, without length and count */
};

/* The next value, which must not be a described one. False (and the cursor has
 * failed) if the bytes end within the value or the code is unknown. */
bool amqp_wire_next(struct cursor *c, struct amqp_wire *ret);
/* The body of one value with this code, without the code itself. */
bool amqp_wire_body(struct cursor *c, uint8_t code, struct amqp_wire *ret);
/* Passes over one value, its descriptor included. */
bool amqp_wire_skip(struct cursor *c);
/* The structure of Corda that describes the next value; 0 and failed if there
 * is none. */
enum corda_structure amqp_wire_structure(struct cursor *c);

static inline bool amqp_wire_is_list(uint8_t code)
{
	return code == WIRE_LIST0 || code == WIRE_LIST8 || code == WIRE_LIST32;
}

static inline bool amqp_wire_is_map(uint8_t code)
{
	return code == WIRE_MAP8 || code == WIRE_MAP32;
}

static inline bool amqp_wire_is_text(uint8_t code)
{
	return code == WIRE_STRING8 || code == WIRE_STRING32 ||
	       code == WIRE_SYMBOL8 || code == WIRE_SYMBOL32;
}

#endif
