/* SPDX-License-Identifier: Apache-2.0 */
/* amqp_get.c - finds the way about in values that were read. */
#include "proto/amqp.h"

#include <string.h>

static bool text_is(const char *text, size_t len, const char *other,
		    size_t other_len)
{
	return len == other_len && memcmp(text, other, len) == 0;
}

static const struct amqp_value *get_n(const struct amqp_value *v,
				      const char *field, size_t len)
{
	if (!v || v->type != AMQP_OBJECT || v->cls->kind != AMQP_COMPOSITE)
		return NULL;
	for (size_t i = 0; i < v->count; i++)
		if (text_is(v->cls->fields[i].name, v->cls->fields[i].name_len,
			    field, len))
			return v->items[i];
	return NULL;
}

const struct amqp_value *amqp_get(const struct amqp_value *v, const char *field)
{
	return get_n(v, field, strlen(field));
}

const struct amqp_value *amqp_path(const struct amqp_value *v, const char *path)
{
	while (v && *path) {
		size_t len = strcspn(path, ".");

		v = get_n(v, path, len);
		path += len + (path[len] == '.');
	}
	return v;
}

bool amqp_is(const struct amqp_value *v, const char *class_name)
{
	return v && v->type == AMQP_OBJECT &&
	       text_is(v->cls->name, v->cls->name_len, class_name,
		       strlen(class_name));
}

bool amqp_extends(const struct amqp_value *v, const char *class_name)
{
	const size_t len = strlen(class_name);

	if (!v || v->type != AMQP_OBJECT)
		return false;
	for (size_t i = 0; i < v->cls->base_count; i++)
		if (text_is(v->cls->bases[i].name, v->cls->bases[i].name_len,
			    class_name, len))
			return true;
	return false;
}

size_t amqp_count(const struct amqp_value *v)
{
	return v ? v->count : 0;
}

const struct amqp_value *amqp_at(const struct amqp_value *v, size_t index)
{
	return v && index < v->count ? v->items[index] : NULL;
}

const struct amqp_value *amqp_bare(const struct amqp_value *v)
{
	if (v && v->type == AMQP_OBJECT && v->cls->kind == AMQP_CUSTOM)
		return v->items[0];
	return v;
}

bool amqp_equals(const struct amqp_value *v, const char *text)
{
	return v && (v->type == AMQP_STRING || v->type == AMQP_SYMBOL) &&
	       text_is((const char *)v->bytes, v->len, text, strlen(text));
}

int64_t amqp_int(const struct amqp_value *v, int64_t absent)
{
	return v && (v->type == AMQP_INT || v->type == AMQP_UINT) ? v->integer
								  : absent;
}

int amqp_text(const struct amqp_value *v, struct arena *arena, const char **ret,
	      struct error *err)
{
	const bool is_text =
		v && (v->type == AMQP_STRING || v->type == AMQP_SYMBOL);
	const char *text = NULL;

	if (is_text)
		text = arena_strndup(arena, (const char *)v->bytes, v->len);
	if (is_text && !text)
		return error_nomem(err);
	*ret = text;
	return 0;
}
