/* SPDX-License-Identifier: Apache-2.0 */
/* artemis.h - the frames of a node's RPC broker (Artemis CORE). */
#ifndef PROTO_ARTEMIS_H
#define PROTO_ARTEMIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "base/error.h"

/*
 * Bytes in, values out, no I/O. A connection begins with ARTEMIS_HELLO, then
 * both sides send frames: length, packet type, channel, the packet's fields.
 * Channel 0 carries pings, 1 the creation of sessions; a session's channel is
 * chosen by the client.
 *
 * medley announces CORE version 129 to every broker. All of Corda 4.0 … 4.10
 * accept it (2.6.2 accepts nothing newer) and then use the packets of this
 * version. Source: Apache ActiveMQ Artemis, package
 * core.protocol.core.impl.wireformat.
 */
#define ARTEMIS_HELLO "ARTEMIS"

enum {
	ARTEMIS_VERSION = 129,
	ARTEMIS_CHANNEL_PING = 0,
	ARTEMIS_CHANNEL_CREATE = 1,
	ARTEMIS_CHANNEL_SESSION = 10, /* the first a client may choose */
	/* A message of up to 10 MiB is one frame; more is a large message. */
	ARTEMIS_BODY_MAX = 10 * 1024 * 1024,
	ARTEMIS_FRAME_MAX = ARTEMIS_BODY_MAX + 64 * 1024
};

enum artemis_type {
	ARTEMIS_PING = 10,
	ARTEMIS_DISCONNECT = 11,
	ARTEMIS_DISCONNECT_CONSUMER = 12,
	ARTEMIS_EXCEPTION = 20,
	ARTEMIS_DONE = 21, /* "null response" */
	ARTEMIS_CREATE_SESSION = 30,
	ARTEMIS_SESSION_CREATED = 31,
	ARTEMIS_CREATE_CONSUMER = 40,
	ARTEMIS_ACKNOWLEDGE = 41,
	ARTEMIS_START = 67,
	ARTEMIS_SESSION_CLOSE = 69,
	ARTEMIS_CREDIT = 70,
	ARTEMIS_SEND = 71,
	ARTEMIS_CONSUMER_CLOSE = 74,
	ARTEMIS_RECEIVE = 75,
	ARTEMIS_RECEIVE_LARGE = 76,
	ARTEMIS_RECEIVE_MORE = 77,
	ARTEMIS_DISCONNECT_2 = 124,
	ARTEMIS_DISCONNECT_3 = -19,
	ARTEMIS_CREATE_QUEUE = -12,
	ARTEMIS_QUEUE_ANSWER = -14 /* answers ARTEMIS_CREATE_CONSUMER */
};

/* Codes of ARTEMIS_EXCEPTION that a client handles differently. */
enum { ARTEMIS_SECURITY = 105, ARTEMIS_VERSIONS = 108 };

/* A property of a message: text, or a number of one of two widths. */
enum artemis_property_type {
	ARTEMIS_PROPERTY_INT = 6,
	ARTEMIS_PROPERTY_LONG = 7,
	ARTEMIS_PROPERTY_TEXT = 10
};

struct artemis_property {
	const char *key;
	enum artemis_property_type type;
	int64_t number;
	const char *text; /* UTF-8 */
};

/*
 * Frames that a client sends. Each call adds one frame to `out`; the buffer
 * remembers failures. Texts are UTF-8, at most 4000 UTF-16 units each.
 */
struct artemis_session_options {
	const char *name; /* a UUID */
	uint64_t channel;
	const char *user, *password;
	bool preacknowledge; /* delivered messages count as acknowledged */
};

void artemis_ping(struct buf *out, uint64_t ttl_ms);
void artemis_create_session(struct buf *out,
			    const struct artemis_session_options *options);
/* Temporary, not durable, anycast; address and queue have the same name. */
void artemis_create_queue(struct buf *out, uint64_t channel, const char *queue);
void artemis_create_consumer(struct buf *out, uint64_t channel,
			     uint64_t consumer, const char *queue);
/* How many bytes the broker may send; -1: no limit. */
void artemis_credit(struct buf *out, uint64_t channel, uint64_t consumer,
		    int32_t bytes);
void artemis_start(struct buf *out, uint64_t channel);
void artemis_acknowledge(struct buf *out, uint64_t channel, uint64_t consumer,
			 uint64_t message);
void artemis_consumer_close(struct buf *out, uint64_t channel,
			    uint64_t consumer);
void artemis_session_close(struct buf *out, uint64_t channel);

struct artemis_outgoing {
	const char *address;
	int64_t timestamp_ms;
	const struct artemis_property *properties;
	size_t property_count;
	const void *body;
	size_t len;
};

void artemis_send(struct buf *out, uint64_t channel,
		  const struct artemis_outgoing *message);

/* A received message; all parts are borrowed from the frame. */
struct artemis_message {
	const uint8_t *body;
	size_t len;
	uint64_t id;
	int64_t timestamp_ms;
	struct cursor properties; /* well-formed: checked when decoded */
	uint32_t property_count;
};

/* The number of a property, or `absent` if the message does not have it. */
int64_t artemis_property_number(const struct artemis_message *m,
				const char *key, int64_t absent);
/* The text of a property in `room`, cut to fit; NULL if the message does not
 * have it, or it is not a text. */
const char *artemis_property_text(const struct artemis_message *m,
				  const char *key, char *room, size_t size);

enum { ARTEMIS_TEXT = 512 };

struct artemis_packet {
	enum artemis_type type;
	uint64_t channel;
	/* By type: */
	uint64_t ttl_ms; /* ping */
	int32_t code; /* exception; session created: version of the broker */
	char text[ARTEMIS_TEXT]; /* exception, cut to fit */
	bool exists; /* queue answer */
	uint64_t consumer; /* receive, disconnect consumer, acknowledge … */
	struct artemis_message message; /* receive, send */
};

/*
 * Reads frames from a stream of bytes. 1: `ret` is the next packet, borrowed
 * from `bytes`, which used *ret_used bytes; 0: the next frame is not complete
 * yet; -1: the peer does not speak Artemis, or a frame is larger than
 * ARTEMIS_FRAME_MAX. Of a packet of an unknown type only type and channel are
 * set. Unknown fields at the end of a packet are skipped.
 */
int artemis_next(const void *bytes, size_t len, struct artemis_packet *ret,
		 size_t *ret_used, struct error *err);

#endif
