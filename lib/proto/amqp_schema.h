/* SPDX-License-Identifier: Apache-2.0 */
/* amqp_schema.h - the classes that an envelope describes. */
#ifndef PROTO_AMQP_SCHEMA_H
#define PROTO_AMQP_SCHEMA_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "proto/amqp.h"

/* Only for lib/proto. */
struct amqp_schema {
	const uint8_t *bytes; /* what it was read from */
	size_t len;
	size_t count;
	struct amqp_class *classes;
};

/*
 * Reads the schema element of an envelope. Nodes write the same few schemas
 * many times, so the first hundreds of different schemas are kept until the
 * process ends, and found by their bytes. Further schemas live in `arena` and
 * borrow from `bytes`. Safe from any thread.
 */
int amqp_schema_read(const uint8_t *bytes, size_t len, struct arena *arena,
		     const struct amqp_schema **ret, struct error *err);

/* The class with this descriptor, or NULL. */
const struct amqp_class *amqp_schema_find(const struct amqp_schema *s,
					  const uint8_t *descriptor,
					  size_t len);

#endif
