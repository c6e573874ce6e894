/* SPDX-License-Identifier: Apache-2.0 */
/* finalizers.c - the finalizers that keep an object from being deleted. */
#include "kube/finalizers.h"

#include <string.h>

static bool ends_with(const char *text, size_t len, const char *end)
{
	size_t n = strlen(end);

	return len >= n && memcmp(text + len - n, end, n) == 0;
}

/* Its domain is `domain`, or one below it. */
static bool is_below(const char *name, size_t len, const char *domain)
{
	size_t n = strlen(domain);

	return ends_with(name, len, domain) &&
	       (len == n || name[len - n - 1] == '.');
}

static bool is_own(const char *name)
{
	const char *slash = strchr(name, '/');
	size_t len = slash ? (size_t)(slash - name) : 0;

	return !slash || is_below(name, len, "kubernetes.io") ||
	       is_below(name, len, "k8s.io");
}

static const struct js *list(const struct js *object)
{
	return js_get(js_get(object, "metadata"), "finalizers");
}

bool finalizers_deleting(const struct js *object)
{
	return js_str(js_get(object, "metadata"), "deletionTimestamp") != NULL;
}

const char *finalizers_foreign(const struct js *object)
{
	const struct js *all = list(object);

	for (size_t i = 0; i < js_count(all); i++) {
		const char *name = js_text(js_at(all, i));

		if (name && !is_own(name))
			return name;
	}
	return NULL;
}

int finalizers_patch(const struct js *object, struct buf *out,
		     struct error *err)
{
	cleanup(js_freep) struct js *root = js_object();
	const struct js *meta = js_get(object, "metadata"), *all = list(object);
	struct js *metadata = js_object(), *kept = js_array();

	for (size_t i = 0; i < js_count(all); i++) {
		const char *name = js_text(js_at(all, i));

		if (name && is_own(name))
			js_append_str(kept, name);
	}
	js_set_str(metadata, "uid", js_str(meta, "uid"));
	js_set_str(metadata, "resourceVersion",
		   js_str(meta, "resourceVersion"));
	js_set(metadata, "finalizers", kept);
	js_set(root, "metadata", metadata);
	return js_print(root, JS_LINE, out, err);
}

void finalizers_tell(const struct js *object, struct buf *out)
{
	const struct js *all = list(object);

	for (size_t i = 0; i < js_count(all); i++) {
		const char *name = js_text(js_at(all, i));

		if (name)
			buf_addf(out, "%s%s", i ? ", " : ", held by ", name);
	}
}
