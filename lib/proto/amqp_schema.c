/* SPDX-License-Identifier: Apache-2.0 */
/* amqp_schema.c - reads an envelope's schema, and keeps those it has read. */
#include "proto/amqp_schema.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/cursor.h"
#include "proto/amqp_wire.h"

enum {
	KEPT_SLOTS = 512, /* a power of two */
	KEPT_PROBES = 8,
	KEPT_LEN_MAX = 64 * 1024,
	PARSED_MAX = 1024 * 1024 /* memory of one schema when read */
};

/* ---- reading ---- */

struct text {
	const char *bytes;
	size_t len;
};

/* A string or symbol; empty when it is null. */
static struct text take_text(struct cursor *c)
{
	struct amqp_wire w;
	struct text t = { "", 0 };

	if (!amqp_wire_next(c, &w) || w.code == WIRE_NULL)
		return t;
	if (!amqp_wire_is_text(w.code))
		c->failed = true;
	t.bytes = (const char *)w.body.p;
	t.len = cursor_left(&w.body);
	return t;
}

static bool take_bool(struct cursor *c)
{
	struct amqp_wire w;

	if (!amqp_wire_next(c, &w))
		return false;
	return w.code == WIRE_TRUE ||
	       (w.code == WIRE_BOOL && cursor_u8(&w.body) != 0);
}

/* The items of a list; `ret_count` of them follow in the cursor. */
static struct cursor take_list(struct cursor *c, size_t *ret_count)
{
	struct amqp_wire w = { 0 };

	if (amqp_wire_next(c, &w) && !amqp_wire_is_list(w.code))
		c->failed = true;
	if (c->failed)
		return (struct cursor){ .failed = true };
	*ret_count = w.count;
	return w.body;
}

/* The list that a Corda structure describes. */
static struct cursor take_structure(struct cursor *c, enum corda_structure what)
{
	struct cursor items;
	size_t count = 0;

	if (amqp_wire_structure(c) != what)
		c->failed = true;
	items = take_list(c, &count);
	return items;
}

