/* SPDX-License-Identifier: Apache-2.0 */
/* json_parts.c - reads the wanted members of a large JSON text. */
#include <string.h>

#include "data/json.h"

/*
 * The text is copied without what is not wanted, then read as any other. On
 * the way brackets are only counted: mistakes of what is wanted are in the
 * copy, too, and refused there; those of the rest are nobody's.
 */
struct cut {
	const char *at, *end;
	struct buf *out;
};

enum { JS_DEPTH_MAX = 64 };

static char peek(struct cut *c)
{
	while (c->at < c->end && strchr(" \t\r\n", *c->at) && *c->at)
		c->at++;
	return c->at < c->end ? *c->at : 0;
}

static void skip_string(struct cut *c)
{
	for (c->at++; c->at < c->end && *c->at != '"'; c->at++)
		if (*c->at == '\\' && c->at + 1 < c->end)
			c->at++;
	if (c->at < c->end)
		c->at++;
}

/* One value, as far as it can be told where it ends. */
static void skip_value(struct cut *c)
{
	size_t depth = 0;

	while (c->at < c->end) {
		if (*c->at == '"') {
			skip_string(c);
		} else if (*c->at == '{' || *c->at == '[') {
			depth++;
			c->at++;
		} else if (*c->at == '}' || *c->at == ']') {
			if (!depth)
				return;
			depth--;
			c->at++;
		} else if (*c->at == ',' && !depth) {
			return;
		} else {
			c->at++;
		}
	}
}

static const struct js_part *wanted(const struct js_part *parts,
				    const char *key, size_t len)
{
	for (; parts->key; parts++)
		if (strlen(parts->key) == len && !memcmp(parts->key, key, len))
			return parts;
	return NULL;
}

static void cut_value(struct cut *c, const struct js_part *parts, int depth);

/* A key and its value; false: here is no key. */
static bool cut_member(struct cut *c, const struct js_part *parts, bool *comma,
		       int depth)
{
	const struct js_part *part;
	const char *key;

	if (peek(c) != '"')
		return false;
	key = c->at;
	skip_string(c);
	part = wanted(parts, key + 1, (size_t)(c->at - key) - 2);
	if (part) {
		if (*comma)
			buf_add_u8(c->out, ',');
		*comma = true;
		buf_add(c->out, key, (size_t)(c->at - key));
	}
	if (peek(c) != ':')
		return false;
	c->at++;
	if (!part) {
		skip_value(c);
		return true;
	}
	buf_add_u8(c->out, ':');
	cut_value(c, part->parts, depth + 1);
	return true;
}

static void cut_object(struct cut *c, const struct js_part *parts, int depth)
{
	bool comma = false;

	buf_add_u8(c->out, '{');
	c->at++;
	while (cut_member(c, parts, &comma, depth) && peek(c) == ',')
		c->at++;
	if (peek(c) != '}')
		return; /* not closed: nor is the copy */
	buf_add_u8(c->out, '}');
	c->at++;
}

static void cut_array(struct cut *c, const struct js_part *parts, int depth)
{
	do {
		buf_add_u8(c->out, *c->at++); /* the bracket, a comma */
		if (peek(c) != ']')
			cut_value(c, parts, depth + 1);
	} while (peek(c) == ',');
	if (peek(c) != ']')
		return;
	buf_add_u8(c->out, ']');
	c->at++;
}

static void cut_value(struct cut *c, const struct js_part *parts, int depth)
{
	char first = peek(c);
	const char *from = c->at;

	if (first == '{' && parts && depth < JS_DEPTH_MAX) {
		cut_object(c, parts, depth);
	} else if (first == '[' && parts && depth < JS_DEPTH_MAX) {
		cut_array(c, parts, depth);
	} else {
		skip_value(c);
		buf_add(c->out, from, (size_t)(c->at - from));
	}
}

int js_parse_parts(const char *name, const void *text, size_t len,
		   const struct js_part *parts, struct js **ret_value,
		   struct error *err)
{
	cleanup(buf_release) struct buf out = BUF_INIT(len + 1);
	struct cut c = { text, (const char *)text + len, &out };

	if (!parts)
		return js_parse(name, text, len, ret_value, err);
	cut_value(&c, parts, 0);
	buf_add(&out, c.at, (size_t)(c.end - c.at));
	if (buf_check(&out, err) < 0)
		return -1;
	return js_parse(name, buf_text(&out), out.len, ret_value, err);
}
