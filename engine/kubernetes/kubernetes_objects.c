/* SPDX-License-Identifier: Apache-2.0 */
/* kubernetes_objects.c - the objects of a run, put into its namespace. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/kubernetes/kubernetes.h"
#include "kube/apply.h"
#include "kube/objects.h"
#include "run/run.h"

enum { FOUND = 200, FORBIDDEN = 403, NOT_FOUND = 404 };

/* ---- reading ---- */

struct walk {
	struct kubernetes *k;
	const char *path;
	struct error *err;
};

static int read_entry(const char *name, void *ctx)
{
	struct walk *w = ctx, inner = *w;
	size_t len = strlen(name);
	char path[PATH_ROOM];
	struct stat st;

	/* What medley keeps for itself is no part of the network. */
	if (name[0] == '.' || stat(path_join(path, w->path, name), &st) < 0)
		return 0;
	inner.path = path;
	if (S_ISDIR(st.st_mode))
		return dir_each(path, read_entry, &inner, w->err);
	if (len < 5 || strcmp(name + len - 5, ".yaml"))
		return 0;
	return manifest_read(&w->k->objects, path, w->err);
}

static int add_set(struct kubernetes *k, const struct kube_object *o,
		   struct error *err)
{
	struct kubernetes_set *set =
		arena_new(&k->arena, struct kubernetes_set);

	if (!set)
		return error_nomem(err);
	*set = (struct kubernetes_set){ .object = o, .next = k->sets };
	k->sets = set;
	return 0;
}

int kubernetes_objects(struct kubernetes *k, struct error *err)
{
	char path[PATH_ROOM];
	struct walk w = { k, path, err };

	if (k->objects.count)
		return 0;
	path_join(path, k->run_dir, "config");
	if (dir_each(path, read_entry, &w, err) < 0)
		return error_wrap(err, "manifests");
	for (size_t i = 0; i < k->objects.count; i++)
		if (!strcmp(k->objects.objects[i].kind, "StatefulSet") &&
		    add_set(k, &k->objects.objects[i], err) < 0)
			return -1;
	return 0;
}

/* ---- the namespace ---- */

static const struct kube_object *namespace_object(const struct kubernetes *k)
{
	for (size_t i = 0; i < k->objects.count; i++)
		if (!strcmp(k->objects.objects[i].kind, "Namespace"))
			return &k->objects.objects[i];
	return NULL;
}

/* Who may not look at namespaces has been given one. */
static int namespace_exists(struct kubernetes *k, bool *ret, struct error *err)
{
	cleanup(buf_release) struct buf body = BUF_INIT(1024 * 1024);
	char path[PATH_ROOM], what[KUBE_WHAT];
	struct kube_request r = { .verb = "read",
				  .method = "GET",
				  .deadline_us = kubernetes_deadline(
					  KUBERNETES_SECONDS) };
	int status = 0;

	path_printf(path, "/api/v1/namespaces/%s", k->namespace);
	snprintf(what, sizeof(what), "Namespace %s", k->namespace);
	r.path = path;
	r.what = what;
	if (kube_call(k->kube, &r, &status, &body, err) < 0 &&
	    status != NOT_FOUND && status != FORBIDDEN)
		return -1;
	*ret = status != NOT_FOUND;
	return 0;
}

static int make_namespace(struct kubernetes *k, struct error *err)
{
	const struct kube_object *o = namespace_object(k);
	struct kube_ref ref = { NULL, NULL, k->namespace };
	int64_t deadline = kubernetes_deadline(KUBERNETES_SECONDS);
	bool exists;

	if (namespace_exists(k, &exists, err) < 0)
		return -1;
	if (exists || !o)
		return 0;
	if (inventory_add(k->run_dir, "Namespace", k->namespace, err) < 0 ||
	    kinds_find(&k->kinds, k->kube, "v1", "Namespace", deadline,
		       &ref.kind, err) < 0)
		return -1;
	return kube_apply(k->kube, &ref, o->body, o->len, 0, deadline, NULL,
			  err);
}

