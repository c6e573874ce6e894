/* SPDX-License-Identifier: Apache-2.0 */
/* kubernetes_remove.c - takes a run out of its namespace. */
#include <string.h>

#include "engine/kubernetes/kubernetes.h"
#include "engine/own_names.h"
#include "engine/kubernetes/own_namespace.h"
#include "kube/sweep.h"

static struct kube_sweep sweep_of(const struct kubernetes *k, int seconds)
{
	return (struct kube_sweep){ .namespace = k->namespace,
				    .selector = k->selector,
				    .seconds = seconds };
}

static struct own_namespace namespace_of(struct kubernetes *k)
{
	return (struct own_namespace){ k->kube, &k->kinds, k->namespace,
				       k->run };
}

static bool made_namespace(const struct kubernetes *k,
			   const struct inventory_item *items, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (!strcmp(items[i].kind, "Namespace") &&
		    !strcmp(items[i].name, k->namespace))
			return true;
	return false;
}

/* What has the run's label is found by that; of the rest, only what medley
 * could have made. */
bool kubernetes_owns(struct engine *e, const struct inventory_item *item)
{
	const struct kubernetes *k = (struct kubernetes *)e;

	if (!strcmp(item->kind, "Namespace"))
		return !strcmp(item->name, k->namespace);
	if (!strcmp(item->kind, "role") || !strcmp(item->kind, "database"))
		return own_database(&k->net, item->name);
	return true;
}

/* All that bears the run's label; the inventory adds what has none. */
int kubernetes_remove(struct engine *e, const struct inventory_item *items,
		      unsigned count, int seconds, struct error *err)
{
	struct kubernetes *k = (struct kubernetes *)e;
	struct kube_sweep what = sweep_of(k, seconds);
	struct own_namespace namespace = namespace_of(k);
	int64_t deadline_us = kubernetes_deadline(seconds);
	struct error why = { 0 };

	/* Written before the first thing is made. */
	if (!k->recorded)
		return error_set(err, ERROR_INPUT,
				 "%s has no cluster.json, which names the "
				 "cluster of the run",
				 e->dir);
	if (kube_sweep(k->kube, &k->kinds, &what, &why) < 0) {
		/* What resists is told by left(), and keeps the namespace. */
		if (why.kind == ERROR_LEFT)
			return 0;
		return error_set(err, why.kind, "%s", why.text);
	}
	if (kubernetes_external_remove(k, items, count, err) < 0)
		return -1;
	if (!made_namespace(k, items, count))
		return 0;
	if (own_namespace_remove(&namespace, deadline_us, &why, err) < 0)
		return -1;
	/* A second round finds it others', and says nothing. */
	if (why.kind)
		e->stays = why;
	return 0;
}

/* What bears no label, by the inventory: added to `items`. */
static int unlabelled_left(struct kubernetes *k, struct arena *arena,
			   struct inventory_item **items, unsigned *count,
			   struct error *err)
{
	struct own_namespace namespace = namespace_of(k);
	struct inventory_item *made, *all;
	unsigned made_count, more;
	bool there = false;

	if (inventory_load(k->run_dir, arena, &made, &made_count, err) < 0 ||
	    (made_namespace(k, made, made_count) &&
	     own_namespace_there(&namespace, &there, err) < 0))
		return -1;
	all = arena_array(arena, *count + made_count + 1, sizeof(*all));
	if (!all)
		return error_nomem(err);
	memcpy(all, *items, *count * sizeof(*all));
	if (kubernetes_external_left(k, made, made_count, all + *count, &more,
				     err) < 0)
		return -1;
	*count += more;
	if (there)
		all[(*count)++] =
			(struct inventory_item){ "Namespace", k->namespace };
	*items = all;
	return 0;
}

struct hidden {
	const struct kubernetes *k;
	struct error why;
};

/* Kinds of objects that every run makes, or that are in this run's files. */
static bool is_ours(const struct kubernetes *k, const char *kind)
{
	static const char *const ours[] = {
		"StatefulSet",		 "Pod",	      "Service",
		"PersistentVolumeClaim", "ConfigMap", "Secret"
	};

	for (size_t i = 0; i < ARRAY_SIZE(ours); i++)
		if (!strcmp(kind, ours[i]))
			return true;
	for (size_t i = 0; i < k->objects.count; i++)
		if (!strcmp(kind, k->objects.objects[i].kind))
			return true;
	return false;
}

/* A kind of ours that may not be listed proves nothing. */
static void record_hidden(const char *kind, const struct error *why, void *ctx)
{
	struct hidden *hidden = ctx;

	if (is_ours(hidden->k, kind))
		hidden->why = *why;
}

int kubernetes_left(struct engine *e, struct arena *arena,
		    struct inventory_item **ret_items, unsigned *ret_count,
		    struct error *err)
{
	struct kubernetes *k = (struct kubernetes *)e;
	struct kube_sweep what = sweep_of(k, KUBERNETES_SECONDS);
	struct hidden hidden = { .k = k };
	struct inventory_item *items;
	struct kube_left *left;
	unsigned count;

	what.hidden = record_hidden;
	what.ctx = &hidden;
	/* The files of a run that was cut short may be missing. */
	kubernetes_objects(k, NULL);
	if (kube_sweep_list(k->kube, &k->kinds, &what, arena, &left, &count,
			    err) < 0)
		return -1;
	if (hidden.why.kind)
		return error_set(
			err, ERROR_LEFT,
			"cannot list the objects that are left: %.800s",
			hidden.why.text);
	items = arena_array(arena, count + 1, sizeof(*items));
	if (!items)
		return error_nomem(err);
	for (unsigned i = 0; i < count; i++)
		items[i] =
			(struct inventory_item){ left[i].kind, left[i].name };
	if (unlabelled_left(k, arena, &items, &count, err) < 0)
		return -1;
	*ret_items = items;
	*ret_count = count;
	return 0;
}