static bool is_primitive(struct text t)
{
	static const char *const names[] = {
		"string", "int",       "long",	    "boolean",	 "binary",
		"uuid",	  "byte",      "ubyte",	    "short",	 "ushort",
		"uint",	  "ulong",     "float",	    "double",	 "char",
		"symbol", "timestamp", "decimal32", "decimal64", "decimal128",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (t.len == strlen(names[i]) &&
		    memcmp(t.bytes, names[i], t.len) == 0)
			return true;
	return false;
}

static void read_field(struct cursor *types, struct amqp_field *ret)
{
	struct cursor c = take_structure(types, CORDA_FIELD);
	struct text name = take_text(&c), type = take_text(&c);

	amqp_wire_skip(&c); /* requires */
	amqp_wire_skip(&c); /* default */
	amqp_wire_skip(&c); /* label */
	*ret = (struct amqp_field){
		.name = name.bytes,
		.name_len = name.len,
		.type = type.bytes,
		.type_len = type.len,
		.mandatory = take_bool(&c),
		.primitive = is_primitive(type),
	};
	if (c.failed)
		types->failed = true;
}

static int read_fields(struct cursor *c, struct arena *arena,
		       struct amqp_class *cls, struct error *err)
{
	size_t count = 0;
	struct cursor items = take_list(c, &count);

	if (items.failed || count > cursor_left(&items)) {
		c->failed = true;
		return 0;
	}
	cls->fields = arena_array(arena, count, sizeof(*cls->fields));
	if (!cls->fields && count > 0)
		return error_nomem(err);
	cls->field_count = count;
	for (size_t i = 0; i < count; i++)
		read_field(&items, &cls->fields[i]);
	c->failed |= items.failed;
	return 0;
}

static void read_descriptor(struct cursor *c, struct amqp_class *cls)
{
	struct cursor items = take_structure(c, CORDA_TYPE);
	struct text symbol = take_text(&items);

	c->failed |= items.failed;
	cls->descriptor = symbol.bytes;
	cls->descriptor_len = symbol.len;
}

/* Lists and maps name themselves; an enum has choices; anything else is a
 * custom type under the name of a subclass. */
static void read_restricted(struct cursor *c, struct amqp_class *cls)
{
	struct text source = take_text(c);
	size_t choices = 0;

	read_descriptor(c, cls);
	take_list(c, &choices);
	if (choices > 0)
		cls->kind = AMQP_ENUM;
	else if (source.len == 4 && memcmp(source.bytes, "list", 4) == 0)
		cls->kind = AMQP_RESTRICTED_LIST;
	else if (source.len == 3 && memcmp(source.bytes, "map", 3) == 0)
		cls->kind = AMQP_RESTRICTED_MAP;
	else
		cls->kind = AMQP_CUSTOM;
}

static int read_bases(struct cursor *c, struct arena *arena,
		      struct amqp_class *cls, struct error *err)
{
	size_t count = 0;
	struct cursor items = take_list(c, &count);

	if (items.failed || count > cursor_left(&items)) {
		c->failed = true;
		return 0;
	}
	cls->bases = arena_array(arena, count, sizeof(*cls->bases));
	if (!cls->bases && count > 0)
		return error_nomem(err);
	cls->base_count = count;
	for (size_t i = 0; i < count; i++) {
		struct text name = take_text(&items);

		cls->bases[i] = (struct amqp_base){ name.bytes, name.len };
	}
	c->failed |= items.failed;
	return 0;
}

static int read_class(struct cursor *types, struct arena *arena,
		      struct amqp_class *cls, struct error *err)
{
	enum corda_structure what = amqp_wire_structure(types);
	size_t count = 0;
	struct cursor c = take_list(types, &count);
	struct text name = take_text(&c);
	int rc;

	cls->name = name.bytes;
	cls->name_len = name.len;
	cls->primitive = name.len > 3 &&
			 memcmp(name.bytes + name.len - 3, "[p]", 3) == 0;
	amqp_wire_skip(&c); /* label */
	rc = read_bases(&c, arena, cls, err);
	if (rc < 0)
		return rc;
	if (what == CORDA_COMPOSITE) {
		cls->kind = AMQP_COMPOSITE;
		read_descriptor(&c, cls);
		rc = read_fields(&c, arena, cls, err);
	} else if (what == CORDA_RESTRICTED) {
		read_restricted(&c, cls);
	} else {
		types->failed = true;
	}
	types->failed |= c.failed;
	return rc;
}

static int schema_parse(const uint8_t *bytes, size_t len, struct arena *arena,
			struct amqp_schema *ret, struct error *err)
{
	struct cursor c = cursor_over(bytes, len);
	struct cursor list = take_structure(&c, CORDA_SCHEMA);
	size_t count = 0;
	struct cursor types = take_list(&list, &count);

	if (types.failed || count > cursor_left(&types))
		return error_set(err, ERROR_INTERNAL, "the schema is damaged");
	ret->classes = arena_array(arena, count, sizeof(*ret->classes));
	if (!ret->classes && count > 0)
		return error_nomem(err);
	for (size_t i = 0; i < count && !types.failed; i++)
		if (read_class(&types, arena, &ret->classes[i], err) < 0)
			return -1;
	if (types.failed)
		return error_set(err, ERROR_INTERNAL,
				 "the schema is damaged at its byte %zu",
				 (size_t)(types.p - bytes));
	ret->bytes = bytes;
	ret->len = len;
	ret->count = count;
	return 0;
}

/* ---- keeping ---- */

static _Atomic(struct amqp_schema *) kept[KEPT_SLOTS];

/* A class's fingerprint is 24 characters long: a word of every 24 bytes has a
 * part of each. What these words do not tell apart the bytes will. */
static size_t schema_hash(const uint8_t *bytes, size_t len)
{
	const size_t stride = 24;
	uint64_t h = len * UINT64_C(0x9e3779b97f4a7c15), word = 0;

	for (size_t at = 0; at + sizeof(word) <= len; at += stride) {
		memcpy(&word, bytes + at, sizeof(word));
		h = (h ^ word) * UINT64_C(0x9fb21c651e98df25);
		h ^= h >> 29;
	}
	return (size_t)(h >> 7);
}

/* A schema together with the memory that holds it. */
struct keepsake {
	struct amqp_schema schema;
	struct arena arena;
};

static void keepsake_drop(struct keepsake *k)
{
	struct arena arena = k->arena; /* which `k` itself lies in */

	arena_release(&arena);
}

/* A copy of the bytes and what they say, in memory of its own; or NULL. */
static struct keepsake *schema_keep(const uint8_t *bytes, size_t len)
{
	struct arena arena = ARENA_INIT(PARSED_MAX);
	struct keepsake *k = arena_new(&arena, struct keepsake);
	uint8_t *copy = arena_alloc(&arena, len);

	if (!k || !copy)
		goto no;
	memcpy(copy, bytes, len);
	if (schema_parse(copy, len, &arena, &k->schema, NULL) < 0)
		goto no;
	k->arena = arena;
	return k;
no:
	arena_release(&arena);
	return NULL;
}

/* The kept schema with these bytes; else NULL, and the first slot that was
 * free for it (or NULL). Slots are only ever filled, never emptied. */
static struct amqp_schema *schema_kept(const uint8_t *bytes, size_t len,
				       _Atomic(struct amqp_schema *) **ret_free)
{
	size_t at = schema_hash(bytes, len);

	*ret_free = NULL;
	for (size_t i = 0; i < KEPT_PROBES; i++) {
		_Atomic(struct amqp_schema *) *slot =
			&kept[(at + i) & (KEPT_SLOTS - 1)];
		struct amqp_schema *s =
			atomic_load_explicit(slot, memory_order_acquire);

		if (!s) {
			*ret_free = slot;
			return NULL;
		}
		if (s->len == len && memcmp(s->bytes, bytes, len) == 0)
			return s;
	}
	return NULL;
}

/* Keeps a schema in a slot for good; what is in the slot then, or NULL.
 * Another thread may have been first, with this schema or another one. */
static struct amqp_schema *schema_put(_Atomic(struct amqp_schema *) *slot,
				      const uint8_t *bytes, size_t len)
{
	struct amqp_schema *there = NULL;
	struct keepsake *k = schema_keep(bytes, len);

	if (!k)
		return NULL;
	if (atomic_compare_exchange_strong(slot, &there, &k->schema))
		return &k->schema;
	keepsake_drop(k);
	return there->len == len && memcmp(there->bytes, bytes, len) == 0
		       ? there
		       : NULL;
}

int amqp_schema_read(const uint8_t *bytes, size_t len, struct arena *arena,
		     const struct amqp_schema **ret, struct error *err)
{
	_Atomic(struct amqp_schema *) *slot;
	struct amqp_schema *s;

	s = schema_kept(bytes, len, &slot);
	if (!s && slot && len <= KEPT_LEN_MAX)
		s = schema_put(slot, bytes, len);
	if (!s) {
		s = arena_new(arena, struct amqp_schema);
		if (!s)
			return error_nomem(err);
		if (schema_parse(bytes, len, arena, s, err) < 0)
			return -1;
	}
	*ret = s;
	return 0;
}

const struct amqp_class *amqp_schema_find(const struct amqp_schema *s,
					  const uint8_t *descriptor, size_t len)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct amqp_class *cls = &s->classes[i];

		if (cls->descriptor_len == len &&
		    memcmp(cls->descriptor, descriptor, len) == 0)
			return cls;
	}
	return NULL;
}
