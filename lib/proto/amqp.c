/* SPDX-License-Identifier: Apache-2.0 */
/* amqp.c - reads the values of an envelope by the schema it carries. */
#include "proto/amqp.h"

#include <string.h>

#include "base/cursor.h"
#include "proto/amqp_schema.h"
#include "proto/amqp_wire.h"

/*
 * A writer that meets an object a second time writes its number instead. The
 * numbers count the objects in the order in which they are finished, parts
 * before the whole: everything that is described, and bare strings, uuids
 * and dates, but those only where an object is expected. A field whose type
 * is the primitive itself ("string"), and what stands bare inside a custom
 * type, an enum or an array of primitives, is not counted. So the reader has
 * to know at each value which of the two positions it is in.
 */
enum position { AS_PRIMITIVE, AS_OBJECT };

enum { DEPTH_MAX = 64, HEADER_LEN = 8 };

struct reader {
	const uint8_t *start;
	struct arena *arena;
	const struct amqp_schema *schema;
	const struct amqp_value **seen; /* the numbered objects */
	size_t seen_count, seen_room;
	unsigned depth;
	struct error *err;
};

static const struct amqp_value *read_value(struct reader *r, struct cursor *c,
					   enum position pos);

static void *fail(struct reader *r, const struct cursor *c, const char *what)
{
	error_set(r->err, ERROR_INTERNAL, "AMQP, byte %zu: %s",
		  c->p ? (size_t)(c->p - r->start) : 0, what);
	return NULL;
}

static struct amqp_value *new_value(struct reader *r, enum amqp_type type)
{
	struct amqp_value *v = arena_new(r->arena, struct amqp_value);

	if (!v) {
		error_nomem(r->err);
		return NULL;
	}
	v->type = type;
	return v;
}

static const struct amqp_value *record(struct reader *r,
				       const struct amqp_value *v)
{
	if (v && r->seen_count == r->seen_room) {
		size_t room = r->seen_room ? r->seen_room * 2 : 32;
		const struct amqp_value **more = arena_array(
			r->arena, room, sizeof(struct amqp_value *));

		if (!more) {
			error_nomem(r->err);
			return NULL;
		}
		if (r->seen_count > 0)
			memcpy(more, r->seen,
			       r->seen_count * sizeof(struct amqp_value *));
		r->seen = more;
		r->seen_room = room;
	}
	if (v)
		r->seen[r->seen_count++] = v;
	return v;
}

/* ---- bare values ---- */

static int64_t signed_of(struct cursor body)
{
	unsigned width = (unsigned)cursor_left(&body);
	uint64_t raw = cursor_be(&body, width);
	unsigned unused = width < 8 ? 64 - 8 * width : 0;

	return width ? (int64_t)(raw << unused) >> unused : 0;
}

static double real_of(uint8_t code, struct cursor body)
{
	uint64_t raw = cursor_be(&body, (unsigned)cursor_left(&body));
	uint32_t half = (uint32_t)raw;
	double d;
	float f;

	memcpy(&d, &raw, sizeof(d));
	memcpy(&f, &half, sizeof(f));
	return code == WIRE_FLOAT ? (double)f : d;
}

static int set_number(struct amqp_value *v, uint8_t code, struct cursor body)
{
	switch (code) {
	case WIRE_TRUE:
	case WIRE_FALSE:
	case WIRE_BOOL:
		v->type = AMQP_BOOL;
		v->boolean = code == WIRE_TRUE || cursor_u8(&body) != 0;
		return 0;
	case WIRE_UINT0:
	case WIRE_ULONG0:
	case 0x50: /* ubyte */
	case 0x52: /* small uint */
	case 0x53: /* small ulong */
	case 0x60: /* ushort */
	case 0x70: /* uint */
	case WIRE_ULONG:
		v->type = AMQP_UINT;
		v->integer =
			(int64_t)cursor_be(&body, (unsigned)cursor_left(&body));
		return 0;
	case 0x51: /* byte */
	case 0x54: /* small int */
	case 0x55: /* small long */
	case 0x61: /* short */
	case 0x71: /* int */
	case WIRE_CHAR:
	case 0x81: /* long */
	case WIRE_TIMESTAMP:
		v->type = AMQP_INT;
		v->integer = signed_of(body);
		return 0;
	case WIRE_FLOAT:
	case WIRE_DOUBLE:
		v->type = AMQP_DOUBLE;
		v->real = real_of(code, body);
		return 0;
	default:
		return -1;
	}
}

