/* SPDX-License-Identifier: Apache-2.0 */
/* migration.c - which releases need their database migrated, and how. */
#include "run/migration.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "data/yaml.h"

static int read_number(const struct yaml_file *file,
		       const struct yaml_node *node, int *ret,
		       struct error *err)
{
	char *end;
	long v = node->type == YAML_SCALAR ? strtol(node->text, &end, 10) : 0;

	if (v < 1 || v > INT_MAX || *end)
		return yaml_error(file, node, err,
				  "expected a platform version");
	*ret = (int)v;
	return 0;
}

static int read_text(const struct yaml_file *file, const struct yaml_node *node,
		     const char **ret, struct error *err)
{
	if (node->type != YAML_SCALAR || !node->len)
		return yaml_error(file, node, err, "expected words");
	*ret = node->text;
	return 0;
}

static int read_key(const struct yaml_file *file, const struct yaml_node *key,
		    const struct yaml_node *value, struct migration *m,
		    struct error *err)
{
	if (!strcmp(key->text, "from"))
		return read_number(file, value, &m->from, err);
	if (!strcmp(key->text, "to"))
		return read_number(file, value, &m->to, err);
	if (!strcmp(key->text, "after"))
		return read_text(file, value, &m->after, err);
	if (!strcmp(key->text, "insert"))
		return read_text(file, value, &m->insert, err);
	if (!strcmp(key->text, "drop"))
		return read_text(file, value, &m->drop, err);
	return yaml_error(file, key, err,
			  "unknown key \"%s\", expected from, to, after, "
			  "insert or drop",
			  key->text);
}

static int read_entry(const struct yaml_file *file,
		      const struct yaml_node *node, struct migration *m,
		      struct error *err)
{
	*m = (struct migration){ .from = 1, .to = INT_MAX };
	if (node->type != YAML_MAP)
		return yaml_error(file, node, err, "expected a migration");
	for (size_t i = 0; i < node->count; i++)
		if (read_key(file, node->keys[i], node->items[i], m, err) < 0)
			return -1;
	if (!m->after || !m->insert)
		return yaml_error(file, node, err,
				  "expected the keys after and insert");
	return 0;
}

int migrations_read(const char *path, struct arena *arena,
		    struct migrations *ret, struct error *err)
{
	struct yaml_file file;
	const struct yaml_node *list;

	if (yaml_read(path, arena, &file, err) < 0)
		return -1;
	list = file.count ? yaml_get(file.documents[0], "migrations") : NULL;
	if (!list || list->type != YAML_SEQUENCE)
		return error_set(err, ERROR_INPUT,
				 "%s: expected the list migrations", path);
	ret->entries = arena_array(arena, list->count, sizeof(*ret->entries));
	if (list->count && !ret->entries)
		return error_nomem(err);
	ret->count = list->count;
	for (size_t i = 0; i < list->count; i++)
		if (read_entry(&file, list->items[i], &ret->entries[i], err) <
		    0)
			return -1;
	return 0;
}

const struct migration *migration_for(const struct migrations *m, int platform)
{
	for (size_t i = 0; i < m->count; i++)
		if (platform >= m->entries[i].from &&
		    platform <= m->entries[i].to)
			return &m->entries[i];
	return NULL;
}
