/* SPDX-License-Identifier: Apache-2.0 */
/* run_manifests.c - the Kubernetes objects of a run, as generate wrote them. */
#include "engine/run_manifests.h"

#include <string.h>
#include <sys/stat.h>

#include "data/yaml_edit.h"
#include "sys/file.h"

/* What the walk over <run>/config carries along. */
struct walk {
	const char *path;
	struct yaml_node *found; /* a list of documents */
	struct yaml_edit *tree;
	struct error *err;
};

static int ends_in(const char *name, const char *tail)
{
	size_t n = strlen(name), m = strlen(tail);

	return n > m && !strcmp(name + n - m, tail);
}

static int add_file(struct walk *w, const char *path)
{
	struct yaml_file file;

	if (yaml_read(path, w->tree->arena, &file, w->err) < 0)
		return -1;
	for (size_t i = 0; i < file.count; i++)
		yaml_edit_append(w->tree, w->found, file.documents[i]);
	return 0;
}

static int add_entry(const char *name, void *ctx)
{
	struct walk *w = ctx, inner = *w;
	char path[PATH_ROOM];
	struct stat st;

	path_join(path, w->path, name);
	if (stat(path, &st) < 0)
		return 0;
	inner.path = path;
	if (S_ISDIR(st.st_mode))
		return dir_each(path, add_entry, &inner, w->err);
	return ends_in(name, ".yaml") ? add_file(w, path) : 0;
}

int manifests_load(const char *run_dir, struct arena *arena,
		   struct manifests *ret, struct error *err)
{
	struct yaml_edit tree = { .arena = arena };
	char config[PATH_ROOM];
	struct walk w = { .path = config,
			  .found = yaml_edit_list(&tree),
			  .tree = &tree,
			  .err = err };

	path_join(config, run_dir, "config");
	if (dir_each(config, add_entry, &w, err) < 0 ||
	    yaml_edit_check(&tree, err) < 0)
		return error_wrap(err, "manifests");
	ret->documents = w.found->items;
	ret->count = w.found->count;
	return 0;
}

const char *manifest_name(const struct yaml_node *object)
{
	return yaml_str(yaml_get(object, "metadata"), "name");
}

struct yaml_node *manifests_find(const struct manifests *m, const char *kind,
				 const char *name)
{
	for (size_t i = 0; i < m->count; i++) {
		const char *its_kind = yaml_str(m->documents[i], "kind");
		const char *its_name = manifest_name(m->documents[i]);

		if (its_kind && its_name && !strcmp(its_kind, kind) &&
		    !strcmp(its_name, name))
			return m->documents[i];
	}
	return NULL;
}
