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

const struct key *keys_next(const struct keys *keys, const struct key *k)
{
	const struct key *end = keys->list + keys->count;

	for (k = k ? k + 1 : keys->list; k < end; k++)
		if (!k->only || !keys->form || (k->only & keys->form))
			return k;
	return NULL;
}

const struct key *keys_variant(const struct keys *keys, const void *base)
{
	unsigned tag =
		*(const unsigned *)((const char *)base + keys->tag_offset);

	return tag < keys->count ? &keys->list[tag] : NULL;
}

static const struct key *find_key(const struct keys *keys, const char *name)
{
	for (const struct key *k = NULL; (k = keys_next(keys, k));)
		if (!strcmp(k->name, name))
			return k;
	return NULL;
}

enum { NAMES_ROOM = 256 };

/* "pay, fault, pause" */
static const char *name_keys(const struct keys *keys, char room[NAMES_ROOM])
{
	size_t len = 0;

	room[0] = 0;
	for (const struct key *k = NULL; (k = keys_next(keys, k));) {
		snprintf(room + len, NAMES_ROOM - len, "%s%s", len ? ", " : "",
			 k->name);
		len = strlen(room);
	}
	return room;
}

static int unknown_key(const struct reading *r, const struct keys *keys,
		       const struct yaml_node *key)
{
	struct nearest n = nearest_to(key->text);
	char all[NAMES_ROOM];

	for (const struct key *k = NULL; (k = keys_next(keys, k));)
		nearest_offer(&n, k->name);
	if (n.word)
		return yaml_error(r->file, key, r->err,
				  "unknown key '%s'; did you mean '%s'?",
				  key->text, n.word);
	return yaml_error(r->file, key, r->err, "unknown key '%s'; %s has: %s",
			  key->text, keys->what, name_keys(keys, all));
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
	int rc = 0;

	if (at->type != YAML_SEQUENCE || at->count < k->min ||
	    at->count > k->max)
		return wrong(r, k, at);
	items = arena_array(r->arena, at->count, size);
	if (!items)
		return error_nomem(r->err);
	for (size_t i = 0; i < at->count; i++)
		if (read_map(r, k->inner, at->items[i], items + i * size) < 0) {
			rc = -1;
			if (!yaml_goes_on(r->file, r->err))
				return -1;
		}
	*(void **)(base + k->offset) = items;
	*(unsigned *)(base + k->count_offset) = (unsigned)at->count;
	return rc;
}

/* A text may be written without quotes: team: 42 is the text "42". */
static int read_pairs(const struct reading *r, const struct key *k,
		      const struct yaml_node *at, char *base)
{
	struct key_pair *pairs;

	if (at->type != YAML_MAP || at->count > k->max)
		return wrong(r, k, at);
	pairs = arena_array(r->arena, at->count + 1, sizeof(*pairs));
	if (!pairs)
		return error_nomem(r->err);
	for (size_t i = 0; i < at->count; i++) {
		const struct yaml_node *value = at->items[i];

		if (value->type != YAML_SCALAR || yaml_is_null(value))
			return yaml_error(r->file, value, r->err,
					  "%s: expected a text as the value of "
					  "'%.80s'",
					  k->name, at->keys[i]->text);
		pairs[i].name = arena_strdup(r->arena, at->keys[i]->text);
		pairs[i].value = arena_strdup(r->arena, value->text);
		if (!pairs[i].name || !pairs[i].value)
			return error_nomem(r->err);
	}
	*(struct key_pair **)(base + k->offset) = pairs;
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
				  "%s: %s is larger than %s; expected [least, "
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
	if (k->type == KEY_PAIRS)
		return read_pairs(r, k, at, base);
	if (k->type == KEY_RANGE)
		return read_range(r, k, at, base);
	if (at->type != YAML_SCALAR)
		return wrong(r, k, at);
	if (k->type == KEY_TEXT)
		return read_text(r, k, at, base);
	if ((!at->plain && k->type != KEY_DATE) ||
	    key_parse(k, at->text, base + k->offset) < 0)
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
				 "the default '%s' of key '%s' is not valid",
				 k->fallback, k->name);
	return 0;
}

static void keep_place(const struct keys *keys, const struct yaml_node *map,
		       void *base)
{
	if (keys->at_offset != KEYS_NO_PLACE)
		*(const struct yaml_node **)((char *)base + keys->at_offset) =
			map;
}

