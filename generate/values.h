/* SPDX-License-Identifier: Apache-2.0 */
/* values.h - what fills the holes of a manifest, made for it and quoted. */
#ifndef GENERATE_VALUES_H
#define GENERATE_VALUES_H

#include "base/buf.h"
#include "base/error.h"
#include "generate/template.h"

enum { VALUES_MAX = 48, VALUE_BYTES_MAX = 64 * 1024 };

/* Begins as { .count = 0 }. */
struct values {
	struct hole holes[VALUES_MAX];
	struct buf texts[VALUES_MAX];
	size_t count;
};

void values_release(struct values *v);

/* The buffer for the value of a hole; its text may still grow. */
struct buf *values_add(struct values *v, const char *name, size_t max);
void values_plain(struct values *v, const char *name, const char *text);
/* As a quoted YAML scalar. */
void values_quoted(struct values *v, const char *name, const char *text);
void values_number(struct values *v, const char *name, unsigned number);
void values_base64(struct values *v, const char *name, const void *bytes,
		   size_t len);

/* Adds the template, a file below medley's home, filled. */
int values_fill(struct values *v, const char *template, struct buf *out,
		struct error *err);
/* The filled template becomes the value of another hole. */
int values_block(struct values *v, const char *name, const char *template,
		 struct error *err);

#endif
