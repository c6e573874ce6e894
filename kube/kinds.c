/* SPDX-License-Identifier: Apache-2.0 */
/* kinds.c - the kinds of a cluster's API, and their paths. */
#include "kube/kinds.h"

#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "kube/status.h"

enum { KINDS_MAX = 4 * 1024 * 1024, LIST_MAX = 4 * 1024 * 1024 };

/* Every cluster of a supported release has these: they are not asked for. */
static const struct kube_kind builtin[] = {
	{ "v1", "ConfigMap", "configmaps", true, NULL },
	{ "v1", "Endpoints", "endpoints", true, NULL },
	{ "v1", "Event", "events", true, NULL },
	{ "v1", "Namespace", "namespaces", false, NULL },
	{ "v1", "PersistentVolume", "persistentvolumes", false, NULL },
	{ "v1", "PersistentVolumeClaim", "persistentvolumeclaims", true, NULL },
	{ "v1", "Pod", "pods", true, NULL },
	{ "v1", "Secret", "secrets", true, NULL },
	{ "v1", "Service", "services", true, NULL },
	{ "v1", "ServiceAccount", "serviceaccounts", true, NULL },
	{ "apps/v1", "ControllerRevision", "controllerrevisions", true, NULL },
	{ "apps/v1", "DaemonSet", "daemonsets", true, NULL },
	{ "apps/v1", "Deployment", "deployments", true, NULL },
	{ "apps/v1", "ReplicaSet", "replicasets", true, NULL },
	{ "apps/v1", "StatefulSet", "statefulsets", true, NULL },
	{ "batch/v1", "CronJob", "cronjobs", true, NULL },
	{ "batch/v1", "Job", "jobs", true, NULL },
	{ "discovery.k8s.io/v1", "EndpointSlice", "endpointslices", true,
	  NULL },
	{ "networking.k8s.io/v1", "Ingress", "ingresses", true, NULL },
	{ "networking.k8s.io/v1", "NetworkPolicy", "networkpolicies", true,
	  NULL },
	{ "policy/v1", "PodDisruptionBudget", "poddisruptionbudgets", true,
	  NULL },
};

const struct kube_kind *kube_builtin(const char *kind)
{
	for (size_t i = 0; i < ARRAY_SIZE(builtin); i++)
		if (!strcmp(builtin[i].kind, kind))
			return &builtin[i];
	return NULL;
}

void kinds_init(struct kinds *kinds)
{
	*kinds = (struct kinds){ .arena = ARENA_INIT(KINDS_MAX) };
}

void kinds_release(struct kinds *kinds)
{
	arena_release(&kinds->arena);
	kinds->first = NULL;
}

/* The part of a path that stands for a version. */
static void add_version(struct buf *path, const char *api_version)
{
	buf_addf(path, "%s/%s", strchr(api_version, '/') ? "/apis" : "/api",
		 api_version);
}

static int add_kind(struct kinds *kinds, const char *api_version,
		    const struct js *item, struct error *err)
{
	const char *name = js_str(item, "name"), *kind = js_str(item, "kind");
	struct kube_kind *new;

	/* "pods/log" is a part of pods. */
	if (!name || !kind || strchr(name, '/'))
		return 0;
	new = arena_new(&kinds->arena, struct kube_kind);
	if (!new)
		return error_nomem(err);
	new->api_version = api_version;
	new->kind = arena_strdup(&kinds->arena, kind);
	new->resource = arena_strdup(&kinds->arena, name);
	new->namespaced = js_bool(item, "namespaced", false);
	if (!new->kind || !new->resource)
		return error_nomem(err);
	new->next = kinds->first;
	kinds->first = new;
	return 0;
}

int kinds_parse(struct kinds *kinds, const char *api_version, const void *text,
		size_t len, struct error *err)
{
	cleanup(js_freep) struct js *root = NULL;
	const char *kept = arena_strdup(&kinds->arena, api_version);
	const struct js *list;

	if (!kept)
		return error_nomem(err);
	if (js_parse(KUBE_ANSWER, text, len, &root, err) < 0)
		return kube_bad_answer("look up", api_version, err);
	list = js_get(root, "resources");
	for (size_t i = 0; i < js_count(list); i++)
		if (add_kind(kinds, kept, js_at(list, i), err) < 0)
			return -1;
	return 0;
}