/* "- pay:" is a map without keys, at the place of the key. */
static int read_empty_variant(const struct reading *r, const struct key *k,
			      const struct yaml_node *key,
			      const struct yaml_node *value, char *base)
{
	struct yaml_node *empty;

	if (k->type != KEY_MAP)
		return k->fallback ? read_absent(r, k, base)
				   : wrong(r, k, value);
	empty = arena_array(r->arena, 1, sizeof(*empty));
	if (!empty)
		return error_nomem(r->err);
	*empty = (struct yaml_node){ .type = YAML_MAP,
				     .line = key->line,
				     .column = key->column };
	return read_value(r, k, empty, base);
}

/* A map of one key, which says what the value is. */
static int read_variant(const struct reading *r, const struct keys *keys,
			const struct yaml_node *map, void *base)
{
	const struct key *k;
	char all[NAMES_ROOM];

	if (map->type != YAML_MAP || !map->count)
		return yaml_error(r->file, map, r->err,
				  "expected %s, a map with one of the keys: %s",
				  keys->what, name_keys(keys, all));
	for (size_t i = 0; i < map->count; i++)
		if (!find_key(keys, map->keys[i]->text))
			return unknown_key(r, keys, map->keys[i]);
	if (map->count > 1)
		return yaml_error(r->file, map->keys[1], r->err,
				  "%s has one key, here '%s'; move '%s' to an "
				  "item of its own",
				  keys->what, map->keys[0]->text,
				  map->keys[1]->text);
	k = find_key(keys, map->keys[0]->text);
	*(unsigned *)((char *)base + keys->tag_offset) =
		(unsigned)(k - keys->list);
	keep_place(keys, map, base);
	if (yaml_is_null(map->items[0]))
		return read_empty_variant(r, k, map->keys[0], map->items[0],
					  base);
	return read_value(r, k, map->items[0], base);
}

static int check_known(const struct reading *r, const struct keys *keys,
		       const struct yaml_node *map)
{
	int rc = 0;

	for (size_t i = 0; i < map->count; i++) {
		if (find_key(keys, map->keys[i]->text))
			continue;
		rc = unknown_key(r, keys, map->keys[i]);
		if (!yaml_goes_on(r->file, r->err))
			return -1;
	}
	return rc;
}

/* The map has an unknown key that is close to this one: its error suffices. */
static bool misspelt(const struct keys *keys, const struct yaml_node *map,
		     const struct key *k)
{
	for (size_t i = 0; i < map->count; i++) {
		struct nearest n = nearest_to(map->keys[i]->text);

		if (find_key(keys, map->keys[i]->text))
			continue;
		for (const struct key *o = NULL; (o = keys_next(keys, o));)
			nearest_offer(&n, o->name);
		if (n.word == k->name)
			return true;
	}
	return false;
}

/* Where reading goes on after a wrong value, the default replaces it, so that
 * later checks find a valid value. */
static int read_key(const struct reading *r, const struct keys *keys,
		    const struct key *k, const struct yaml_node *map,
		    char *base)
{
	const struct yaml_node *at = yaml_get(map, k->name);

	if (!at && k->required && r->file->faults && misspelt(keys, map, k))
		return -1;
	if (!at && k->required)
		return yaml_error(r->file, map, r->err,
				  "%s needs the key '%s' (%s)", keys->what,
				  k->name, k->help);
	if (!at)
		return read_absent(r, k, base);
	if (read_value(r, k, at, base) == 0)
		return 0;
	if (yaml_goes_on(r->file, r->err) &&
	    (k->type != KEY_MAP || at->type != YAML_MAP))
		read_absent(r, k, base);
	return -1;
}

static int read_map(const struct reading *r, const struct keys *keys,
		    const struct yaml_node *map, void *base)
{
	int rc;

	if (keys->one_of)
		return read_variant(r, keys, map, base);
	if (map->type != YAML_MAP)
		return yaml_error(r->file, map, r->err,
				  "expected %s, a map of 'key: value'",
				  keys->what);
	rc = check_known(r, keys, map);
	if (rc < 0 && !yaml_goes_on(r->file, r->err))
		return -1;
	keep_place(keys, map, base);
	for (const struct key *k = NULL; (k = keys_next(keys, k));) {
		if (read_key(r, keys, k, map, base) == 0)
			continue;
		rc = -1;
		if (!yaml_goes_on(r->file, r->err))
			return -1;
	}
	return rc;
}

int keys_read(const struct keys *keys, const struct yaml_file *file,
	      const struct yaml_node *map, void *base, struct arena *arena,
	      struct error *err)
{
	struct reading r = { file, arena, err };

	return read_map(&r, keys, map, base);
}
