/* SPDX-License-Identifier: Apache-2.0 */
/* der.h - writes and reads ASN.1 values in DER. */
#ifndef CORDA_DER_H
#define CORDA_DER_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "proto/amqp.h"

/*
 * medley builds certificates and keys itself, because OpenSSL's X509 and PKCS8
 * calls look up their encoders for each key, which takes several times as long
 * as the signature.
 */

/* A whole DER value, borrowed. */
struct der {
	const uint8_t *bytes;
	size_t len;
};

enum der_tag {
	DER_BOOLEAN = 0x01,
	DER_INTEGER = 0x02,
	DER_BIT_STRING = 0x03,
	DER_OCTET_STRING = 0x04,
	DER_OID = 0x06,
	DER_UTF8_STRING = 0x0c,
	DER_PRINTABLE_STRING = 0x13,
	DER_UTC_TIME = 0x17,
	DER_GENERALIZED_TIME = 0x18,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
	DER_CONTEXT = 0x80, /* | number */
	DER_CONTEXT_CONSTRUCTED = 0xa0 /* | number */
};

/* Begins a value. All bytes that are added until der_end() with the returned
 * mark are its content. The buffer remembers failures. */
size_t der_begin(struct buf *b, uint8_t tag);
void der_end(struct buf *b, size_t mark);
void der_add(struct buf *b, uint8_t tag, const void *content, size_t len);

/* The content of the next value, which is skipped; a value of another tag,
 * or a length that is not DER, fails both cursors. */
struct cursor der_take(struct cursor *c, uint8_t tag);
/* The next value as a whole, of any tag. */
struct der der_take_whole(struct cursor *c);

/* The bytes of a binary value, plain or in one of Corda's custom types. Empty
 * (.bytes NULL) for other values. */
struct der der_of(const struct amqp_value *value);

#endif
