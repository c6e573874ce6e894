/* SPDX-License-Identifier: Apache-2.0 */
/* recipe.c - reads recipes, which describe how images are made. */
#include "build-and-publish/recipe.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "build-and-publish/recipe_dir.h"
#include "build-and-publish/word.h"
#include "corda/digest.h"
#include "data/yaml.h"
#include "sys/file.h"

enum { FILE_MAX = 1024 * 1024, NUMBER_MAX = 1000000, MEMORY_MIB = 512 };

#define VARIABLE_CHARS                                                         \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz0123456789"

/* What the readers below share. */
struct reader {
	const struct yaml_file *file;
	struct arena *arena;
	struct error *err;
};

static int read_keys(struct reader *r, const struct yaml_node *map,
		     const char *const *known)
{
	const char *const *k;

	if (map->type != YAML_MAP)
		return yaml_error(r->file, map, r->err,
				  "expected a map of keys");
	for (size_t i = 0; i < map->count; i++) {
		for (k = known; *k && strcmp(*k, map->keys[i]->text); k++)
			;
		if (!*k)
			return yaml_error(r->file, map->keys[i], r->err,
					  "unknown key \"%s\"",
					  map->keys[i]->text);
	}
	return 0;
}

static int read_text(struct reader *r, const struct yaml_node *map,
		     const char *key, const char **ret)
{
	const struct yaml_node *node = yaml_get(map, key);

	if (!node)
		return 0;
	if (node->type != YAML_SCALAR || !node->len)
		return yaml_error(r->file, node, r->err, "%s: expected a text",
				  key);
	*ret = node->text;
	return 0;
}

static int read_texts(struct reader *r, const struct yaml_node *map,
		      const char *key, struct recipe_texts *ret)
{
	const struct yaml_node *node = yaml_get(map, key);

	if (!node)
		return 0;
	if (node->type != YAML_SEQUENCE)
		return yaml_error(r->file, node, r->err,
				  "%s: expected a list of texts", key);
	ret->items = arena_array(r->arena, node->count, sizeof(*ret->items));
	if (!ret->items)
		return error_nomem(r->err);
	for (size_t i = 0; i < node->count; i++) {
		if (node->items[i]->type != YAML_SCALAR)
			return yaml_error(r->file, node->items[i], r->err,
					  "%s: expected a text", key);
		ret->items[i] = node->items[i]->text;
	}
	ret->count = node->count;
	return 0;
}

static int read_pairs(struct reader *r, const struct yaml_node *map,
		      const char *key, const char *what,
		      struct recipe_files *ret)
{
	const struct yaml_node *node = yaml_get(map, key);

	if (!node)
		return 0;
	if (node->type != YAML_MAP)
		return yaml_error(r->file, node, r->err, "%s: expected %s", key,
				  what);
	ret->items = arena_array(r->arena, node->count, sizeof(*ret->items));
	if (!ret->items)
		return error_nomem(r->err);
	for (size_t i = 0; i < node->count; i++) {
		if (node->items[i]->type != YAML_SCALAR)
			return yaml_error(r->file, node->keys[i], r->err,
					  "%s: expected %s", key, what);
		ret->items[i] = (struct recipe_file){ node->keys[i]->text,
						      node->items[i]->text };
	}
	ret->count = node->count;
	return 0;
}

/* Names of files in one directory. */
static int read_files(struct reader *r, const struct yaml_node *map,
		      const char *key, struct recipe_files *ret)
{
	const struct yaml_node *node = yaml_get(map, key);

	if (read_pairs(r, map, key, "FILE: SOURCE", ret) < 0)
		return -1;
	for (size_t i = 0; i < ret->count; i++)
		if (strchr(ret->items[i].name, '/'))
			return yaml_error(r->file, node->keys[i], r->err,
					  "%s: expected FILE: SOURCE", key);
	return 0;
}

static int read_word(struct reader *r, const struct yaml_node *node,
		     struct recipe_word *ret)
{
	static const char *const known[] = { "word",  "maven",	   "command",
					     "files", "contracts", NULL };

	if (read_keys(r, node, known) < 0 ||
	    read_text(r, node, "word", &ret->pattern) < 0 ||
	    read_files(r, node, "maven", &ret->maven) < 0 ||
	    read_texts(r, node, "command", &ret->command) < 0 ||
	    read_files(r, node, "files", &ret->files) < 0 ||
	    read_text(r, node, "contracts", &ret->contracts) < 0)
		return -1;
	if (!ret->pattern)
		return yaml_error(r->file, node, r->err, "word is missing");
	return 0;
}

