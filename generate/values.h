/* SPDX-License-Identifier: Apache-2.0 */
/* values.h - what fills the holes of a manifest: texts, numbers, YAML. */
#ifndef GENERATE_VALUES_H
#define GENERATE_VALUES_H

#include "base/buf.h"
#include "base/error.h"
#include "generate/template.h"

enum { VALUES_MAX = 64, VALUE_BYTES_MAX = 64 * 1024 };

/* Begins as { .count = 0 }. */
struct values {
	struct hole holes[VALUES_MAX];
	struct buf texts[VALUES_MAX];
	size_t count;
};

void values_release(struct values *v);

/* The buffer for the value of a hole, YAML as it is; it may still grow. */
struct buf *values_add(struct values *v, const char *name, size_t max);
/* The same for a text, which is put in quotes. */
struct buf *values_add_text(struct values *v, const char *name, size_t max);
/* A text, in quotes where its hole is a whole value; NULL: an empty one. */
void values_text(struct values *v, const char *name, const char *text);
/* YAML as it is: lines, or nothing. */
void values_yaml(struct values *v, const char *name, const char *yaml);
void values_number(struct values *v, const char *name, unsigned number);
/* The text that the bytes are in base64. */
void values_base64(struct values *v, const char *name, const void *bytes,
		   size_t len);

/* Adds the template, a file below medley's home, filled. */
int values_fill(struct values *v, const char *template, struct buf *out,
		struct error *err);
/* The filled template becomes the value of another hole. */
int values_block(struct values *v, const char *name, const char *template,
		 struct error *err);

#endif
