/* SPDX-License-Identifier: Apache-2.0 */
/* websocket.c - frames of RFC 6455, section 5.2; no I/O. */
#include "proto/websocket.h"

#include "base/cursor.h"

enum {
	FINAL = 0x80,
	RESERVED = 0x70,
	OPCODE = 0x0f,
	CONTROL = 0x08,
	MASKED = 0x80,
	LEN_16 = 126,
	LEN_64 = 127,
	CONTROL_MAX = 125
};

static bool known(unsigned opcode)
{
	return opcode <= WEBSOCKET_BINARY ||
	       (opcode >= WEBSOCKET_CLOSE && opcode <= WEBSOCKET_PONG);
}

static int check_head(uint8_t head, uint8_t size, struct error *err)
{
	bool control = head & CONTROL;

	if ((head & RESERVED) || !known(head & OPCODE))
		return error_set(err, ERROR_DEPLOY,
				 "not a websocket frame: it begins with 0x%02x",
				 head);
	if (size & MASKED)
		return error_set(err, ERROR_DEPLOY,
				 "a server's websocket frame is masked");
	if (control && (!(head & FINAL) || size > CONTROL_MAX))
		return error_set(err, ERROR_DEPLOY,
				 "a websocket control frame is fragmented or "
				 "too long");
	return 0;
}

int websocket_read(const void *bytes, size_t len, size_t max,
		   struct websocket_frame *ret, struct error *err)
{
	struct cursor c = cursor_over(bytes, len);
	uint8_t head = cursor_u8(&c), size = cursor_u8(&c);
	uint64_t payload = size;
	const uint8_t *p;

	if (c.failed)
		return 0;
	if (check_head(head, size, err) < 0)
		return -1;
	if (size >= LEN_16)
		payload = cursor_be(&c, size == LEN_16 ? 2 : 8);
	if (c.failed)
		return 0;
	if (payload > max)
		return error_set(err, ERROR_DEPLOY,
				 "a websocket frame of %llu bytes; at most %zu "
				 "are allowed",
				 (unsigned long long)payload, max);
	p = cursor_take(&c, (size_t)payload);
	if (!p)
		return 0;
	*ret = (struct websocket_frame){
		.opcode = (enum websocket_opcode)(head & OPCODE),
		.final = head & FINAL,
		.payload = p,
		.len = (size_t)payload,
		.size = len - cursor_left(&c),
	};
	return 1;
}

static void add_masked(struct buf *out, const uint8_t mask[4], size_t at,
		       const uint8_t *bytes, size_t len)
{
	uint8_t *to = buf_reserve(out, len);

	if (!to)
		return;
	for (size_t i = 0; i < len; i++)
		to[i] = bytes[i] ^ mask[(at + i) & 3];
	out->len += len;
}

void websocket_write(struct buf *out, enum websocket_opcode opcode,
		     const uint8_t mask[4], const void *first, size_t first_len,
		     const void *bytes, size_t len)
{
	size_t all = first_len + len;

	buf_add_u8(out, (uint8_t)(FINAL | opcode));
	if (all < LEN_16) {
		buf_add_u8(out, (uint8_t)(MASKED | all));
	} else if (all <= UINT16_MAX) {
		buf_add_u8(out, MASKED | LEN_16);
		buf_add_be16(out, (uint16_t)all);
	} else {
		buf_add_u8(out, MASKED | LEN_64);
		buf_add_be64(out, all);
	}
	buf_add(out, mask, 4);
	add_masked(out, mask, 0, first, first_len);
	add_masked(out, mask, first_len, bytes, len);
}
