/* SPDX-License-Identifier: Apache-2.0 */
/* keys.c - reads YAML maps into structs by tables of keys. */
#include "data/keys.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "data/keys_value.h"

/* What all steps of one reading share. */
struct reading {
	const struct yaml_file *file;
	struct arena *arena;
	struct error *err;
};

static int read_map(const struct reading *r, const struct keys *keys,
		    const struct yaml_node *map, void *base);

static const struct key *find_key(const struct keys *keys, const char *name)
{
	for (unsigned i = 0; i < keys->count; i++)
		if (!strcmp(keys->list[i].name, name))
			return &keys->list[i];
	return NULL;
}

static int unknown_key(const struct reading *r, const struct keys *keys,
		       const struct yaml_node *key)
{
	struct nearest n = nearest_to(key->text);
	char all[256] = "";

	for (unsigned i = 0; i < keys->count; i++) {
		size_t len = strlen(all);

		nearest_offer(&n, keys->list[i].name);
		snprintf(all + len, sizeof(all) - len, "%s%s", i ? ", " : "",
			 keys->list[i].name);
	}
	if (n.word)
		return yaml_error(r->file, key, r->err,
				  "unknown key '%s'; did you mean '%s'?",
				  key->text, n.word);
	return yaml_error(r->file, key, r->err, "unknown key '%s'; %s has: %s",
			  key->text, keys->what, all);
}

static int wrong(const struct reading *r, const struct key *k,
		 const struct yaml_node *at)
{
	char expected[KEY_EXPECTED], given[80];

	key_expected(k, expected);
	if (at->type == YAML_SCALAR)
		snprintf(given, sizeof(given), "%s'%.60s'",
			 at->plain ? "" : "the text ", at->text);
	else
		snprintf(given, sizeof(given), "%s of %zu",
			 at->type == YAML_MAP ? "a map" : "a list", at->count);
	return yaml_error(r->file, at, r->err, "%s: expected %s, not %s",
			  k->name, expected, given);
}

static int read_list(const struct reading *r, const struct key *k,
		     const struct yaml_node *at, char *base)
{
	size_t size = k->inner->size;
	char *items;

	if (at->type != YAML_SEQUENCE || at->count < k->min ||
	    at->count > k->max)
		return wrong(r, k, at);
	items = arena_array(r->arena, at->count, size);
	if (!items)
		return error_nomem(r->err);
	for (size_t i = 0; i < at->count; i++)
		if (read_map(r, k->inner, at->items[i], items + i * size) < 0)
			return -1;
	*(void **)(base + k->offset) = items;
	*(unsigned *)(base + k->count_offset) = (unsigned)at->count;
	return 0;
}

static int read_range(const struct reading *r, const struct key *k,
		      const struct yaml_node *at, char *base)
{
	int64_t *range = (int64_t *)(base + k->offset);
	struct key amount = *k;

	amount.type = KEY_AMOUNT;
	if (at->type != YAML_SEQUENCE || at->count != 2)
		return wrong(r, k, at);
	for (int i = 0; i < 2; i++)
		if (at->items[i]->type != YAML_SCALAR || !at->items[i]->plain ||
		    key_parse(&amount, at->items[i]->text, &range[i]) < 0)
			return wrong(r, &amount, at->items[i]);
	if (range[0] > range[1])
		return yaml_error(r->file, at, r->err,
				  "%s: %s is more than %s; expected [least, "
				  "most]",
				  k->name, at->items[0]->text,
				  at->items[1]->text);
	return 0;
}

static int read_text(const struct reading *r, const struct key *k,
		     const struct yaml_node *at, char *base)
{
	const char *text = arena_strdup(r->arena, at->text);

	if (!at->len || (k->choices && key_choice(k, at->text) < 0))
		return wrong(r, k, at);
	if (!text)
		return error_nomem(r->err);
	*(const char **)(base + k->offset) = text;
	return 0;
}

static int read_value(const struct reading *r, const struct key *k,
		      const struct yaml_node *at, char *base)
{
	if (k->type == KEY_MAP)
		return read_map(r, k->inner, at, base + k->offset);
	if (k->type == KEY_LIST)
		return read_list(r, k, at, base);
	if (k->type == KEY_RANGE)
		return read_range(r, k, at, base);
	if (at->type != YAML_SCALAR)
		return wrong(r, k, at);
	if (k->type == KEY_TEXT)
		return read_text(r, k, at, base);
	if (!at->plain || key_parse(k, at->text, base + k->offset) < 0)
		return wrong(r, k, at);
	return 0;
}

/* An absent map still has keys with defaults in it. */
static int read_absent(const struct reading *r, const struct key *k, char *base)
{
	static const struct yaml_node nothing = { .type = YAML_MAP };

	if (k->type == KEY_MAP)
		return read_map(r, k->inner, &nothing, base + k->offset);
	if (!k->fallback)
		return 0;
	if (k->type == KEY_TEXT)
		*(const char **)(base + k->offset) = k->fallback;
	else if (key_parse(k, k->fallback, base + k->offset) < 0)
		return error_set(r->err, ERROR_INTERNAL,
				 "default '%s' of key '%s' does not fit",
				 k->fallback, k->name);
	return 0;
}

static int read_map(const struct reading *r, const struct keys *keys,
		    const struct yaml_node *map, void *base)
{
	if (map->type != YAML_MAP)
		return yaml_error(r->file, map, r->err,
				  "expected %s, a map of 'key: value'",
				  keys->what);
	for (size_t i = 0; i < map->count; i++)
		if (!find_key(keys, map->keys[i]->text))
			return unknown_key(r, keys, map->keys[i]);
	if (keys->at_offset != KEYS_NO_PLACE)
		*(const struct yaml_node **)((char *)base + keys->at_offset) =
			map;
	for (unsigned i = 0; i < keys->count; i++) {
		const struct key *k = &keys->list[i];
		const struct yaml_node *at = yaml_get(map, k->name);

		if (!at && k->required)
			return yaml_error(r->file, map, r->err,
					  "%s needs the key '%s' (%s)",
					  keys->what, k->name, k->help);
		if ((at ? read_value(r, k, at, base)
			: read_absent(r, k, base)) < 0)
			return -1;
	}
	return 0;
}

int keys_read(const struct keys *keys, const struct yaml_file *file,
	      const struct yaml_node *map, void *base, struct arena *arena,
	      struct error *err)
{
	struct reading r = { file, arena, err };

	return read_map(&r, keys, map, base);
}
