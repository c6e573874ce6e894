/* SPDX-License-Identifier: Apache-2.0 */
/* conduct.c - what releases are known to do that is no fault of a pair. */
#include "vault/conduct.h"

#include <stdlib.h>
#include <string.h>

#include "data/yaml.h"
#include "sys/file.h"
#include "sys/home.h"

static int read_platforms(const struct yaml_file *file,
			  const struct yaml_node *list, struct arena *arena,
			  struct conduct_entry *ret, struct error *err)
{
	int *platforms;

	if (!list || list->type != YAML_SEQUENCE)
		return yaml_error(file, list, err,
				  "expected platforms: [numbers]");
	platforms = arena_array(arena, list->count, sizeof(*platforms));
	if (!platforms)
		return error_nomem(err);
	for (size_t i = 0; i < list->count; i++) {
		const struct yaml_node *item = list->items[i];

		if (item->type != YAML_SCALAR)
			return yaml_error(file, item, err, "expected a number");
		platforms[i] = atoi(item->text);
	}
	ret->platforms = platforms;
	ret->platform_count = list->count;
	return 0;
}

static int read_entry(const struct yaml_file *file,
		      const struct yaml_node *node, struct arena *arena,
		      struct conduct_entry *ret, struct error *err)
{
	const char *after = yaml_str(node, "after");

	ret->finding = yaml_str(node, "finding");
	ret->reason = yaml_str(node, "reason");
	ret->after_payer_failed = after != NULL;
	if (!ret->finding || !ret->reason)
		return yaml_error(file, node, err,
				  "expected finding and reason");
	if (after && strcmp(after, "payer-failed") != 0)
		return yaml_error(file, yaml_get(node, "after"), err,
				  "expected payer-failed");
	return read_platforms(file, yaml_get(node, "platforms"), arena, ret,
			      err);
}

int conduct_load(struct arena *arena, struct conduct *ret, struct error *err)
{
	char path[PATH_ROOM];
	struct yaml_file file;
	const struct yaml_node *list;
	struct conduct c = { 0 };

	if (yaml_read(home_path(path, "vault/known-conduct.yaml"), arena, &file,
		      err) < 0)
		return -1;
	list = file.count ? file.documents[0] : NULL;
	if (!list || list->type != YAML_SEQUENCE)
		return error_set(err, ERROR_INPUT, "%s: expected a list", path);
	c.entries = arena_array(arena, list->count, sizeof(*c.entries));
	if (!c.entries)
		return error_nomem(err);
	for (; c.count < list->count; c.count++)
		if (read_entry(&file, list->items[c.count], arena,
			       &c.entries[c.count], err) < 0)
			return -1;
	*ret = c;
	return 0;
}

const char *conduct_reason(const struct conduct *c, const char *finding,
			   int platform, bool payer_failed)
{
	for (size_t i = 0; i < c->count; i++) {
		const struct conduct_entry *e = &c->entries[i];

		if (strcmp(e->finding, finding) != 0 ||
		    (e->after_payer_failed && !payer_failed))
			continue;
		for (size_t k = 0; k < e->platform_count; k++)
			if (e->platforms[k] == platform)
				return e->reason;
	}
	return NULL;
}
