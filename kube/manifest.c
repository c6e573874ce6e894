/* SPDX-License-Identifier: Apache-2.0 */
/* manifest.c - reads the objects of YAML or JSON manifests. */
#include "kube/manifest.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "data/json.h"
#include "data/yaml.h"
#include "kube/protobuf.h"
#include "kube/scalar.h"
#include "sys/file.h"

enum {
	MANIFEST_MAX = 512 * 1024 * 1024, /* of memory */
	BODY_MAX = 4 * 1024 * 1024,
	TEXT_MAX = 64 * 1024 * 1024,
	OBJECTS_MAX = 100 * 1000
};

/* By kind: what others rely on comes first. Everything else is last. */
static const struct {
	const char *kind;
	unsigned stage;
} stages[] = {
	{ "Namespace", 0 },
	{ "CustomResourceDefinition", 0 },
	{ "PriorityClass", 1 },
	{ "StorageClass", 1 },
	{ "PersistentVolume", 1 },
	{ "ResourceQuota", 1 },
	{ "LimitRange", 1 },
	{ "ServiceAccount", 1 },
	{ "Role", 1 },
	{ "ClusterRole", 1 },
	{ "RoleBinding", 1 },
	{ "ClusterRoleBinding", 1 },
	{ "NetworkPolicy", 1 },
	{ "Secret", 2 },
	{ "ConfigMap", 2 },
	{ "PersistentVolumeClaim", 3 },
	{ "Service", 4 },
};

static unsigned stage_of(const char *kind)
{
	for (size_t i = 0; i < ARRAY_SIZE(stages); i++)
		if (!strcmp(stages[i].kind, kind))
			return stages[i].stage;
	return KUBE_STAGES - 1;
}

void manifest_init(struct manifest *m)
{
	*m = (struct manifest){ .arena = ARENA_INIT(MANIFEST_MAX) };
}

void manifest_release(struct manifest *m)
{
	arena_release(&m->arena);
	free(m->objects);
	m->objects = NULL;
	m->count = m->room = 0;
}

/* Depth is bounded by the reader of YAML. */
static void add_json(struct buf *out, const struct yaml_node *n)
{
	if (n->type == YAML_SCALAR) {
		scalar_add_json(out, n);
		return;
	}
	buf_add_str(out, n->type == YAML_MAP ? "{" : "[");
	for (size_t i = 0; i < n->count; i++) {
		if (i)
			buf_add_str(out, ",");
		if (n->type == YAML_MAP) {
			js_quote(out, n->keys[i]->text);
			buf_add_str(out, ":");
		}
		add_json(out, n->items[i]);
	}
	buf_add_str(out, n->type == YAML_MAP ? "}" : "]");
}

/* A word that becomes a part of a path. */
static bool fits_path(const char *word)
{
	return *word && !word[strspn(word, "abcdefghijklmnopqrstuvwxyz"
					   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					   "0123456789-.:_")];
}

static int take_word(const struct yaml_file *file, const struct yaml_node *in,
		     const char *key, bool must, struct manifest *m,
		     const char **ret, struct error *err)
{
	const struct yaml_node *at = yaml_get(in, key);

	*ret = NULL;
	if (!at && !must)
		return 0;
	if (!at || at->type != YAML_SCALAR || !at->len)
		return yaml_error(file, at ? at : in, err,
				  "an object needs '%s:'", key);
	if (strcmp(key, "apiVersion") && !fits_path(at->text))
		return yaml_error(file, at, err,
				  "'%s' is not a valid name; expected letters, "
				  "digits and -.:_",
				  at->text);
	*ret = arena_strdup(&m->arena, at->text);
	return *ret ? 0 : error_nomem(err);
}

static int add_object(struct manifest *m, const struct kube_object *o,
		      struct error *err)
{
	size_t room = m->room ? m->room * 2 : 64;
	struct kube_object *more;

	if (m->count == OBJECTS_MAX)
		return error_set(err, ERROR_INPUT,
				 "the manifests have more than %d objects",
				 OBJECTS_MAX);
	if (m->count == m->room) {
		more = realloc(m->objects, room * sizeof(*more));
		if (!more)
			return error_nomem(err);
		m->objects = more;
		m->room = room;
	}
	m->objects[m->count++] = *o;
	return 0;
}

/* Beside its JSON, which an apply takes. */
static int pack(struct manifest *m, const struct yaml_node *n,
		struct kube_object *o, struct error *err)
{
	cleanup(buf_release) struct buf packed = BUF_INIT(BODY_MAX);

	if (!protobuf_add(n, &packed))
		return 0;
	o->protobuf_len = packed.len;
	o->protobuf = arena_strndup(&m->arena, buf_text(&packed), packed.len);
	return o->protobuf ? 0 : error_nomem(err);
}

static int take_object(struct manifest *m, const struct yaml_file *file,
		       const struct yaml_node *n, const char *name,
		       struct error *err)
{
	cleanup(buf_release) struct buf body = BUF_INIT(BODY_MAX);
	const struct yaml_node *meta = yaml_get(n, "metadata");
	struct kube_object o = { .file = name, .line = n->line };

	if (n->type != YAML_MAP)
		return yaml_error(file, n, err, "expected an object");
	if (!meta || meta->type != YAML_MAP)
		return yaml_error(file, n, err, "an object needs 'metadata:'");
	if (take_word(file, n, "apiVersion", true, m, &o.api_version, err) <
		    0 ||
	    take_word(file, n, "kind", true, m, &o.kind, err) < 0 ||
	    take_word(file, meta, "name", true, m, &o.name, err) < 0 ||
	    take_word(file, meta, "namespace", false, m, &o.namespace, err) < 0)
		return -1;
	add_json(&body, n);
	if (body.failed)
		return yaml_error(file, n, err,
				  "the object is larger than 4 MiB");
	o.stage = stage_of(o.kind);
	o.len = body.len;
	o.body = arena_strndup(&m->arena, buf_text(&body), body.len);
	if (!o.body || pack(m, n, &o, err) < 0)
		return error_nomem(err);
	return add_object(m, &o, err);
}

static int take_document(struct manifest *m, const struct yaml_file *file,
			 const struct yaml_node *n, const char *name,
			 struct error *err)
{
	const char *kind = yaml_str(n, "kind");
	const struct yaml_node *items = yaml_get(n, "items");

	if (n->type == YAML_SCALAR && !n->len)
		return 0;
	if (!kind || strcmp(kind, "List") || !items ||
	    items->type != YAML_SEQUENCE)
		return take_object(m, file, n, name, err);
	for (size_t i = 0; i < items->count; i++)
		if (take_object(m, file, items->items[i], name, err) < 0)
			return -1;
	return 0;
}

int manifest_parse(struct manifest *m, const char *file, const void *text,
		   size_t len, struct error *err)
{
	cleanup(arena_release) struct arena a = ARENA_INIT(MANIFEST_MAX);
	const char *name = arena_strdup(&m->arena, file);
	struct yaml_file all;

	if (!name)
		return error_nomem(err);
	if (yaml_parse(file, text, len, &a, &all, err) < 0)
		return -1;
	for (size_t i = 0; i < all.count; i++)
		if (take_document(m, &all, all.documents[i], name, err) < 0)
			return -1;
	return 0;
}

int manifest_read(struct manifest *m, const char *path, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(TEXT_MAX);

	if (file_read(path, &text, err) < 0)
		return -1;
	return manifest_parse(m, path, buf_text(&text), text.len, err);
}
