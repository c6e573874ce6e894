/* SPDX-License-Identifier: Apache-2.0 */
/* json.c - JSON values, read and written through Jansson. */
#include "data/json.h"

#include <errno.h>
#include <jansson.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sys/file.h"

/*
 * `struct js` is never defined: a pointer to it is a json_t in disguise. A
 * build step that failed leaves `unmade` in its object or array, which Jansson
 * takes for one more null; js_print() tells it by its address.
 */
enum { JS_FILE_MAX = 64 * 1024 * 1024 };

/* Jansson counts no references to values whose count is this. */
static json_t unmade = { .type = JSON_NULL, .refcount = (size_t)-1 };

/* The last few objects in which a step failed, and that have no member to put
 * `unmade` at. */
enum { LOST_MAX = 8 };
static _Atomic(json_t *) lost[LOST_MAX];
static atomic_uint lost_count;

/* Others may be at its place later, but hardly an empty object. */
static bool is_lost(const json_t *value)
{
	if (!json_is_object(value) || json_object_size(value))
		return false;
	for (int i = 0; i < LOST_MAX; i++)
		if (lost[i] == value)
			return true;
	return false;
}

/* When its memory ends, Jansson calls a text wrong, or loses a character of it:
 * this tells. */
static _Thread_local bool out_of_memory;

/* In a section of its own, by which the fault tests tell Jansson's allocations
 * from medley's. */
__attribute__((section("jansson_calls"))) static void *js_allocate(size_t size)
{
	void *p = malloc(size);

	out_of_memory |= !p;
	return p;
}

__attribute__((constructor)) static void allocate_by_us(void)
{
	json_set_alloc_funcs(js_allocate, free);
}

static json_t *in(const struct js *value)
{
	return (json_t *)value;
}

static struct js *out(json_t *value)
{
	return (struct js *)value;
}

/* Jansson writes beyond its room for a word when that cannot be doubled: the
 * longest word is the whole text. */
static bool there_is_room_for(size_t len)
{
	void *room = malloc(2 * len + 64);

	free(room);
	return room != NULL;
}

int js_parse_line(const char *name, unsigned line, const void *text, size_t len,
		  struct js **ret_value, struct error *err)
{
	json_error_t why;
	json_t *value;

	if (!there_is_room_for(len))
		return error_nomem(err);
	out_of_memory = false;
	value = json_loadb(text, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY,
			   &why);
	if (out_of_memory) {
		json_decref(value);
		return error_nomem(err);
	}
	if (!value)
		return error_set(err, ERROR_INPUT, "%s:%u:%d: %s", name,
				 line + (unsigned)why.line - 1, why.column,
				 why.text);
	*ret_value = out(value);
	return 0;
}

int js_parse(const char *name, const void *text, size_t len,
	     struct js **ret_value, struct error *err)
{
	static const char *const marks[] = { "\xef\xbb\xbf", "\xff\xfe",
					     "\xfe\xff" };

	/* Other readers of the same files refuse the marks, too. */
	for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
		if (len >= strlen(marks[i]) &&
		    !memcmp(text, marks[i], strlen(marks[i])))
			return error_set(err, ERROR_INPUT,
					 "%s:1:1: a byte order mark; expected "
					 "UTF-8 without one",
					 name);
	return js_parse_line(name, 1, text, len, ret_value, err);
}

int js_parse_answer(const char *program, const void *text, size_t len,
		    struct js **ret_value, struct error *err)
{
	char name[128];

	if (!len)
		return error_set(err, ERROR_INTERNAL,
				 "%s printed nothing; expected JSON", program);
	snprintf(name, sizeof(name), "output of %s", program);
	if (js_parse(name, text, len, ret_value, err) == 0)
		return 0;
	if (err && err->kind == ERROR_INPUT)
		err->kind = ERROR_INTERNAL;
	return -1;
}

int js_read_file(const char *path, struct js **ret_value, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(JS_FILE_MAX);

	if (file_read(path, &text, err) < 0)
		return -1;
	return js_parse(path, buf_text(&text), text.len, ret_value, err);
}

void js_free(struct js *value)
{
	json_decref(in(value));
}

struct js *js_edit(struct js *value, const char *key)
{
	return (struct js *)js_get(value, key);
}

const struct js *js_get(const struct js *value, const char *key)
{
	return out(json_object_get(in(value), key));
}

const char *js_str(const struct js *value, const char *key)
{
	return json_string_value(json_object_get(in(value), key));
}

int64_t js_int(const struct js *value, const char *key, int64_t absent)
{
	json_t *member = json_object_get(in(value), key);

	return json_is_integer(member) ? json_integer_value(member) : absent;
}

double js_num(const struct js *value, const char *key, double absent)
{
	json_t *member = json_object_get(in(value), key);

	return json_is_number(member) ? json_number_value(member) : absent;
}

bool js_bool(const struct js *value, const char *key, bool absent)
{
	json_t *member = json_object_get(in(value), key);

	return json_is_boolean(member) ? json_is_true(member) : absent;
}

size_t js_count(const struct js *value)
{
	return json_array_size(in(value));
}

const struct js *js_at(const struct js *value, size_t index)
{
	return out(json_array_get(in(value), index));
}

