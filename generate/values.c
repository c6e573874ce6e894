/* SPDX-License-Identifier: Apache-2.0 */
/* values.c - what fills the holes of a manifest: texts, numbers, YAML. */
#include "generate/values.h"

#include <assert.h>

#include "data/base64.h"

enum { BASE64_MAX = 4 * 1024 * 1024 };

void values_release(struct values *v)
{
	for (size_t i = 0; i < v->count; i++)
		buf_release(&v->texts[i]);
	v->count = 0;
}

struct buf *values_add(struct values *v, const char *name, size_t max)
{
	struct buf *b = &v->texts[v->count];

	assert(v->count < VALUES_MAX);
	buf_init(b, max);
	v->holes[v->count++] = (struct hole){ .name = name };
	return b;
}

struct buf *values_add_text(struct values *v, const char *name, size_t max)
{
	struct buf *b = values_add(v, name, max);

	v->holes[v->count - 1].is_text = true;
	return b;
}

void values_text(struct values *v, const char *name, const char *text)
{
	buf_add_str(values_add_text(v, name, VALUE_BYTES_MAX),
		    text ? text : "");
}

void values_yaml(struct values *v, const char *name, const char *yaml)
{
	buf_add_str(values_add(v, name, VALUE_BYTES_MAX), yaml);
}

void values_number(struct values *v, const char *name, unsigned number)
{
	buf_addf(values_add(v, name, VALUE_BYTES_MAX), "%u", number);
}

void values_base64(struct values *v, const char *name, const void *bytes,
		   size_t len)
{
	base64_encode(bytes, len, values_add_text(v, name, BASE64_MAX));
}

int values_fill(struct values *v, const char *template, struct buf *out,
		struct error *err)
{
	for (size_t i = 0; i < v->count; i++) {
		struct buf *text = &v->texts[i];

		if (buf_check(text, err) < 0)
			return error_wrap(err, "%s", v->holes[i].name);
		v->holes[i].value = text->data ? buf_text(text) : "";
	}
	return template_fill_file(template, v->holes, v->count, out, err);
}

int values_block(struct values *v, const char *name, const char *template,
		 struct error *err)
{
	struct buf block = BUF_INIT(VALUE_BYTES_MAX);

	if (values_fill(v, template, &block, err) < 0) {
		buf_release(&block);
		return -1;
	}
	values_add(v, name, VALUE_BYTES_MAX);
	v->texts[v->count - 1] = block;
	return 0;
}
