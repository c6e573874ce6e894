/* SPDX-License-Identifier: Apache-2.0 */
/* artemis_read.c - frames and messages, as a client and its tests read them. */
#include "proto/artemis.h"

#include <string.h>

#include "proto/artemis_text.h"

enum { HEAD = 13, HEAD_AFTER_LENGTH = 9, PROPERTIES_MAX = 1000 };

/* Bytes of a property's value by its type; -1: an int length comes first,
 * -2: no such type. */
static int value_width(uint8_t type)
{
	static const int8_t widths[] = {
		0, -2, 1, 1, -1, 2, 4, 8, 4, 8, -1, 2
	};

	return type < sizeof(widths) ? widths[type] : -2;
}

static struct cursor take_value(struct cursor *c, uint8_t type)
{
	int width = value_width(type);

	if (width == -2)
		c->failed = true;
	return cursor_sub(c, width == -1 ? cursor_be32(c)
			     : width < 0 ? 0
					 : (size_t)width);
}

/* Leaves in m->properties the bytes of the properties alone. */
static void take_properties(struct cursor *c, struct artemis_message *m)
{
	const uint8_t *from;

	if (!cursor_u8(c))
		return;
	m->property_count = cursor_be32(c);
	if (m->property_count > PROPERTIES_MAX)
		c->failed = true;
	from = c->p;
	for (uint32_t i = 0; i < m->property_count && !c->failed; i++) {
		artemis_take_simple(c);
		take_value(c, cursor_u8(c));
	}
	if (!c->failed)
		m->properties = cursor_over(from, c->p - from);
}

static void take_message(struct cursor *c, struct artemis_message *m)
{
	uint32_t end = cursor_be32(c);

	if (end < HEAD)
		c->failed = true;
	m->len = end - HEAD;
	m->body = cursor_take(c, m->len);
	m->id = cursor_be64(c);
	if (cursor_u8(c))
		artemis_take_simple(c); /* address */
	if (cursor_u8(c))
		cursor_take(c, 16); /* user id */
	cursor_take(c, 2); /* type, durable */
	cursor_be64(c); /* expiration */
	m->timestamp_ms = cursor_be64(c);
	cursor_u8(c); /* priority */
	take_properties(c, m);
}

static struct cursor find_property(const struct artemis_message *m,
				   const char *key, uint8_t *ret_type)
{
	struct cursor c = m->properties;

	*ret_type = 0;
	for (uint32_t i = 0; i < m->property_count && !c.failed; i++) {
		struct cursor name = artemis_take_simple(&c);
		uint8_t type = cursor_u8(&c);
		struct cursor value = take_value(&c, type);

		if (!artemis_simple_equals(name, key))
			continue;
		*ret_type = type;
		return value;
	}
	return (struct cursor){ 0 };
}

int64_t artemis_property_number(const struct artemis_message *m,
				const char *key, int64_t absent)
{
	uint8_t type;
	struct cursor value = find_property(m, key, &type);

	switch (type) {
	case 3:
		return (int8_t)cursor_u8(&value);
	case 5:
		return (int16_t)cursor_be16(&value);
	case ARTEMIS_PROPERTY_INT:
		return (int32_t)cursor_be32(&value);
	case ARTEMIS_PROPERTY_LONG:
		return (int64_t)cursor_be64(&value);
	}
	return absent;
}

const char *artemis_property_text(const struct artemis_message *m,
				  const char *key, char *room, size_t size)
{
	uint8_t type;
	struct cursor value = find_property(m, key, &type);

	if (type != ARTEMIS_PROPERTY_TEXT)
		return NULL;
	artemis_simple_text(value, room, size);
	return room;
}

static void take_exception(struct cursor *c, struct artemis_packet *p)
{
	p->code = (int32_t)cursor_be32(c);
	if (cursor_u8(c))
		artemis_take_string(c, p->text, sizeof(p->text));
}

static void take_fields(struct cursor *c, struct artemis_packet *p)
{
	switch (p->type) {
	case ARTEMIS_PING:
		p->ttl_ms = cursor_be64(c);
		break;
	case ARTEMIS_EXCEPTION:
		take_exception(c, p);
		break;
	case ARTEMIS_SESSION_CREATED:
		p->code = (int32_t)cursor_be32(c);
		break;
	case ARTEMIS_QUEUE_ANSWER:
		p->exists = cursor_u8(c);
		break;
	case ARTEMIS_SEND:
		take_message(c, &p->message);
		break;
	case ARTEMIS_RECEIVE:
		take_message(c, &p->message);
		p->consumer = cursor_be64(c);
		cursor_be32(c); /* delivery count */
		break;
	case ARTEMIS_DISCONNECT_CONSUMER:
	case ARTEMIS_ACKNOWLEDGE:
	case ARTEMIS_CREDIT:
	case ARTEMIS_CREATE_CONSUMER:
	case ARTEMIS_CONSUMER_CLOSE:
		p->consumer = cursor_be64(c);
		break;
	default:
		break;
	}
}

int artemis_next(const void *bytes, size_t len, struct artemis_packet *ret,
		 size_t *ret_used, struct error *err)
{
	struct cursor c = cursor_over(bytes, len);
	struct artemis_packet p = { 0 };
	struct cursor frame;
	uint32_t size;

	if (len < 4)
		return 0;
	size = cursor_be32(&c);
	if (size < HEAD_AFTER_LENGTH || size > ARTEMIS_FRAME_MAX)
		return error_set(
			err, ERROR_INTERNAL,
			"a frame of %u bytes: the peer is not an "
			"Artemis broker, or its message is above 10 MiB",
			size);
	if (cursor_left(&c) < size)
		return 0;
	frame = cursor_sub(&c, size);
	p.type = (int8_t)cursor_u8(&frame);
	p.channel = cursor_be64(&frame);
	take_fields(&frame, &p);
	if (frame.failed)
		return error_set(err, ERROR_INTERNAL,
				 "a packet of type %d ends early (%u bytes)",
				 p.type, size);
	*ret = p;
	*ret_used = size + 4;
	return 1;
}
