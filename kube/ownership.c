/* SPDX-License-Identifier: Apache-2.0 */
/* ownership.c - turns fields of a create into fields of an apply. */
#include "kube/ownership.h"

#include <string.h>

static bool is(const struct js *entry, const char *key, const char *value)
{
	const char *text = js_str(entry, key);

	return text && strcmp(text, value) == 0;
}

/* Not of a subresource: status and scale are never applied. */
static bool is_entry(const struct js *entry, const char *manager,
		     const char *operation)
{
	return is(entry, "manager", manager) &&
	       is(entry, "operation", operation) &&
	       !js_get(entry, "subresource");
}

static const struct js *entries(const struct js *object)
{
	return js_get(js_get(object, "metadata"), "managedFields");
}

bool ownership_is_creators(const struct js *object)
{
	const struct js *all = entries(object);

	for (size_t i = 0; i < js_count(all); i++)
		if (is_entry(js_at(all, i), KUBE_CREATOR, "Update"))
			return true;
	return false;
}

/* The create's entry takes the place of an apply's that is there already: the
 * apply that follows claims what was in that. */
static struct js *handed_over(const struct js *all)
{
	struct js *list = js_array();

	for (size_t i = 0; i < js_count(all); i++) {
		const struct js *entry = js_at(all, i);
		struct js *copy;

		if (is_entry(entry, KUBE_MANAGER, "Apply"))
			continue;
		copy = js_copy(entry);
		if (copy && is_entry(entry, KUBE_CREATOR, "Update")) {
			js_set_str(copy, "manager", KUBE_MANAGER);
			js_set_str(copy, "operation", "Apply");
		}
		js_append(list, copy);
	}
	return list;
}

static struct js *replace(const char *path, struct js *value)
{
	struct js *op = js_object();

	js_set_str(op, "op", "replace");
	js_set_str(op, "path", path);
	if (value)
		js_set(op, "value", value);
	return op;
}

int ownership_patch(const struct js *object, struct buf *out, struct error *err)
{
	cleanup(js_freep) struct js *patch = js_array();
	struct js *version = replace("/metadata/resourceVersion", NULL);

	js_set_str(version, "value",
		   js_str(js_get(object, "metadata"), "resourceVersion"));
	js_append(patch, replace("/metadata/managedFields",
				 handed_over(entries(object))));
	js_append(patch, version);
	return js_print(patch, JS_LINE, out, err);
}