static int set_bytes(struct amqp_value *v, uint8_t code, struct cursor body)
{
	switch (code) {
	case WIRE_BINARY8:
	case WIRE_BINARY32:
		v->type = AMQP_BINARY;
		break;
	case WIRE_STRING8:
	case WIRE_STRING32:
		v->type = AMQP_STRING;
		break;
	case WIRE_SYMBOL8:
	case WIRE_SYMBOL32:
		v->type = AMQP_SYMBOL;
		break;
	case WIRE_UUID:
		v->type = AMQP_UUID;
		break;
	default:
		return -1;
	}
	v->bytes = body.p;
	v->len = cursor_left(&body);
	return 0;
}

/* ---- values that have items ---- */

static const struct amqp_value **new_items(struct reader *r, struct cursor *c,
					   struct amqp_value *v, size_t count)
{
	const struct amqp_value **items;

	if (count > cursor_left(c))
		return fail(r, c, "a list has more items than bytes");
	items = arena_array(r->arena, count, sizeof(struct amqp_value *));
	if (!items) {
		error_nomem(r->err);
		return NULL;
	}
	v->items = items;
	v->count = count;
	return items;
}

/* The position of each item; `fields` only of a composite. */
static struct amqp_value *read_items(struct reader *r, struct amqp_wire *w,
				     struct amqp_value *v, enum position pos,
				     const struct amqp_field *fields)
{
	const struct amqp_value **items = new_items(r, &w->body, v, w->count);

	if (!items)
		return NULL;
	for (size_t i = 0; i < v->count; i++) {
		if (fields)
			pos = fields[i].primitive ? AS_PRIMITIVE : AS_OBJECT;
		items[i] = read_value(r, &w->body, pos);
		if (!items[i])
			return NULL;
	}
	if (cursor_left(&w->body) > 0)
		return fail(r, &w->body, "a list has more bytes than items");
	return v;
}

/* One code for all elements; arrays of described values are not written by
 * nodes and refused. */
static struct amqp_value *read_array(struct reader *r, struct amqp_wire *w,
				     struct amqp_value *v)
{
	uint8_t code = cursor_u8(&w->body);
	const struct amqp_value **items;
	struct amqp_value *item;
	struct amqp_wire element;

	v->type = AMQP_LIST;
	if (w->count == 0)
		return v;
	items = new_items(r, &w->body, v, w->count);
	for (size_t i = 0; items && i < v->count; i++) {
		item = new_value(r, AMQP_NULL);
		if (!item)
			return NULL;
		if (!amqp_wire_body(&w->body, code, &element) ||
		    (set_number(item, code, element.body) < 0 &&
		     set_bytes(item, code, element.body) < 0))
			return fail(r, &w->body, "an array cannot be read");
		items[i] = item;
	}
	return items ? v : NULL;
}

static const struct amqp_value *read_bare(struct reader *r, struct cursor *c,
					  enum position pos)
{
	static const struct amqp_value null = { .type = AMQP_NULL };
	struct amqp_value *v;
	struct amqp_wire w;