/* ---- names that are taken ---- */

struct taken {
	struct kubernetes *k;
	const char *kind;
	const char *name, *run; /* of the first; NULL: none; in the arena */
};

static int look_at_taken(const struct js *object, void *ctx)
{
	struct taken *t = ctx;
	const struct js *meta = js_get(object, "metadata");
	const char *name = js_str(meta, "name");
	const char *run = js_str(js_get(meta, "labels"), "medley.run");
	const struct manifest *m = &t->k->objects;

	for (size_t i = 0; name && i < m->count; i++) {
		if (strcmp(m->objects[i].kind, t->kind) ||
		    strcmp(m->objects[i].name, name))
			continue;
		t->name = arena_strdup(&t->k->arena, name);
		t->run = run ? arena_strdup(&t->k->arena, run) : NULL;
		return 1;
	}
	return 0;
}

static int explain_taken(const struct taken *t, struct error *err)
{
	if (t->run)
		return error_set(
			err, ERROR_INPUT,
			"namespace %s contains run %s, whose %s %s has the "
			"same name as an object of this run: take that run "
			"down, use another namespace (-n), or give this "
			"network another prefix (key kubernetes.prefix of its "
			"file)",
			t->k->namespace, t->run, t->kind, t->name);
	return error_set(err, ERROR_INPUT,
			 "namespace %s has a %s %s that medley did not make: "
			 "use another namespace (-n), or give this network "
			 "another prefix (key kubernetes.prefix of its file)",
			 t->k->namespace, t->kind, t->name);
}

static bool seen_before(const struct manifest *m, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (!strcmp(m->objects[i].kind, m->objects[at].kind))
			return true;
	return false;
}

/* An apply would take over what is another's. */
static int check_set(const struct js *object, void *ctx)
{
	(void)object, (void)ctx;
	return 1;
}

/* The same configuration, by another run or another program. */
static int is_not_there(struct kubernetes *k, struct error *err)
{
	struct kube_ref ref = { kube_builtin("StatefulSet"), k->namespace,
				NULL };
	struct kube_selection which = { .labels = k->selector };
	int rc = kube_list(k->kube, &ref, &which,
			   kubernetes_deadline(KUBERNETES_SECONDS), check_set,
			   NULL, err);

	if (rc <= 0)
		return rc;
	return error_set(
		err, ERROR_INPUT,
		"namespace %s already contains this network, which this run "
		"has not deployed: take down the run that did, or 'kubectl -n "
		"%s delete all,pvc,configmap,secret -l %s'",
		k->namespace, k->namespace, k->selector);
}

static int names_are_free(struct kubernetes *k, struct error *err)
{
	int64_t deadline = kubernetes_deadline(KUBERNETES_SECONDS);
	const char *others = arena_printf(&k->arena, "medley.run!=%s", k->run);
	struct kube_selection which = { .labels = others };

	if (is_not_there(k, err) < 0)
		return -1;
	for (size_t i = 0; i < k->objects.count; i++) {
		const struct kube_object *o = &k->objects.objects[i];
		struct taken t = { .k = k, .kind = o->kind };
		struct kube_ref ref = { NULL, k->namespace, NULL };
		int rc;

		if (!strcmp(o->kind, "Namespace") ||
		    seen_before(&k->objects, i))
			continue;
		if (kinds_find(&k->kinds, k->kube, o->api_version, o->kind,
			       deadline, &ref.kind, err) < 0)
			return -1;
		rc = kube_list(k->kube, &ref, &which, deadline, look_at_taken,
			       &t, err);
		if (rc < 0)
			return -1;
		if (t.name)
			return explain_taken(&t, err);
	}
	return 0;
}

/* ---- putting there ---- */

static int record_object(const struct kube_object *o,
			 const struct kube_outcome *where, void *ctx,
			 struct error *err)
{
	struct kubernetes *k = ctx;

	(void)where;
	return inventory_add(k->run_dir, o->kind, o->name, err);
}

