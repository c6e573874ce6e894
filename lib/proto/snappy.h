/* SPDX-License-Identifier: Apache-2.0 */
/* snappy.h - unpacks what Corda nodes store: framing, snappy, deflate. */
#ifndef PROTO_SNAPPY_H
#define PROTO_SNAPPY_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

/*
 * A stored blob is "corda" 1.0 and a section. Section 00 or 01: the rest is
 * data. Section 02: one more byte names the compression of the rest (0:
 * deflate, 1: snappy), which begins with a section byte again. amqp_read()
 * reads section 00 with its data.
 *
 * Returns such an envelope: the bytes themselves if nothing is compressed, else
 * unpacked into `room`, which is cleared first and whose ceiling limits the
 * unpacked size. The result is borrowed from either. Errors: ERROR_INTERNAL.
 */
int storage_unpack(const uint8_t *bytes, size_t len, struct buf *room,
		   const uint8_t **ret_bytes, size_t *ret_len,
		   struct error *err);

/*
 * Adds the content of a stream in snappy's framing format (framing_format.txt
 * of snappy): each chunk's masked CRC-32C is checked.
 */
int snappy_unframe(const uint8_t *bytes, size_t len, struct buf *out,
		   struct error *err);

/* CRC-32C (Castagnoli) of the bytes, not masked. */
uint32_t crc32c(const uint8_t *bytes, size_t len);

#endif
