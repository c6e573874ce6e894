/* SPDX-License-Identifier: Apache-2.0 */
/* yaml_edit.c - builds and changes YAML trees, such as manifests. */
#include "data/yaml_edit.h"

#include <stdarg.h>
#include <string.h>
#include <sys/types.h>

int yaml_edit_check(const struct yaml_edit *t, struct error *err)
{
	return t->failed ? error_nomem(err) : 0;
}

static void *given(struct yaml_edit *t, void *memory)
{
	if (!memory)
		t->failed = true;
	return memory;
}

static struct yaml_node *node_new(struct yaml_edit *t, enum yaml_type type)
{
	struct yaml_node *node =
		given(t, arena_new(t->arena, struct yaml_node));

	if (node)
		node->type = type;
	return node;
}

struct yaml_node *yaml_edit_map(struct yaml_edit *t)
{
	return node_new(t, YAML_MAP);
}

struct yaml_node *yaml_edit_list(struct yaml_edit *t)
{
	return node_new(t, YAML_SEQUENCE);
}

struct yaml_node *yaml_edit_text(struct yaml_edit *t, const char *text)
{
	struct yaml_node *node = node_new(t, YAML_SCALAR);

	if (!node || !text)
		return NULL;
	node->text = given(t, arena_strdup(t->arena, text));
	node->len = strlen(text);
	return node->text ? node : NULL;
}

struct yaml_node *yaml_edit_plain(struct yaml_edit *t, const char *text)
{
	struct yaml_node *node = yaml_edit_text(t, text);

	if (node)
		node->plain = true;
	return node;
}

struct yaml_node *yaml_edit_copy(struct yaml_edit *t,
				 const struct yaml_node *node)
{
	struct yaml_node *copy = node ? node_new(t, node->type) : NULL;

	if (!copy)
		return NULL;
	if (node->type == YAML_SCALAR) {
		*copy = *node;
		return copy;
	}
	for (size_t i = 0; i < node->count; i++) {
		struct yaml_node *part = yaml_edit_copy(t, node->items[i]);

		if (node->type == YAML_MAP)
			yaml_edit_set(t, copy, node->keys[i]->text, part);
		else
			yaml_edit_append(t, copy, part);
	}
	return copy;
}

/* Room for one more; what is left behind is the arena's. */
static struct yaml_node **grown(struct yaml_edit *t, struct yaml_node **old,
				size_t count)
{
	struct yaml_node **more =
		given(t, arena_array(t->arena, count + 1, sizeof(*more)));

	if (more && count)
		memcpy(more, old, count * sizeof(*more));
	return more;
}

void yaml_edit_append(struct yaml_edit *t, struct yaml_node *list,
		      struct yaml_node *item)
{
	struct yaml_node **items;

	if (!list || !item)
		return;
	items = grown(t, list->items, list->count);
	if (!items)
		return;
	list->items = items;
	list->items[list->count++] = item;
}

static ssize_t key_at(const struct yaml_node *map, const char *key)
{
	for (size_t i = 0; i < map->count; i++)
		if (!strcmp(map->keys[i]->text, key))
			return (ssize_t)i;
	return -1;
}

void yaml_edit_set(struct yaml_edit *t, struct yaml_node *map, const char *key,
		   struct yaml_node *value)
{
	struct yaml_node **keys, **items, *name;
	ssize_t at;

	if (!map || !value)
		return;
	at = key_at(map, key);
	if (at >= 0) {
		map->items[at] = value;
		return;
	}
	name = yaml_edit_plain(t, key);
	keys = grown(t, map->keys, map->count);
	items = grown(t, map->items, map->count);
	if (!name || !keys || !items)
		return;
	map->keys = keys;
	map->items = items;
	map->keys[map->count] = name;
	map->items[map->count++] = value;
}

void yaml_edit_set_text(struct yaml_edit *t, struct yaml_node *map,
			const char *key, const char *text)
{
	yaml_edit_set(t, map, key, yaml_edit_text(t, text));
}

void yaml_edit_drop(struct yaml_node *map, const char *key)
{
	ssize_t at = map ? key_at(map, key) : -1;

	if (at < 0)
		return;
	map->count--;
	for (size_t i = (size_t)at; i < map->count; i++) {
		map->keys[i] = map->keys[i + 1];
		map->items[i] = map->items[i + 1];
	}
}

struct yaml_node *yaml_edit_at(const struct yaml_node *node, const char *key,
			       ...)
{
	struct yaml_node *at = yaml_get(node, key);
	va_list keys;

	va_start(keys, key);
	while ((key = va_arg(keys, const char *)))
		at = yaml_get(at, key);
	va_end(keys);
	return at;
}

size_t yaml_edit_count(const struct yaml_node *node)
{
	return node && node->type != YAML_SCALAR ? node->count : 0;
}
