/* SPDX-License-Identifier: Apache-2.0 */
/* protobuf.c - ConfigMaps and Secrets as the API's protocol buffers. */
#include "kube/protobuf.h"

#include <string.h>

#include "base/cleanup.h"
#include "data/base64.h"
#include "kube/scalar.h"

enum { PACKED_MAX = 4 * 1024 * 1024 };
enum wire { WIRE_VARINT = 0, WIRE_BYTES = 2 };

typedef bool (*add_fn)(struct buf *out, unsigned number,
		       const struct yaml_node *value);

struct field {
	const char *key;
	unsigned number;
	add_fn add;
};

static void add_varint(struct buf *out, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		buf_add_u8(out, (uint8_t)(v | 0x80));
	buf_add_u8(out, (uint8_t)v);
}

static void add_bytes(struct buf *out, unsigned number, const void *bytes,
		      size_t len)
{
	add_varint(out, number << 3 | WIRE_BYTES);
	add_varint(out, len);
	buf_add(out, bytes, len);
}

static bool is_text(const struct yaml_node *n)
{
	return n->type == YAML_SCALAR && scalar_type(n) == SCALAR_TEXT;
}

static bool add_text(struct buf *out, unsigned number,
		     const struct yaml_node *value)
{
	if (!is_text(value))
		return false;
	add_bytes(out, number, value->text, value->len);
	return true;
}

static bool add_flag(struct buf *out, unsigned number,
		     const struct yaml_node *value)
{
	enum scalar_type type =
		value->type == YAML_SCALAR ? scalar_type(value) : SCALAR_NULL;

	if (type != SCALAR_TRUE && type != SCALAR_FALSE)
		return false;
	add_varint(out, number << 3 | WIRE_VARINT);
	buf_add_u8(out, type == SCALAR_TRUE);
	return true;
}

/* A map is a list of pairs: messages with the fields 1 and 2. */
static void add_pair(struct buf *out, unsigned number,
		     const struct yaml_node *key, const void *bytes, size_t len)
{
	cleanup(buf_release) struct buf pair = BUF_INIT(PACKED_MAX);

	add_bytes(&pair, 1, key->text, key->len);
	add_bytes(&pair, 2, bytes, len);
	add_bytes(out, number, pair.data, pair.len);
	out->failed |= pair.failed;
}

static bool add_texts(struct buf *out, unsigned number,
		      const struct yaml_node *map)
{
	if (map->type != YAML_MAP)
		return false;
	for (size_t i = 0; i < map->count; i++) {
		const struct yaml_node *n = map->items[i];

		if (!is_text(n))
			return false;
		add_pair(out, number, map->keys[i], n->text, n->len);
	}
	return true;
}

/* Only what every decoder of base64 takes: whole groups, no blanks. */
static bool decode(const struct yaml_node *n, struct buf *ret)
{
	size_t pads = 0;

	if (!is_text(n) || n->len % 4)
		return false;
	while (pads < 2 && pads < n->len && n->text[n->len - pads - 1] == '=')
		pads++;
	return base64_decode(n->text, ret, NULL) >= 0 &&
	       ret->len == n->len / 4 * 3 - pads;
}

static bool add_blobs(struct buf *out, unsigned number,
		      const struct yaml_node *map)
{
	if (map->type != YAML_MAP)
		return false;
	for (size_t i = 0; i < map->count; i++) {
		cleanup(buf_release) struct buf bytes = BUF_INIT(PACKED_MAX);

		if (!decode(map->items[i], &bytes))
			return false;
		add_pair(out, number, map->keys[i], bytes.data, bytes.len);
	}
	return true;
}

/* What stands around the message says it. */
static bool leave_out(struct buf *out, unsigned number,
		      const struct yaml_node *value)
{
	(void)out;
	(void)number;
	(void)value;
	return true;
}

static bool add_fields(struct buf *out, const struct field *fields,
		       const struct yaml_node *map)
{
	for (size_t i = 0; i < map->count; i++) {
		const struct field *f = fields;

		while (f->key && strcmp(f->key, map->keys[i]->text) != 0)
			f++;
		if (!f->key || !f->add(out, f->number, map->items[i]))
			return false;
	}
	return true;
}

static bool add_metadata(struct buf *out, unsigned number,
			 const struct yaml_node *map)
{
	static const struct field fields[] = {
		{ "name", 1, add_text },     { "namespace", 3, add_text },
		{ "labels", 11, add_texts }, { "annotations", 12, add_texts },
		{ NULL, 0, NULL },
	};
	cleanup(buf_release) struct buf meta = BUF_INIT(PACKED_MAX);

	if (map->type != YAML_MAP || !add_fields(&meta, fields, map))
		return false;
	add_bytes(out, number, meta.data, meta.len);
	out->failed |= meta.failed;
	return true;
}

static const struct field config_map[] = {
	{ "apiVersion", 0, leave_out },
	{ "kind", 0, leave_out },
	{ "metadata", 1, add_metadata },
	{ "data", 2, add_texts },
	{ "binaryData", 3, add_blobs },
	{ "immutable", 4, add_flag },
	{ NULL, 0, NULL },
};

static const struct field secret[] = {
	{ "apiVersion", 0, leave_out },	 { "kind", 0, leave_out },
	{ "metadata", 1, add_metadata }, { "data", 2, add_blobs },
	{ "type", 3, add_text },	 { "stringData", 4, add_texts },
	{ "immutable", 5, add_flag },	 { NULL, 0, NULL },
};

static const struct field *fields_of(const char *kind)
{
	if (!strcmp(kind, "ConfigMap"))
		return config_map;
	return !strcmp(kind, "Secret") ? secret : NULL;
}

/* runtime.Unknown { TypeMeta { apiVersion, kind }, raw } */
static void add_envelope(struct buf *out, const char *kind,
			 const struct buf *raw)
{
	cleanup(buf_release) struct buf type = BUF_INIT(256);

	add_bytes(&type, 1, "v1", 2);
	add_bytes(&type, 2, kind, strlen(kind));
	buf_add(out, "k8s", 4);
	add_bytes(out, 1, type.data, type.len);
	add_bytes(out, 2, raw->data, raw->len);
	out->failed |= raw->failed;
}

bool protobuf_add(const struct yaml_node *object, struct buf *out)
{
	cleanup(buf_release) struct buf raw = BUF_INIT(PACKED_MAX);
	const char *version = yaml_str(object, "apiVersion");
	const char *kind = yaml_str(object, "kind");
	const struct field *fields = kind ? fields_of(kind) : NULL;

	if (!fields || !version || strcmp(version, "v1") != 0 ||
	    !add_fields(&raw, fields, object))
		return false;
	add_envelope(out, kind, &raw);
	return !out->failed;
}
