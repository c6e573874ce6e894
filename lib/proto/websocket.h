/* SPDX-License-Identifier: Apache-2.0 */
/* websocket.h - frames of RFC 6455, as a client writes and reads them. */
#ifndef PROTO_WEBSOCKET_H
#define PROTO_WEBSOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

enum websocket_opcode {
	WEBSOCKET_MORE = 0, /* continues the message before */
	WEBSOCKET_TEXT = 1,
	WEBSOCKET_BINARY = 2,
	WEBSOCKET_CLOSE = 8,
	WEBSOCKET_PING = 9,
	WEBSOCKET_PONG = 10
};

/* What a client adds to its key before hashing it (section 1.3). */
#define WEBSOCKET_GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

struct websocket_frame {
	enum websocket_opcode opcode;
	bool final; /* the last of its message */
	const uint8_t *payload; /* borrowed from the bytes that were read */
	size_t len;
	size_t size; /* of the whole frame */
};

/*
 * Reads a server's frame at the beginning of `bytes`. 1: *ret is filled; 0: the
 * frame is not complete yet; -1: not a frame of a server, or a payload of more
 * than `max` bytes.
 */
int websocket_read(const void *bytes, size_t len, size_t max,
		   struct websocket_frame *ret, struct error *err);

/* The largest number of bytes that a frame adds to its payload. */
enum { WEBSOCKET_HEAD = 14 };

/* Adds a client's final frame whose payload is `first` and then the bytes. */
void websocket_write(struct buf *out, enum websocket_opcode opcode,
		     const uint8_t mask[4], const void *first, size_t first_len,
		     const void *bytes, size_t len);

#endif
