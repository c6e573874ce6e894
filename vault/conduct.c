/* SPDX-License-Identifier: Apache-2.0 */
/* conduct.c - what releases are known to do. */
#include "vault/conduct.h"

#include <stdlib.h>
#include <string.h>

#include "data/yaml.h"
#include "sys/file.h"
#include "sys/home.h"

static int read_platforms(const struct yaml_file *file,
			  const struct yaml_node *entry, struct arena *arena,
			  struct platforms *ret, struct error *err)
{
	const struct yaml_node *list = yaml_get(entry, "platforms");
	int *platforms;

	if (!list || list->type != YAML_SEQUENCE)
		return yaml_error(file, list ? list : entry, err,
				  "expected platforms: [numbers]");
	platforms = arena_array(arena, list->count, sizeof(*platforms));
	if (!platforms)
		return error_nomem(err);
	for (size_t i = 0; i < list->count; i++) {
		const struct yaml_node *item = list->items[i];
		char *end = NULL;

		if (item->type == YAML_SCALAR)
			platforms[i] = (int)strtol(item->text, &end, 10);
		if (!end || end == item->text || *end)
			return yaml_error(file, item, err, "expected a number");
	}
	*ret = (struct platforms){ platforms, list->count };
	return 0;
}

static int read_finding(const struct yaml_file *file,
			const struct yaml_node *node, struct arena *arena,
			void *to, struct error *err)
{
	const char *after = yaml_str(node, "after");
	struct conduct_finding *ret = to;

	ret->finding = yaml_str(node, "finding");
	ret->reason = yaml_str(node, "reason");
	ret->after_payer_failed = after != NULL;
	if (!ret->finding || !ret->reason)
		return yaml_error(file, node, err,
				  "expected finding and reason");
	if (after && strcmp(after, "payer-failed") != 0)
		return yaml_error(file, yaml_get(node, "after"), err,
				  "expected payer-failed");
	return read_platforms(file, node, arena, &ret->platforms, err);
}

static int read_name(const struct yaml_file *file, const struct yaml_node *node,
		     struct arena *arena, void *to, struct error *err)
{
	struct conduct_name *ret = to;

	ret->column = yaml_str(node, "column");
	if (!ret->column || !strchr(ret->column, '.'))
		return yaml_error(file, node, err,
				  "expected column: table.column");
	return read_platforms(file, node, arena, &ret->platforms, err);
}

struct list {
	const char *key;
	size_t size; /* of an entry */
	int (*read)(const struct yaml_file *file, const struct yaml_node *node,
		    struct arena *arena, void *to, struct error *err);
};

static int read_list(const struct yaml_file *file, const struct list *l,
		     struct arena *arena, void **ret, size_t *ret_count,
		     struct error *err)
{
	const struct yaml_node *root = file->count ? file->documents[0] : NULL;
	const struct yaml_node *list = yaml_get(root, l->key);
	uint8_t *entries;

	if (!list || list->type != YAML_SEQUENCE)
		return error_set(err, ERROR_INPUT, "%s: expected %s: a list",
				 file->name, l->key);
	entries = arena_array(arena, list->count, l->size);
	if (!entries)
		return error_nomem(err);
	for (size_t i = 0; i < list->count; i++)
		if (l->read(file, list->items[i], arena, entries + i * l->size,
			    err) < 0)
			return -1;
	*ret = entries;
	*ret_count = list->count;
	return 0;
}

int conduct_read(const char *path, struct arena *arena, struct conduct *ret,
		 struct error *err)
{
	static const struct list findings = { "findings",
					      sizeof(struct conduct_finding),
					      read_finding };
	static const struct list names = { "names", sizeof(struct conduct_name),
					   read_name };
	struct yaml_file file;
	struct conduct c = { 0 };

	if (yaml_read(path, arena, &file, err) < 0 ||
	    read_list(&file, &findings, arena, (void **)&c.findings,
		      &c.finding_count, err) < 0 ||
	    read_list(&file, &names, arena, (void **)&c.names, &c.name_count,
		      err) < 0)
		return -1;
	*ret = c;
	return 0;
}

int conduct_load(struct arena *arena, struct conduct *ret, struct error *err)
{
	char path[PATH_ROOM];

	return conduct_read(home_path(path, "vault/known-conduct.yaml"), arena,
			    ret, err);
}

static bool has_platform(const struct platforms *p, int platform)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->list[i] == platform)
			return true;
	return false;
}

const char *conduct_reason(const struct conduct *c, const char *finding,
			   int platform, bool payer_failed)
{
	for (size_t i = 0; i < c->finding_count; i++) {
		const struct conduct_finding *f = &c->findings[i];

		if (strcmp(f->finding, finding) == 0 &&
		    (payer_failed || !f->after_payer_failed) &&
		    has_platform(&f->platforms, platform))
			return f->reason;
	}
	return NULL;
}

bool conduct_names_owner(const struct conduct *c, const char *column,
			 int platform)
{
	for (size_t i = 0; i < c->name_count; i++)
		if (strcmp(c->names[i].column, column) == 0 &&
		    has_platform(&c->names[i].platforms, platform))
			return true;
	return false;
}