	if (!amqp_wire_next(c, &w))
		return fail(r, c, "the bytes end within a value");
	if (w.code == WIRE_NULL)
		return &null;
	v = new_value(r, AMQP_LIST);
	if (!v || set_number(v, w.code, w.body) == 0)
		return v && pos == AS_OBJECT && w.code == WIRE_TIMESTAMP
			       ? record(r, v)
			       : v;
	if (set_bytes(v, w.code, w.body) == 0)
		return pos == AS_OBJECT && v->type != AMQP_BINARY ? record(r, v)
								  : v;
	if (w.code == WIRE_ARRAY8 || w.code == WIRE_ARRAY32)
		return read_array(r, &w, v);
	if (amqp_wire_is_map(w.code) && w.count % 2 == 0)
		v->type = AMQP_MAP;
	else if (!amqp_wire_is_list(w.code))
		return fail(r, c, "a value of unknown code");
	return read_items(r, &w, v, pos, NULL);
}

/* ---- objects ---- */

static const struct amqp_value *read_reference(struct reader *r,
					       struct cursor *c)
{
	struct amqp_value index = { 0 };
	struct amqp_wire w;

	if (!amqp_wire_next(c, &w) || set_number(&index, w.code, w.body) < 0 ||
	    index.type != AMQP_UINT || index.integer < 0 ||
	    (uint64_t)index.integer >= r->seen_count)
		return fail(r, c, "a reference to an object not yet seen");
	return r->seen[index.integer];
}

/* One item, the value; a notification's own items are objects. */
static struct amqp_value *read_custom(struct reader *r, struct cursor *c,
				      struct amqp_value *v)
{
	const struct amqp_value **items = new_items(r, c, v, 1);
	enum position pos =
		amqp_is(v, "rx.Notification") ? AS_OBJECT : AS_PRIMITIVE;

	if (!items)
		return NULL;
	items[0] = read_value(r, c, pos);
	return items[0] ? v : NULL;
}

static struct amqp_value *read_content(struct reader *r, struct cursor *c,
				       struct amqp_value *v)
{
	const struct amqp_class *cls = v->cls;
	struct amqp_wire w;

	if (cls->kind == AMQP_CUSTOM)
		return read_custom(r, c, v);
	if (!amqp_wire_next(c, &w))
		return fail(r, c, "the bytes end within an object");
	if (cls->kind == AMQP_RESTRICTED_MAP)
		return amqp_wire_is_map(w.code) && w.count % 2 == 0
			       ? read_items(r, &w, v, AS_OBJECT, NULL)
			       : fail(r, c, "a map is not written as pairs");
	if (!amqp_wire_is_list(w.code))
		return fail(r, c, "an object is not written as a list");
	if (cls->kind == AMQP_COMPOSITE && w.count != cls->field_count)
		return fail(r, c, "an object has not the fields of its class");
	if (cls->kind == AMQP_COMPOSITE)
		return read_items(r, &w, v, AS_OBJECT, cls->fields);
	return read_items(r, &w, v,
			  cls->kind == AMQP_ENUM || cls->primitive
				  ? AS_PRIMITIVE
				  : AS_OBJECT,
			  NULL);
}

/* A symbol that is not in the schema is one of the fixed custom types; its
 * name is the symbol without "net.corda:". */
static const struct amqp_class *class_of(struct reader *r, struct cursor *c,
					 const struct cursor *symbol)
{
	static const char prefix[] = "net.corda:";
	size_t len = cursor_left(symbol), skip = sizeof(prefix) - 1;
	const struct amqp_class *known =
		amqp_schema_find(r->schema, symbol->p, len);
	struct amqp_class *cls;

	if (known)
		return known;
	if (len <= skip || memcmp(symbol->p, prefix, skip) != 0)
		return fail(r, c, "an object of no known class");
	cls = arena_new(r->arena, struct amqp_class);
	if (!cls) {
		error_nomem(r->err);
		return NULL;
	}
	cls->kind = AMQP_CUSTOM;
	cls->descriptor = (const char *)symbol->p;
	cls->descriptor_len = len;
	cls->name = cls->descriptor + skip;
	cls->name_len = len - skip;
	return cls;
}