static const struct kube_kind *find_builtin(const char *api_version,
					    const char *kind)
{
	for (size_t i = 0; i < ARRAY_SIZE(builtin); i++)
		if (!strcmp(builtin[i].kind, kind) &&
		    !strcmp(builtin[i].api_version, api_version))
			return &builtin[i];
	return NULL;
}

static const struct kube_kind *look_up(const struct kinds *kinds,
				       const char *api_version,
				       const char *kind, struct nearest *near,
				       bool *known)
{
	*known = false;
	for (const struct kube_kind *i = kinds->first; i; i = i->next) {
		if (strcmp(i->api_version, api_version))
			continue;
		*known = true;
		if (!strcmp(i->kind, kind))
			return i;
		nearest_offer(near, i->kind);
	}
	return NULL;
}

static int ask(struct kinds *kinds, struct kube *k, const char *api_version,
	       int64_t deadline_us, struct error *err)
{
	cleanup(buf_release) struct buf path = BUF_INIT(1024);
	cleanup(buf_release) struct buf list = BUF_INIT(LIST_MAX);
	struct kube_request r = { .verb = "look up",
				  .what = api_version,
				  .method = "GET",
				  .deadline_us = deadline_us };
	int status = 0;

	add_version(&path, api_version);
	if (buf_check(&path, err) < 0)
		return -1;
	r.path = buf_text(&path);
	if (kube_call(k, &r, &status, &list, err) >= 0)
		return kinds_parse(kinds, api_version, buf_text(&list),
				   list.len, err);
	if (status != 404)
		return -1;
	return error_set(err, ERROR_INPUT,
			 "the cluster has no API %s; install the "
			 "CustomResourceDefinition that adds it",
			 api_version);
}

int kinds_find(struct kinds *kinds, struct kube *k, const char *api_version,
	       const char *kind, int64_t deadline_us,
	       const struct kube_kind **ret, struct error *err)
{
	struct nearest near = nearest_to(kind);
	bool known;

	*ret = find_builtin(api_version, kind);
	if (*ret)
		return 0;
	*ret = look_up(kinds, api_version, kind, &near, &known);
	if (!*ret && !known) {
		if (ask(kinds, k, api_version, deadline_us, err) < 0)
			return -1;
		*ret = look_up(kinds, api_version, kind, &near, &known);
	}
	if (*ret)
		return 0;
	return error_set(err, ERROR_INPUT, "there is no %s in %s%s%s%s", kind,
			 api_version, near.word ? "; did you mean '" : "",
			 near.word ? near.word : "", near.word ? "'?" : "");
}

void kube_path(struct buf *path, const struct kube_kind *kind,
	       const char *namespace, const char *name)
{
	add_version(path, kind->api_version);
	if (kind->namespaced && namespace)
		buf_addf(path, "/namespaces/%s", namespace);
	buf_addf(path, "/%s", kind->resource);
	if (name)
		buf_addf(path, "/%s", name);
}

const char *kube_what(char room[KUBE_WHAT], const struct kube_kind *kind,
		      const char *namespace, const char *name)
{
	const char *where = kind->namespaced && namespace ? namespace : "";

	snprintf(room, KUBE_WHAT, "%s%s%s%s%s", kind->kind,
		 *where || name ? " " : "", where, *where && name ? "/" : "",
		 name ? name : "");
	return room;
}

void kube_query(struct buf *path, const char *key, const char *value)
{
	buf_addf(path, "%c%s=", strchr(buf_text(path), '?') ? '&' : '?', key);
	for (; *value; value++) {
		unsigned char c = (unsigned char)*value;

		if (strchr("-_.~", c) || (c >= '0' && c <= '9') ||
		    ((c | 32) >= 'a' && (c | 32) <= 'z'))
			buf_add_u8(path, c);
		else
			buf_addf(path, "%%%02X", c);
	}
}