static int read_words(struct reader *r, const struct yaml_node *node,
		      struct recipe *ret)
{
	if (!node)
		return 0;
	if (node->type != YAML_SEQUENCE)
		return yaml_error(r->file, node, r->err,
				  "words: expected a list");
	ret->words = arena_array(r->arena, node->count, sizeof(*ret->words));
	if (!ret->words)
		return error_nomem(r->err);
	for (size_t i = 0; i < node->count; i++)
		if (read_word(r, node->items[i], &ret->words[i]) < 0)
			return -1;
	ret->word_count = node->count;
	return 0;
}

static int read_debian(struct reader *r, const struct yaml_node *node,
		       struct recipe *ret)
{
	static const char *const known[] = { "suite", "packages", "options",
					     NULL };

	if (!node)
		return 0;
	if (read_keys(r, node, known) < 0 ||
	    read_text(r, node, "suite", &ret->suite) < 0 ||
	    read_texts(r, node, "packages", &ret->packages) < 0 ||
	    read_texts(r, node, "options", &ret->options) < 0)
		return -1;
	if (!ret->suite || !ret->packages.count)
		return yaml_error(r->file, node, r->err,
				  "expected suite and packages");
	return 0;
}

static int read_number(struct reader *r, const struct yaml_node *map,
		       const char *key, int absent, int *ret)
{
	const char *text = NULL;
	char *end;
	long v;

	if (read_text(r, map, key, &text) < 0)
		return -1;
	*ret = absent;
	if (!text)
		return 0;
	v = strtol(text, &end, 10);
	if (*end || v < 1 || v > NUMBER_MAX)
		return yaml_error(r->file, yaml_get(map, key), r->err,
				  "%s: expected 1 to %d", key, NUMBER_MAX);
	*ret = (int)v;
	return 0;
}

static int read_repository(struct reader *r, const struct yaml_node *map,
			   bool *ret)
{
	const char *text = NULL;

	if (read_text(r, map, "repository", &text) < 0)
		return -1;
	if (text && strcmp(text, "medley") != 0)
		return yaml_error(r->file, yaml_get(map, "repository"), r->err,
				  "repository: expected \"medley\"; remove the "
				  "key to build from the user's clone");
	*ret = text != NULL;
	return 0;
}

/* One text of the names, as environment_make() takes them. */
static int read_environment(struct reader *r, const struct yaml_node *map,
			    const char **ret)
{
	cleanup(buf_release) struct buf names = BUF_INIT(FILE_MAX);
	const struct yaml_node *node = yaml_get(map, "environment");
	struct recipe_texts texts = { 0 };

	if (!node)
		return 0;
	if (read_texts(r, map, "environment", &texts) < 0)
		return -1;
	for (size_t i = 0; i < texts.count; i++) {
		const char *name = texts.items[i];
		size_t len = strspn(name, VARIABLE_CHARS);

		if (!len || name[len + (name[len] == '*')])
			return yaml_error(r->file, node->items[i], r->err,
					  "environment: expected the name of a "
					  "variable, which may end with \"*\"");
		buf_addf(&names, "%s%s", i ? " " : "", name);
	}
	*ret = arena_strdup(r->arena, buf_text(&names));
	return *ret ? buf_check(&names, r->err) : error_nomem(r->err);
}

static int read_base(struct reader *r, const struct yaml_node *node,
		     const struct recipe_base *before, struct recipe_base *ret)
{
	static const char *const known[] = { "platform", "base", NULL };

	if (read_keys(r, node, known) < 0 ||
	    read_number(r, node, "platform", 0, &ret->platform) < 0 ||
	    read_text(r, node, "base", &ret->component) < 0)
		return -1;
	if (!ret->component || ret->platform <= before->platform)
		return yaml_error(r->file, node, r->err,
				  "expected base, and a platform above %d",
				  before->platform);
	return 0;
}

static int read_bases(struct reader *r, const struct yaml_node *map,
		      struct recipe *ret)
{
	const struct yaml_node *list = yaml_get(map, "bases");

