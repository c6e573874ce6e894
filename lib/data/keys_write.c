/* SPDX-License-Identifier: Apache-2.0 */
/* keys_write.c - writes structs as YAML and tables of keys as Markdown. */
#include "data/keys.h"

#include <stdio.h>

#include "data/keys_value.h"

/* The first line of a list's item begins with "- " in place of spaces. */
static void write_map(const struct keys *keys, const char *base, int indent,
		      bool item, struct buf *out);

static void write_list(const struct key *k, const char *base, int indent,
		       struct buf *out)
{
	const char *items = *(const char *const *)(base + k->offset);
	unsigned count = *(const unsigned *)(base + k->count_offset);

	buf_addf(out, "%s:\n", k->name);
	for (unsigned i = 0; i < count; i++)
		write_map(k->inner, items + i * k->inner->size, indent + 4,
			  true, out);
}

static void write_pairs(const struct key *k, const char *base, int indent,
			struct buf *out)
{
	const struct key_pair *pairs =
		*(const struct key_pair *const *)(base + k->offset);
	unsigned count = *(const unsigned *)(base + k->count_offset);

	buf_addf(out, "%s:\n", k->name);
	for (unsigned i = 0; i < count; i++) {
		buf_addf(out, "%*s", indent + 2, "");
		yaml_quote(out, pairs[i].name);
		buf_add_str(out, ": ");
		yaml_quote(out, pairs[i].value);
		buf_add_str(out, "\n");
	}
}

static bool absent(const struct key *k, const char *base)
{
	const char *text;

	if (k->type == KEY_LIST || k->type == KEY_PAIRS)
		return !*(const unsigned *)(base + k->count_offset);
	if (k->type == KEY_MAP) {
		for (const struct key *i = NULL; (i = keys_next(k->inner, i));)
			if (!absent(i, base + k->offset))
				return false;
		return true;
	}
	if (k->type == KEY_DATE)
		return !*(const int64_t *)(base + k->offset);
	if (k->type != KEY_TEXT)
		return false;
	text = *(const char *const *)(base + k->offset);
	return !text || !*text;
}

static void write_value(const struct key *k, const char *base, int indent,
			struct buf *out)
{
	if (k->type == KEY_LIST) {
		write_list(k, base, indent, out);
	} else if (k->type == KEY_PAIRS) {
		write_pairs(k, base, indent, out);
	} else if (k->type == KEY_MAP && absent(k, base)) {
		buf_addf(out, "%s: {}\n", k->name); /* of a variant */
	} else if (k->type == KEY_MAP) {
		buf_addf(out, "%s:\n", k->name);
		write_map(k->inner, base + k->offset, indent + 2, false, out);
	} else {
		buf_addf(out, "%s: ", k->name);
		key_print(k, base + k->offset, out);
		buf_add_str(out, "\n");
	}
}

static void begin_line(int indent, bool item, struct buf *out)
{
	if (item)
		buf_addf(out, "%*s- ", indent - 2, "");
	else
		buf_addf(out, "%*s", indent, "");
}

static void write_map(const struct keys *keys, const char *base, int indent,
		      bool item, struct buf *out)
{
	for (const struct key *k = NULL; (k = keys_next(keys, k));) {
		if (keys->one_of ? k != keys_variant(keys, base)
				 : absent(k, base))
			continue;
		begin_line(indent, item, out);
		item = false;
		write_value(k, base, indent, out);
	}
}

void keys_write(const struct keys *keys, const void *base, int indent,
		struct buf *out)
{
	write_map(keys, base, indent, false, out);
}

static void document_default(const struct key *k, struct buf *out)
{
	if (k->required)
		buf_add_str(out, "required");
	else if (k->fallback)
		buf_addf(out, "`%s`", k->fallback);
	else
		buf_add_str(out, k->otherwise ? k->otherwise : "none");
}

void key_describe(const struct key *k, struct buf *out)
{
	char room[KEY_EXPECTED];

	key_expected(k, room);
	for (const char *p = room; *p; p++)
		if (*p == '|')
			buf_add_str(out, " or ");
		else
			buf_add(out, p, 1);
}

static void document_key(const char *place, const struct key *k, bool variant,
			 void *ctx)
{
	struct buf *out = ctx;

	buf_addf(out, "| `%s` | ", place);
	key_describe(k, out);
	buf_add_str(out, " | ");
	if (variant)
		buf_add_str(out, "one of these keys an item");
	else
		document_default(k, out);
	buf_addf(out, " | %s |\n", k->help);
}

/* A map has no place of its own, only its keys, but a variant is what the file
 * names. */
static void walk(const struct keys *keys, const char *prefix,
		 keys_visit_fn visit, void *ctx)
{
	char place[128];

	for (const struct key *k = NULL; (k = keys_next(keys, k));) {
		snprintf(place, sizeof(place), "%s%s", prefix, k->name);
		if (k->type != KEY_MAP || keys->one_of)
			visit(place, k, keys->one_of, ctx);
		if (!k->inner)
			continue;
		snprintf(place, sizeof(place), "%s%s%s.", prefix, k->name,
			 k->type == KEY_LIST ? "[]" : "");
		walk(k->inner, place, visit, ctx);
	}
}

void keys_walk(const struct keys *keys, keys_visit_fn visit, void *ctx)
{
	walk(keys, "", visit, ctx);
}

void keys_document(const struct keys *keys, struct buf *out)
{
	keys_walk(keys, document_key, out);
}
