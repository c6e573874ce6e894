/* SPDX-License-Identifier: Apache-2.0 */
/* amqp_writer.h - writes AMQP 1.0 values in the form that Corda nodes write. */
#ifndef PROTO_AMQP_WRITER_H
#define PROTO_AMQP_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * Writes the shortest encodings, with the same bytes as the serialiser of the
 * nodes, so that blobs of both can be compared. Values are added to a buffer; a
 * list is opened, filled and closed:
 *
 *	amqp_object_begin(&w, "net.corda:H9KOi8agUusgKKi3MEB3xg==");
 *	amqp_write_string(&w, "…");	its fields, in alphabetical order
 *	amqp_list_end(&w);
 *
 * The buffer remembers failures: call buf_check() at the end.
 */
enum { AMQP_DEPTH_MAX = 32 };

struct amqp_writer {
	struct buf *out; /* borrowed */
	unsigned depth;
	struct {
		size_t at; /* the place of the list's code */
		uint32_t count; /* items so far */
		bool map;
	} open[AMQP_DEPTH_MAX];
};

void amqp_writer_init(struct amqp_writer *w, struct buf *out);

void amqp_write_null(struct amqp_writer *w);
void amqp_write_bool(struct amqp_writer *w, bool v);
void amqp_write_int(struct amqp_writer *w, int32_t v); /* 54, 71 */
void amqp_write_long(struct amqp_writer *w, int64_t v); /* 55, 81 */
void amqp_write_string(struct amqp_writer *w, const char *text);
void amqp_write_string_n(struct amqp_writer *w, const char *text, size_t len);
void amqp_write_symbol(struct amqp_writer *w, const char *text);
void amqp_write_binary(struct amqp_writer *w, const void *bytes, size_t len);
void amqp_write_uuid(struct amqp_writer *w, const uint8_t uuid[16]);

/* A list without descriptor; amqp_list_end() closes lists and maps. */
void amqp_list_begin(struct amqp_writer *w);
void amqp_map_begin(struct amqp_writer *w);
void amqp_list_end(struct amqp_writer *w);
/* Writes only the descriptor; the next value is the described value. */
void amqp_describe(struct amqp_writer *w, const char *symbol);
void amqp_describe_code(struct amqp_writer *w, uint64_t code);
/* amqp_describe() and amqp_list_begin(). */
void amqp_object_begin(struct amqp_writer *w, const char *symbol);
/* Bytes that are `values` encoded values, such as a constant schema. */
void amqp_write_raw(struct amqp_writer *w, const void *bytes, size_t len,
		    unsigned values);

/* "corda" 1.0, section 0, the envelope's descriptor, and its open list: the
 * caller writes object, schema and transforms, then amqp_list_end(). */
void amqp_envelope_begin(struct amqp_writer *w);

#endif