	if (ret->base)
		ret->bases[ret->base_count++].component = ret->base;
	if (!list)
		return 0;
	if (!ret->base || !ret->platform || list->type != YAML_SEQUENCE ||
	    list->count >= RECIPE_BASES_MAX)
		return yaml_error(r->file, list, r->err,
				  "bases: expected a list of at most %d, "
				  "beside base and platform",
				  RECIPE_BASES_MAX - 1);
	for (size_t i = 0; i < list->count; i++, ret->base_count++)
		if (read_base(r, list->items[i],
			      &ret->bases[ret->base_count - 1],
			      &ret->bases[ret->base_count]) < 0)
			return -1;
	return 0;
}

static int read_recipe(struct reader *r, const struct yaml_node *map,
		       struct recipe *ret)
{
	static const char *const known[] = { "base",	    "bases",  "debian",
					     "repository",  "maven",  "words",
					     "platform",    "labels", "seconds",
					     "environment", "memory", NULL };

	if (read_keys(r, map, known) < 0 ||
	    read_text(r, map, "base", &ret->base) < 0 ||
	    read_debian(r, yaml_get(map, "debian"), ret) < 0 ||
	    read_repository(r, map, &ret->own_repository) < 0 ||
	    read_files(r, map, "maven", &ret->maven) < 0 ||
	    read_words(r, yaml_get(map, "words"), ret) < 0 ||
	    read_text(r, map, "platform", &ret->platform) < 0 ||
	    read_bases(r, map, ret) < 0 ||
	    read_pairs(r, map, "labels", "NAME: TEXT", &ret->labels) < 0 ||
	    read_environment(r, map, &ret->environment) < 0 ||
	    read_number(r, map, "seconds", 1, &ret->seconds) < 0 ||
	    read_number(r, map, "memory", MEMORY_MIB, &ret->memory) < 0)
		return -1;
	if (!ret->base == !ret->suite)
		return yaml_error(r->file, map, r->err,
				  "expected either base or debian");
	return 0;
}

/* Names and lengths are hashed too, so that no two directories look alike. */
struct hashing {
	const char *dir;
	struct buf text;
	struct error *err;
};

static int hash_file(const char *name, void *ctx)
{
	struct hashing *h = ctx;
	cleanup(buf_release) struct buf bytes = BUF_INIT(FILE_MAX);
	char path[PATH_ROOM];

	if (file_read(path_join(path, h->dir, name), &bytes, h->err) < 0)
		return -1;
	buf_addf(&h->text, "%s %zu\n", name, bytes.len);
	buf_add(&h->text, bytes.data, bytes.len);
	return 0;
}

static int hash_dir(const char *dir, char ret[RECIPE_HASH_ROOM],
		    struct error *err)
{
	cleanup(buf_release) struct buf hex = BUF_INIT(RECIPE_HASH_ROOM);
	struct hashing h = { dir, BUF_INIT(4 * FILE_MAX), err };
	uint8_t digest[DIGEST_MAX];
	int rc = dir_each(dir, hash_file, &h, err);

	if (!rc)
		rc = buf_check(&h.text, err);
	digest_bytes(DIGEST_SHA256, h.text.data, h.text.len, digest);
	buf_add_hex(&hex, digest, 32);
	strcpy(ret, buf_text(&hex));
	buf_release(&h.text);
	return rc;
}

int recipe_read(const char *component, const char *own, struct arena *arena,
		struct recipe *ret, struct error *err)
{
	char dir[PATH_ROOM], path[PATH_ROOM];
	struct recipe recipe = { 0 };
	struct yaml_file file;
	struct reader r = { &file, arena, err };

	if (recipe_dir(component, own, dir, err) < 0 ||
	    yaml_read(path_join(path, dir, "recipe.yaml"), arena, &file, err) <
		    0)
		return -1;
	if (file.count != 1)
		return error_set(err, ERROR_INPUT, "%s: expected one document",
				 path);
	if (read_recipe(&r, file.documents[0], &recipe) < 0 ||
	    hash_dir(dir, recipe.hash, err) < 0)
		return -1;
	recipe.component = arena_strdup(arena, component);
	recipe.dir = arena_strdup(arena, dir);
	if (!recipe.component || !recipe.dir)
		return error_nomem(err);
	*ret = recipe;
	return 0;
}

const struct recipe_word *recipe_match(const struct recipe *recipe,
				       const char *word, struct arena *arena,
				       const char **ret_value)
{
	const char *value;

	for (size_t i = 0; i < recipe->word_count; i++) {
		value = word_match(recipe->words[i].pattern, word, arena);
		if (value) {
			*ret_value = value;
			return &recipe->words[i];
		}
	}
	return NULL;
}
