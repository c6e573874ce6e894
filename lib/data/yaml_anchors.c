/* SPDX-License-Identifier: Apache-2.0 */
/* yaml_anchors.c - anchors and aliases of a YAML file. */
#include "data/yaml_anchors.h"

#include <string.h>

int yaml_anchors_add(struct yaml_anchors *all, struct arena *arena,
		     const char *name, struct yaml_node *node,
		     struct error *err)
{
	struct yaml_anchor *a;

	if (!all->list)
		all->list = arena_array(arena, YAML_ANCHORS_MAX,
					sizeof(all->list[0]));
	if (!all->list)
		return error_nomem(err);
	if (all->count == YAML_ANCHORS_MAX)
		return error_set(err, ERROR_INPUT, "more than %d anchors ('&')",
				 YAML_ANCHORS_MAX);
	a = &all->list[all->count++];
	a->name = arena_strdup(arena, name);
	a->node = node;
	return a->name ? 0 : error_nomem(err);
}

struct yaml_node *yaml_anchors_find(const struct yaml_anchors *all,
				    const char *name)
{
	for (size_t i = all->count; i-- > 0;)
		if (!strcmp(all->list[i].name, name))
			return all->list[i].node;
	return NULL;
}

static bool is_merge(const struct yaml_node *key)
{
	return key->plain && !strcmp(key->text, "<<");
}

static bool has_key(const struct yaml_node *map, const char *key)
{
	for (size_t i = 0; i < map->count; i++)
		if (!strcmp(map->keys[i]->text, key))
			return true;
	return false;
}

static int merge_map(const struct yaml_file *file, struct yaml_node *map,
		     const struct yaml_node *from, struct error *err)
{
	if (from->type != YAML_MAP)
		return yaml_error(file, from, err,
				  "expected a map as the "
				  "value of '<<'");
	for (size_t i = 0; i < from->count; i++) {
		if (has_key(map, from->keys[i]->text))
			continue;
		if (map->count == YAML_MERGED_MAX)
			return yaml_error(file, map, err,
					  "'<<' merges more than %d keys",
					  YAML_MERGED_MAX);
		map->keys[map->count] = from->keys[i];
		map->items[map->count++] = from->items[i];
	}
	return 0;
}

/* The pairs behind the first one, with room for those that are merged in. */
static int make_room(struct yaml_node *map, struct arena *arena,
		     struct error *err)
{
	struct yaml_node **keys =
		arena_array(arena, YAML_MERGED_MAX, sizeof(*keys));
	struct yaml_node **items =
		arena_array(arena, YAML_MERGED_MAX, sizeof(*items));

	if (!keys || !items)
		return error_nomem(err);
	map->count--;
	memcpy(keys, map->keys + 1, map->count * sizeof(*keys));
	memcpy(items, map->items + 1, map->count * sizeof(*items));
	map->keys = keys;
	map->items = items;
	return 0;
}

int yaml_merge(const struct yaml_file *file, struct yaml_node *map,
	       struct arena *arena, struct error *err)
{
	const struct yaml_node *from;

	for (size_t i = 1; i < map->count; i++)
		if (is_merge(map->keys[i]))
			return yaml_error(file, map->keys[i], err,
					  "put '<<' before the other keys");
	if (!map->count || !is_merge(map->keys[0]))
		return 0;
	if (map->count > YAML_MERGED_MAX)
		return yaml_error(file, map, err, "more than %d keys with '<<'",
				  YAML_MERGED_MAX);
	from = map->items[0];
	if (make_room(map, arena, err) < 0)
		return -1;
	if (from->type != YAML_SEQUENCE)
		return merge_map(file, map, from, err);
	for (size_t i = 0; i < from->count; i++)
		if (merge_map(file, map, from->items[i], err) < 0)
			return -1;
	return 0;
}
