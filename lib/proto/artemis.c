/* SPDX-License-Identifier: Apache-2.0 */
/* artemis.c - the frames that a client sends to a node's RPC broker. */
#include "proto/artemis.h"

#include <string.h>

#include "proto/artemis_text.h"

enum { HEAD = 13 }; /* length, type, channel */

static void put_bool(struct buf *out, bool v)
{
	buf_add_u8(out, v ? 0xff : 0);
}

static void put_simple_or_null(struct buf *out, const char *text)
{
	buf_add_u8(out, text != NULL);
	if (text)
		artemis_put_simple(out, text);
}

static void put_string_or_null(struct buf *out, const char *text)
{
	buf_add_u8(out, text != NULL);
	if (text)
		artemis_put_string(out, text);
}

/* Opens a frame; the result is given to frame_end(), which sets its length. */
static size_t frame_begin(struct buf *out, enum artemis_type type,
			  uint64_t channel)
{
	size_t at = out->len;

	buf_add_be32(out, 0);
	buf_add_u8(out, (uint8_t)type);
	buf_add_be64(out, channel);
	return at;
}

static void frame_end(struct buf *out, size_t at)
{
	buf_put_be32(out, at, out->len - at - 4);
}

void artemis_ping(struct buf *out, uint64_t ttl_ms)
{
	size_t at = frame_begin(out, ARTEMIS_PING, ARTEMIS_CHANNEL_PING);

	buf_add_be64(out, ttl_ms);
	frame_end(out, at);
}

void artemis_create_session(struct buf *out,
			    const struct artemis_session_options *options)
{
	size_t at = frame_begin(out, ARTEMIS_CREATE_SESSION,
				ARTEMIS_CHANNEL_CREATE);

	artemis_put_string(out, options->name);
	buf_add_be64(out, options->channel);
	buf_add_be32(out, ARTEMIS_VERSION);
	put_string_or_null(out, options->user);
	put_string_or_null(out, options->password);
	buf_add_be32(out, ARTEMIS_BODY_MAX);
	put_bool(out, false); /* no XA */
	put_bool(out, true); /* commit sends */
	put_bool(out, true); /* commit acknowledgements */
	buf_add_be32(out, -1); /* no confirmation window */
	put_bool(out, options->preacknowledge);
	put_string_or_null(out, NULL); /* no default address */
	frame_end(out, at);
}

void artemis_create_queue(struct buf *out, uint64_t channel, const char *queue)
{
	size_t at = frame_begin(out, ARTEMIS_CREATE_QUEUE, channel);

	artemis_put_simple(out, queue); /* address */
	artemis_put_simple(out, queue);
	put_simple_or_null(out, NULL); /* no filter */
	put_bool(out, false); /* not durable */
	put_bool(out, true); /* temporary */
	put_bool(out, true); /* answer, please */
	put_bool(out, false); /* not auto-created */
	buf_add_u8(out, 1); /* anycast */
	buf_add_be32(out, -1); /* no limit of consumers */
	put_bool(out, false); /* no purge */
	buf_add_u8(out, 0); /* exclusive: null */
	buf_add_u8(out, 0); /* last value: null */
	frame_end(out, at);
}

void artemis_create_consumer(struct buf *out, uint64_t channel,
			     uint64_t consumer, const char *queue)
{
	size_t at = frame_begin(out, ARTEMIS_CREATE_CONSUMER, channel);

	buf_add_be64(out, consumer);
	artemis_put_simple(out, queue);
	put_simple_or_null(out, NULL); /* no filter */
	put_bool(out, false); /* takes, does not browse */
	put_bool(out, true); /* answer, please */
	frame_end(out, at);
}

void artemis_credit(struct buf *out, uint64_t channel, uint64_t consumer,
		    int32_t bytes)
{
	size_t at = frame_begin(out, ARTEMIS_CREDIT, channel);

	buf_add_be64(out, consumer);
	buf_add_be32(out, bytes);
	frame_end(out, at);
}

void artemis_start(struct buf *out, uint64_t channel)
{
	frame_end(out, frame_begin(out, ARTEMIS_START, channel));
}

void artemis_acknowledge(struct buf *out, uint64_t channel, uint64_t consumer,
			 uint64_t message)
{
	size_t at = frame_begin(out, ARTEMIS_ACKNOWLEDGE, channel);

	buf_add_be64(out, consumer);
	buf_add_be64(out, message);
	put_bool(out, false); /* no answer */
	frame_end(out, at);
}

void artemis_consumer_close(struct buf *out, uint64_t channel,
			    uint64_t consumer)
{
	size_t at = frame_begin(out, ARTEMIS_CONSUMER_CLOSE, channel);

	buf_add_be64(out, consumer);
	frame_end(out, at);
}

void artemis_session_close(struct buf *out, uint64_t channel)
{
	frame_end(out, frame_begin(out, ARTEMIS_SESSION_CLOSE, channel));
}

static void put_property(struct buf *out, const struct artemis_property *p)
{
	artemis_put_simple(out, p->key);
	buf_add_u8(out, p->type);
	switch (p->type) {
	case ARTEMIS_PROPERTY_INT:
		buf_add_be32(out, p->number);
		break;
	case ARTEMIS_PROPERTY_LONG:
		buf_add_be64(out, p->number);
		break;
	case ARTEMIS_PROPERTY_TEXT:
		artemis_put_simple(out, p->text);
		break;
	}
}

void artemis_send(struct buf *out, uint64_t channel,
		  const struct artemis_outgoing *message)
{
	size_t at = frame_begin(out, ARTEMIS_SEND, channel);

	/* Where the body ends in the broker's own buffer, head included. */
	buf_add_be32(out, message->len + HEAD);
	buf_add(out, message->body, message->len);
	buf_add_be64(out, 0); /* message id: the broker's to give */
	put_simple_or_null(out, message->address);
	buf_add_u8(out, 0); /* no user id */
	buf_add_u8(out, 0); /* type */
	put_bool(out, false); /* not durable */
	buf_add_be64(out, 0); /* never expires */
	buf_add_be64(out, message->timestamp_ms);
	buf_add_u8(out, 4); /* priority */
	buf_add_u8(out, message->property_count > 0);
	if (message->property_count)
		buf_add_be32(out, message->property_count);
	for (size_t i = 0; i < message->property_count; i++)
		put_property(out, &message->properties[i]);
	put_bool(out, false); /* no answer */
	frame_end(out, at);
}