static const struct amqp_value *read_described(struct reader *r,
					       struct cursor *c)
{
	struct cursor at = *c;
	const struct amqp_class *cls;
	struct amqp_value *v;
	struct amqp_wire w;

	if (amqp_wire_structure(&at) == CORDA_REFERENCE) {
		*c = at;
		return read_reference(r, c);
	}
	cursor_u8(c);
	if (!amqp_wire_next(c, &w) ||
	    (w.code != WIRE_SYMBOL8 && w.code != WIRE_SYMBOL32))
		return fail(r, c, "a descriptor is not a symbol");
	cls = class_of(r, c, &w.body);
	v = cls ? new_value(r, AMQP_OBJECT) : NULL;
	if (!v)
		return NULL;
	v->cls = cls;
	return record(r, read_content(r, c, v));
}

static const struct amqp_value *read_value(struct reader *r, struct cursor *c,
					   enum position pos)
{
	const struct amqp_value *v;

	if (r->depth >= DEPTH_MAX)
		return fail(r, c, "nested too deep");
	r->depth++;
	if (cursor_left(c) > 0 && *c->p == WIRE_DESCRIBED)
		v = read_described(r, c);
	else
		v = read_bare(r, c, pos);
	r->depth--;
	return v;
}

/* ---- the envelope ---- */

static int read_header(struct cursor *c, struct error *err)
{
	static const uint8_t magic[] = { 'c', 'o', 'r', 'd', 'a', 1, 0 };
	const uint8_t *p = cursor_take(c, sizeof(magic));
	uint8_t section = cursor_u8(c);

	if (c->failed || memcmp(p, magic, sizeof(magic)) != 0)
		return error_set(err, ERROR_INTERNAL,
				 "AMQP, byte 0: not an envelope of Corda's "
				 "format 1.0");
	if (section != 0)
		return error_set(err, ERROR_INTERNAL,
				 "AMQP, byte 7: section %u where plain data "
				 "was expected",
				 section);
	return 0;
}

/* The two elements that matter: where the object and the schema stand. */
static int read_outline(struct cursor *c, struct cursor *ret_object,
			struct cursor *ret_schema)
{
	struct amqp_wire w = { 0 };
	const uint8_t *start;

	if (amqp_wire_structure(c) != CORDA_ENVELOPE ||
	    !amqp_wire_next(c, &w) || !amqp_wire_is_list(w.code) || w.count < 2)
		return -1;
	start = w.body.p;
	if (!amqp_wire_skip(&w.body))
		return -1;
	*ret_object = cursor_over(start, (size_t)(w.body.p - start));
	start = w.body.p;
	if (!amqp_wire_skip(&w.body))
		return -1;
	*ret_schema = cursor_over(start, (size_t)(w.body.p - start));
	for (uint32_t i = 2; i < w.count; i++)
		if (!amqp_wire_skip(&w.body))
			return -1;
	return cursor_left(&w.body) == 0 && cursor_left(c) == 0 ? 0 : -1;
}

int amqp_read(const void *bytes, size_t len, struct arena *arena,
	      const struct amqp_value **ret_root, struct error *err)
{
	struct cursor c = cursor_over(bytes, len), object, schema;
	struct reader r = { .start = bytes, .arena = arena, .err = err };
	const struct amqp_value *root;

	if (read_header(&c, err) < 0)
		return -1;
	if (read_outline(&c, &object, &schema) < 0)
		return error_set(err, ERROR_INTERNAL,
				 "AMQP, byte %d: the envelope is damaged",
				 HEADER_LEN);
	if (amqp_schema_read(schema.p, cursor_left(&schema), arena, &r.schema,
			     err) < 0)
		return error_wrap(err, "AMQP, byte %zu",
				  (size_t)(schema.p - r.start));
	root = read_value(&r, &object, AS_OBJECT);
	if (!root)
		return -1;
	*ret_root = root;
	return 0;
}