bool js_is_null(const struct js *value)
{
	return json_is_null(in(value));
}

enum js_type js_type(const struct js *value)
{
	static const enum js_type types[] = {
		[JSON_OBJECT] = JS_OBJECT, [JSON_ARRAY] = JS_ARRAY,
		[JSON_STRING] = JS_TEXT,   [JSON_INTEGER] = JS_INTEGER,
		[JSON_REAL] = JS_REAL,	   [JSON_TRUE] = JS_BOOL,
		[JSON_FALSE] = JS_BOOL,	   [JSON_NULL] = JS_NULL,
	};

	return value ? types[json_typeof(in(value))] : JS_ABSENT;
}

const char *js_text(const struct js *value)
{
	return json_string_value(in(value));
}

bool js_number(const struct js *value, int64_t *ret)
{
	if (!json_is_integer(in(value)))
		return false;
	*ret = json_integer_value(in(value));
	return true;
}

int js_each(const struct js *value,
	    int (*fn)(const char *key, const struct js *member, void *ctx),
	    void *ctx)
{
	const char *key;
	json_t *member;
	int rc;

	json_object_foreach(in(value), key, member)
	{
		rc = fn(key, out(member), ctx);
		if (rc)
			return rc;
	}
	return 0;
}

struct js *js_object(void)
{
	json_t *object = json_object();

	for (int i = 0; object && i < LOST_MAX; i++)
		if (lost[i] == object)
			lost[i] = NULL;
	return out(object);
}

struct js *js_array(void)
{
	return out(json_array());
}

/* Another member gives way when there is no memory for one more. */
static void mark_object(json_t *object)
{
	void *member = json_object_iter(object);

	if (member)
		json_object_iter_set_new(object, member, &unmade);
	else if (object && json_object_set_new(object, "", &unmade) < 0)
		lost[lost_count++ % LOST_MAX] = object;
}

static void set(struct js *object, const char *key, json_t *child)
{
	const bool was_lost = is_lost(in(object));

	if (!child || json_object_set_new(in(object), key, child) < 0 ||
	    was_lost)
		mark_object(in(object));
}

/* An array that cannot grow is not empty. */
static void append(struct js *array, json_t *child)
{
	if (json_array_append_new(in(array), child ? child : &unmade) < 0)
		json_array_set_new(in(array), 0, &unmade);
}

void js_set_str(struct js *object, const char *key, const char *text)
{
	set(object, key, text ? json_string(text) : json_null());
}

void js_set_int(struct js *object, const char *key, int64_t v)
{
	set(object, key, json_integer(v));
}

void js_set_num(struct js *object, const char *key, double v)
{
	set(object, key, json_real(v));
}

void js_set_bool(struct js *object, const char *key, bool v)
{
	set(object, key, json_boolean(v));
}

void js_set(struct js *object, const char *key, struct js *child)
{
	set(object, key, in(child));
}

void js_append(struct js *array, struct js *child)
{
	append(array, in(child));
}

void js_append_str(struct js *array, const char *text)
{
	append(array, json_string(text));
}

void js_append_int(struct js *array, int64_t v)
{
	append(array, json_integer(v));
}

void js_append_num(struct js *array, double v)
{
	append(array, json_real(v));
}

static bool js_whole(json_t *value)
{
	const char *key;
	json_t *part;
	size_t i;

	if (!value || value == &unmade || is_lost(value))
		return false;
	json_object_foreach(value, key, part)
	{
		if (!js_whole(part))
			return false;
	}
	json_array_foreach(value, i, part)
	{
		if (!js_whole(part))
			return false;
	}
	return true;
}

struct js *js_copy(const struct js *value)
{
	return js_whole(in(value)) ? out(json_deep_copy(in(value))) : NULL;
}

static int js_dump(const char *bytes, size_t len, void *ctx)
{
	buf_add(ctx, bytes, len);
	return 0;
}

int js_print(const struct js *value, enum js_style style, struct buf *text,
	     struct error *err)
{
	size_t flags = style == JS_PRETTY ? JSON_INDENT(2) : JSON_COMPACT;

	if (!js_whole(in(value)))
		return error_set(err, ERROR_INTERNAL,
				 "a JSON value could not be built (memory, or "
				 "text that is not UTF-8)");
	if (json_dump_callback(in(value), js_dump, text,
			       flags | JSON_ENCODE_ANY |
				       JSON_REAL_PRECISION(12)) < 0)
		return error_set(err, ERROR_INTERNAL,
				 "a JSON value could not be written");
	if (style == JS_PRETTY)
		buf_add_str(text, "\n");
	return buf_check(text, err);
}

/* Megabytes of keys go through here: what needs no escape is copied whole. */
static const char escaped[] = "\"\\"
			      "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a"
			      "\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14"
			      "\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f";

void js_quote(struct buf *text, const char *raw)
{
	size_t plain;

	buf_add_str(text, "\"");
	for (const char *p = raw; *p; p++) {
		plain = strcspn(p, escaped);
		buf_add(text, p, plain);
		p += plain;
		if (!*p)
			break;
		if (*p == '"' || *p == '\\')
			buf_addf(text, "\\%c", *p);
		else
			buf_addf(text, "\\u%04x", *p);
	}
	buf_add_str(text, "\"");
}
