/* SPDX-License-Identifier: Apache-2.0 */
/* amqp.h - AMQP 1.0 values in Corda's envelope: read by their own schema. */
#ifndef PROTO_AMQP_H
#define PROTO_AMQP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

/*
 * An envelope carries the schema of the objects in it. The reader knows no
 * class: an object comes out with its class name and the names of its fields,
 * as its schema says, and back references already replaced by what they refer
 * to (so a tree may share parts). Everything lives in the caller's arena, or
 * in the bytes that were read, which must outlive it.
 *
 * Format: AMQP 1.0 part 1 (types); Corda's serialization format (envelope
 * 0xc562…0001, schema …0002 to …0007, back reference …0008, transforms …0009).
 */
enum amqp_type {
	AMQP_NULL,
	AMQP_BOOL, /* .boolean */
	AMQP_INT, /* .integer: every signed width, and char */
	AMQP_UINT, /* .integer: every unsigned width */
	AMQP_DOUBLE, /* .real: float and double */
	AMQP_UUID, /* .bytes, 16 */
	AMQP_BINARY, /* .bytes */
	AMQP_STRING, /* .bytes, UTF-8, not NUL-terminated */
	AMQP_SYMBOL,
	AMQP_LIST, /* .items: a list without class (arrays too) */
	AMQP_MAP, /* .items: key, value, key, value … */
	AMQP_OBJECT /* has a class: see below */
};

struct amqp_value {
	enum amqp_type type;
	bool boolean;
	int64_t integer;
	double real;
	const uint8_t *bytes; /* borrowed from the input */
	size_t len;
	/* AMQP_LIST, AMQP_MAP, AMQP_OBJECT: */
	const struct amqp_value *const *items;
	size_t count;
	/* AMQP_OBJECT: a described value whose descriptor is a symbol.
	 * composite: items are its fields, names in cls->fields;
	 * list, map: items as in AMQP_LIST, AMQP_MAP;
	 * enum: items are name and ordinal;
	 * custom (not in the schema, e.g. java.security.PublicKey): one item,
	 * the bare value. */
	const struct amqp_class *cls;
};

enum amqp_class_kind {
	AMQP_COMPOSITE,
	AMQP_RESTRICTED_LIST,
	AMQP_RESTRICTED_MAP,
	AMQP_ENUM,
	AMQP_CUSTOM
};

struct amqp_class {
	enum amqp_class_kind kind;
	const char *name; /* "net.corda.core.identity.Party" */
	size_t name_len;
	/* The classes and interfaces that it extends, all of them. */
	size_t base_count;
	struct amqp_base {
		const char *name;
		size_t name_len;
	} *bases;
	const char *descriptor; /* "net.corda:H9KOi8ag…" */
	size_t descriptor_len;
	size_t field_count;
	struct amqp_field {
		const char *name;
		size_t name_len;
		const char *type;
		size_t type_len;
		bool mandatory;
		bool primitive; /* the type is a primitive's name */
	} *fields;
	bool primitive; /* AMQP_RESTRICTED_LIST: an array of primitives */
};

/*
 * Reads one envelope: "corda" 1.0, section 0; compressed sections are
 * refused (see snappy.h for what stores use). Bounds: depth 64, as many
 * values as the arena takes. Errors: ERROR_INTERNAL with the offset.
 */
int amqp_read(const void *bytes, size_t len, struct arena *arena,
	      const struct amqp_value **ret_root, struct error *err);

/* All lookups accept NULL and give NULL (false, absent) for what is not. */
/* The field of a composite. */
const struct amqp_value *amqp_get(const struct amqp_value *v,
				  const char *field);
/* A path of fields: "token.issuer.party". */
const struct amqp_value *amqp_path(const struct amqp_value *v,
				   const char *path);
/* True if the value is an object of this class. */
bool amqp_is(const struct amqp_value *v, const char *class_name);
/* True if the value is an object of a class that extends this one. */
bool amqp_extends(const struct amqp_value *v, const char *class_name);
size_t amqp_count(const struct amqp_value *v);
const struct amqp_value *amqp_at(const struct amqp_value *v, size_t index);
/* The bare value inside a custom object, a string or binary as it is. */
const struct amqp_value *amqp_bare(const struct amqp_value *v);
bool amqp_equals(const struct amqp_value *v, const char *text);
int64_t amqp_int(const struct amqp_value *v, int64_t absent);
/* A copy as C string in `arena`; NULL when v is no string or symbol. -1 when
 * there is no memory for it. */
int amqp_text(const struct amqp_value *v, struct arena *arena, const char **ret,
	      struct error *err);

#endif
