/* SPDX-License-Identifier: Apache-2.0 */
/* known_refusals.c - what nodes refuse under load although all is well. */
#include "report/known_refusals.h"

#include <string.h>

#include "data/yaml.h"

static int one_entry(const struct yaml_file *file, const struct yaml_node *node,
		     struct known_refusal *entry, struct error *err)
{
	entry->name = yaml_str(node, "name");
	entry->class_name = yaml_str(node, "class");
	entry->begins = yaml_str(node, "begins");
	entry->reason = yaml_str(node, "reason");
	/* Every message begins with an empty text. */
	if (!entry->name || !entry->reason || !entry->class_name ||
	    !entry->begins || !*entry->begins || node->count != 4)
		return yaml_error(file, node, err,
				  "expected name, class, begins and reason");
	return 0;
}

int known_refusals_read(const char *path, struct arena *arena,
			struct known_refusals *ret, struct error *err)
{
	struct yaml_file file;
	const struct yaml_node *list;
	struct known_refusals c = { 0 };

	if (yaml_read(path, arena, &file, err) < 0)
		return -1;
	list = file.count ? yaml_get(file.documents[0], "refusals") : NULL;
	if (!list || list->type != YAML_SEQUENCE)
		return error_set(err, ERROR_INPUT,
				 "%s: expected the list refusals", path);
	c.entries = arena_array(arena, list->count, sizeof(*c.entries));
	if (list->count && !c.entries)
		return error_nomem(err);
	for (; c.count < list->count; c.count++)
		if (one_entry(&file, list->items[c.count], &c.entries[c.count],
			      err) < 0)
			return -1;
	*ret = c;
	return 0;
}

const struct known_refusal *known_refusal_find(const struct known_refusals *c,
					       const char *error_class,
					       const char *error_text)
{
	if (!error_class || !error_text)
		return NULL;
	for (size_t i = 0; i < c->count; i++) {
		const struct known_refusal *e = &c->entries[i];

		if (!strcmp(error_class, e->class_name) &&
		    !strncmp(error_text, e->begins, strlen(e->begins)))
			return e;
	}
	return NULL;
}