static int record_pod(struct kubernetes *k, const char *pod, struct error *err)
{
	char claim[256];

	snprintf(claim, sizeof(claim), "data-%s", pod);
	if (inventory_add(k->run_dir, "PersistentVolumeClaim", claim, err) < 0)
		return -1;
	return inventory_add(k->run_dir, "Pod", pod, err);
}

static bool is_of_nodes(const struct kubernetes *k, const char *set)
{
	for (unsigned i = 0; i < k->net.node_count; i++)
		if (!strcmp(k->net.nodes[i].set, set))
			return true;
	return false;
}

/* What the sets will make: a pod a node, or one, of the database and such. */
static int record_pods(struct kubernetes *k, struct error *err)
{
	char pod[256];

	for (unsigned i = 0; i < k->net.node_count; i++)
		if (network_node_runs(&k->net, &k->net.nodes[i]) &&
		    record_pod(k, k->net.nodes[i].pod, err) < 0)
			return -1;
	for (struct kubernetes_set *s = k->sets; s; s = s->next) {
		snprintf(pod, sizeof(pod), "%s-0", s->object->name);
		if (!is_of_nodes(k, s->object->name) &&
		    record_pod(k, pod, err) < 0)
			return -1;
	}
	return 0;
}

/* A bank's set states no replicas, so that an apply leaves them alone, and
 * Kubernetes would start one: nodes are started by kubernetes_scale(). */
static int begin_at_none(struct kubernetes *k, struct kube_object *o,
			 struct error *err)
{
	cleanup(js_freep) struct js *body = NULL;

	if (strcmp(o->kind, "StatefulSet"))
		return 0;
	if (js_parse(o->file, o->body, o->len, &body, err) < 0)
		return -1;
	return js_get(js_get(body, "spec"), "replicas")
		       ? 0
		       : kubernetes_with_replicas(k, o, 0, err);
}

static int put_objects(struct kubernetes *k, struct error *err)
{
	struct kube_application how = { .namespace = k->namespace,
					.flags = KUBE_FORCE,
					.deadline_us = kubernetes_deadline(
						APPLY_SECONDS),
					.inventory = record_object,
					.ctx = k };
	struct manifest rest = k->objects; /* without the namespace */
	struct kube_outcome *outcomes;

	rest.count = 0;
	rest.objects = arena_array(&k->arena, k->objects.count + 1,
				   sizeof(*rest.objects));
	outcomes =
		arena_array(&k->arena, k->objects.count + 1, sizeof(*outcomes));
	if (!rest.objects || !outcomes)
		return error_nomem(err);
	for (size_t i = 0; i < k->objects.count; i++) {
		if (!strcmp(k->objects.objects[i].kind, "Namespace"))
			continue;
		rest.objects[rest.count] = k->objects.objects[i];
		if (begin_at_none(k, &rest.objects[rest.count++], err) < 0)
			return -1;
	}
	return kube_apply_all(k->kube, &k->kinds, &rest, &how, outcomes, err);
}

int kubernetes_prepare(struct engine *e, struct error *err)
{
	struct kubernetes *k = (struct kubernetes *)e;

	if (kubernetes_objects(k, err) < 0 || make_namespace(k, err) < 0 ||
	    names_are_free(k, err) < 0 || kubernetes_external(k, err) < 0 ||
	    record_pods(k, err) < 0)
		return -1;
	return put_objects(k, err);
}

int kubernetes_scale(struct kubernetes *k, struct error *err)
{
	int64_t deadline = kubernetes_deadline(KUBERNETES_SECONDS);
	struct kube_ref ref = { NULL, k->namespace, NULL };

	for (struct kubernetes_set *s = k->sets; s; s = s->next) {
		if (s->wanted <= s->scaled)
			continue;
		ref.name = s->object->name;
		if (kinds_find(&k->kinds, k->kube, s->object->api_version,
			       "StatefulSet", deadline, &ref.kind, err) < 0 ||
		    kube_scale(k->kube, &ref, (int)s->wanted, deadline, err) <
			    0)
			return -1;
		s->scaled = s->wanted;
	}
	return 0;
}
