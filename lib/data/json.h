/* SPDX-License-Identifier: Apache-2.0 */
/* json.h - JSON values, read and written through Jansson. */
#ifndef DATA_JSON_H
#define DATA_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/error.h"

/* One value. Only the root is owned by the caller; parts are borrowed. */
struct js;

/* Reads one value; the error names `name` (a file), line and column. */
int js_parse(const char *name, const void *text, size_t len,
	     struct js **ret_value, struct error *err);
/* The same of what a program has printed: ERROR_INTERNAL, since no file of the
 * user's is wrong. `program` is as in "podman images". */
int js_parse_answer(const char *program, const void *text, size_t len,
		    struct js **ret_value, struct error *err);
/* The same for a text that begins in line `line` of the file `name`. */
int js_parse_line(const char *name, unsigned line, const void *text, size_t len,
		  struct js **ret_value, struct error *err);
int js_read_file(const char *path, struct js **ret_value, struct error *err);
void js_free(struct js *value);
/* A copy of its own, parts included; NULL for NULL, without memory, and of what
 * could not be built. */
struct js *js_copy(const struct js *value);
/* Members that are wanted of an object, ended by one without a key. */
struct js_part {
	const char *key;
	const struct js_part *parts; /* of it, or of each in an array; NULL:
				      * all of it */
};
/* Reads a text of which only those members are wanted: the others are passed
 * over, not even looked at for mistakes, which costs a fraction of reading
 * them. Keys are compared as they are written, escapes and all. `parts` may
 * be NULL: all is read. */
int js_parse_parts(const char *name, const void *text, size_t len,
		   const struct js_part *parts, struct js **ret_value,
		   struct error *err);
DEFINE_FREEP(struct js, js)

/*
 * Looking in. `value` may be NULL and is then treated as a value without
 * content, so that lookups can be chained. Absent, null or of another type:
 * NULL, or the given default.
 */
const struct js *js_get(const struct js *value, const char *key);
/* The same of what is being built or changed. */
struct js *js_edit(struct js *value, const char *key);
const char *js_str(const struct js *value, const char *key);
int64_t js_int(const struct js *value, const char *key, int64_t absent);
double js_num(const struct js *value, const char *key, double absent);
bool js_bool(const struct js *value, const char *key, bool absent);
/* Of an array: */
size_t js_count(const struct js *value);
const struct js *js_at(const struct js *value, size_t index);
/* The text of a string value itself, else NULL. */
const char *js_text(const struct js *value);
/* True if the value itself is a whole number. */
bool js_number(const struct js *value, int64_t *ret);
/* The value `null`, not an absent one. */
bool js_is_null(const struct js *value);
enum js_type {
	JS_ABSENT, /* NULL, as js_get() gives of what is not there */
	JS_NULL,
	JS_TEXT,
	JS_INTEGER, /* of 64 bits */
	JS_REAL, /* any other number */
	JS_BOOL,
	JS_ARRAY,
	JS_OBJECT
};
enum js_type js_type(const struct js *value);
/* Calls fn for each member of an object, in its order; stops on non-zero. */
int js_each(const struct js *value,
	    int (*fn)(const char *key, const struct js *member, void *ctx),
	    void *ctx);

/*
 * Building. Setters with a NULL text write null. A failed step (no memory,
 * text not UTF-8) is remembered and reported by js_print(); the child given
 * to js_set and js_append is taken over, also on failure, and may be NULL
 * after a failed js_object().
 */
struct js *js_object(void);
struct js *js_array(void);
void js_set_str(struct js *object, const char *key, const char *text);
void js_set_int(struct js *object, const char *key, int64_t v);
void js_set_num(struct js *object, const char *key, double v);
void js_set_bool(struct js *object, const char *key, bool v);
void js_set(struct js *object, const char *key, struct js *child);
void js_append(struct js *array, struct js *child);
void js_append_str(struct js *array, const char *text);
void js_append_int(struct js *array, int64_t v);
void js_append_num(struct js *array, double v);

enum js_style { JS_LINE, JS_PRETTY };
/* Adds the text of `value`; JS_LINE has no newline at the end. */
int js_print(const struct js *value, enum js_style style, struct buf *out,
	     struct error *err);

/* Writes text with JSON's escapes between quotes. */
void js_quote(struct buf *out, const char *text);

#endif
