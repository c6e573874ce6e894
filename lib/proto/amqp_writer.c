/* SPDX-License-Identifier: Apache-2.0 */
/* amqp_writer.c - writes AMQP 1.0 values in the form that Corda nodes write. */
#include "proto/amqp_writer.h"

#include <assert.h>
#include <string.h>

enum {
	/* A list stands open in its long form: code, 4 bytes size, 4 count. */
	LONG_HEAD = 9,
	/* The short form's size byte counts the count byte too. */
	SHORT_CONTENT_MAX = 254
};

void amqp_writer_init(struct amqp_writer *w, struct buf *out)
{
	*w = (struct amqp_writer){ .out = out };
}

/* A described value is one item: descriptors are not counted. */
static void counted(struct amqp_writer *w, unsigned values)
{
	if (w->depth)
		w->open[w->depth - 1].count += values;
}

static void write_code(struct amqp_writer *w, uint8_t code)
{
	counted(w, 1);
	buf_add_u8(w->out, code);
}

void amqp_write_null(struct amqp_writer *w)
{
	write_code(w, 0x40);
}

void amqp_write_bool(struct amqp_writer *w, bool v)
{
	write_code(w, v ? 0x41 : 0x42);
}

void amqp_write_int(struct amqp_writer *w, int32_t v)
{
	bool small = v == (int8_t)v;

	write_code(w, small ? 0x54 : 0x71);
	if (small)
		buf_add_u8(w->out, v);
	else
		buf_add_be32(w->out, v);
}

void amqp_write_long(struct amqp_writer *w, int64_t v)
{
	bool small = v == (int8_t)v;

	write_code(w, small ? 0x55 : 0x81);
	if (small)
		buf_add_u8(w->out, v);
	else
		buf_add_be64(w->out, v);
}

/* The codes of long and short forms differ by 0x10. */
static void add_sized(struct buf *out, uint8_t short_code, const void *bytes,
		      size_t len)
{
	if (len > UINT32_MAX) {
		out->failed = true;
		return;
	}
	if (len <= UINT8_MAX) {
		buf_add(out, (uint8_t[]){ short_code, len }, 2);
	} else {
		buf_add_u8(out, short_code | 0x10);
		buf_add_be32(out, len);
	}
	buf_add(out, bytes, len);
}

void amqp_write_string_n(struct amqp_writer *w, const char *text, size_t len)
{
	counted(w, 1);
	add_sized(w->out, 0xa1, text, len);
}

void amqp_write_string(struct amqp_writer *w, const char *text)
{
	amqp_write_string_n(w, text, strlen(text));
}

void amqp_write_symbol(struct amqp_writer *w, const char *text)
{
	counted(w, 1);
	add_sized(w->out, 0xa3, text, strlen(text));
}

void amqp_write_binary(struct amqp_writer *w, const void *bytes, size_t len)
{
	counted(w, 1);
	add_sized(w->out, 0xa0, bytes, len);
}

void amqp_write_uuid(struct amqp_writer *w, const uint8_t uuid[16])
{
	write_code(w, 0x98);
	buf_add(w->out, uuid, 16);
}

static void open_container(struct amqp_writer *w, bool map)
{
	static const uint8_t head[LONG_HEAD];

	assert(w->depth < AMQP_DEPTH_MAX);
	counted(w, 1);
	w->open[w->depth].at = w->out->len;
	w->open[w->depth].count = 0;
	w->open[w->depth].map = map;
	w->depth++;
	buf_add(w->out, head, sizeof(head));
}

void amqp_list_begin(struct amqp_writer *w)
{
	open_container(w, false);
}

void amqp_map_begin(struct amqp_writer *w)
{
	open_container(w, true);
}

void amqp_list_end(struct amqp_writer *w)
{
	struct buf *out = w->out;
	size_t at, content;
	uint32_t count;
	bool map;

	assert(w->depth > 0);
	w->depth--;
	if (out->failed)
		return;
	at = w->open[w->depth].at;
	count = w->open[w->depth].count;
	map = w->open[w->depth].map;
	content = out->len - at - LONG_HEAD;
	if (!count && !map) {
		buf_splice(out, at, LONG_HEAD, "\x45", 1);
	} else if (content <= SHORT_CONTENT_MAX) {
		uint8_t head[] = { map ? 0xc1 : 0xc0, content + 1, count };

		buf_splice(out, at, LONG_HEAD, head, sizeof(head));
	} else if (content <= UINT32_MAX - 4) {
		out->data[at] = map ? 0xd1 : 0xd0;
		buf_put_be32(out, at + 1, content + 4);
		buf_put_be32(out, at + 5, count);
	} else {
		out->failed = true;
	}
}

void amqp_describe(struct amqp_writer *w, const char *symbol)
{
	buf_add_u8(w->out, 0x00);
	add_sized(w->out, 0xa3, symbol, strlen(symbol));
}

void amqp_describe_code(struct amqp_writer *w, uint64_t code)
{
	buf_add(w->out, "\x00\x80", 2);
	buf_add_be64(w->out, code);
}

void amqp_object_begin(struct amqp_writer *w, const char *symbol)
{
	amqp_describe(w, symbol);
	amqp_list_begin(w);
}

void amqp_write_raw(struct amqp_writer *w, const void *bytes, size_t len,
		    unsigned values)
{
	counted(w, values);
	buf_add(w->out, bytes, len);
}

void amqp_envelope_begin(struct amqp_writer *w)
{
	static const uint8_t magic[] = { 'c', 'o', 'r', 'd', 'a', 1, 0, 0 };

	buf_add(w->out, magic, sizeof(magic));
	amqp_describe_code(w, 0xc562000000000001);
	amqp_list_begin(w);
}
