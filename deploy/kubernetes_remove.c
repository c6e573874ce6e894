/* SPDX-License-Identifier: Apache-2.0 */
/* kubernetes_remove.c - takes a run out of its namespace. */
#include <stdio.h>
#include <string.h>

#include "deploy/kubernetes.h"
#include "kube/objects.h"
#include "kube/sweep.h"

enum { NAMESPACE_SECONDS = 60 };

static struct kube_sweep sweep_of(const struct kubernetes *k, int seconds)
{
	return (struct kube_sweep){ .namespace = k->namespace,
				    .selector = k->selector,
				    .seconds = seconds };
}

/* ---- the namespace ---- */

/* What somebody else put into the namespace that the run made. */
static const char *const guests[] = {
	"Pod",
	"ConfigMap",
	"Secret",
	"Service",
	"PersistentVolumeClaim",
	"StatefulSet",
	"Deployment",
	"Job",
	"CronJob",
};

/* Every namespace has this one. */
static int is_guest(const struct js *object, void *ctx)
{
	const char *name = js_str(js_get(object, "metadata"), "name");

	(void)ctx;
	return name && strcmp(name, "kube-root-ca.crt") != 0;
}

static int has_guests(struct kubernetes *k, int64_t deadline, bool *ret,
		      struct error *err)
{
	*ret = false;
	for (size_t i = 0; !*ret && i < ARRAY_SIZE(guests); i++) {
		struct kube_ref ref = { kube_builtin(guests[i]), k->namespace,
					NULL };
		struct error why = { 0 };
		int rc = kube_list(k->kube, &ref, NULL, deadline, is_guest,
				   NULL, &why);

		/* Where we may not look there may be one. */
		if (rc < 0 && !strstr(why.text, "Forbidden"))
			return error_set(err, why.kind, "%s", why.text);
		*ret = rc != 0;
	}
	return 0;
}

/* A namespace that others have moved into is theirs from now on. */
static int leave_namespace(struct kubernetes *k, const struct kube_ref *ref,
			   int64_t deadline, struct error *err)
{
	static const char ours[] =
		"{\"metadata\":{\"labels\":{\"medley.run\":null,"
		"\"app.kubernetes.io/managed-by\":null}}}";

	return kube_merge(k->kube, ref, ours, strlen(ours), deadline, NULL,
			  err);
}

/* NULL: it is not there, or not ours. */
static int our_namespace(struct kubernetes *k, const struct kube_ref *ref,
			 int64_t deadline, struct js **ret, struct error *err)
{
	const char *run;

	if (kube_get(k->kube, ref, deadline, ret, err) < 0)
		return -1;
	run = js_str(js_get(js_get(*ret, "metadata"), "labels"), "medley.run");
	if (run && !strcmp(run, k->run))
		return 0;
	js_free(*ret);
	*ret = NULL;
	return 0;
}

static int remove_namespace(struct kubernetes *k, struct error *err)
{
	int64_t deadline = kubernetes_deadline(NAMESPACE_SECONDS);
	static const struct kube_deletion how = { .grace_s = -1 };
	struct kube_ref ref = { kube_builtin("Namespace"), NULL, k->namespace };
	cleanup(js_freep) struct js *there = NULL;
	bool guests_there;

	if (our_namespace(k, &ref, deadline, &there, err) < 0)
		return -1;
	if (!there)
		return 0;
	if (has_guests(k, deadline, &guests_there, err) < 0)
		return -1;
	if (guests_there)
		return leave_namespace(k, &ref, deadline, err);
	if (kube_delete(k->kube, &ref, &how, deadline, NULL, err) < 0)
		return -1;
	while (there && clock_mono_us() < deadline) {
		kube_step(k->kube, 200);
		js_free(steal(there));
		if (our_namespace(k, &ref, deadline, &there, err) < 0)
			return -1;
	}
	return 0;
}

static bool made_namespace(const struct inventory_item *items, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (!strcmp(items[i].kind, "Namespace"))
			return true;
	return false;
}

/* ---- all of it ---- */

/* All that bears the run's label; the inventory adds what has none. */
int kubernetes_remove(struct engine *e, const struct inventory_item *items,
		      unsigned count, int seconds, struct error *err)
{
	struct kubernetes *k = (struct kubernetes *)e;
	struct kube_sweep what = sweep_of(k, seconds);
	struct error why = { 0 };

	if (kube_sweep(k->kube, &k->kinds, &what, &why) < 0) {
		/* What resists is told by left(), and keeps the namespace. */
		if (why.kind == ERROR_LEFT)
			return 0;
		return error_set(err, why.kind, "%s", why.text);
	}
	if (kubernetes_external_remove(k, items, count, err) < 0)
		return -1;
	if (!made_namespace(items, count))
		return 0;
	return remove_namespace(k, err);
}

static int namespace_left(struct kubernetes *k, bool *ret, struct error *err)
{
	struct kube_ref ref = { kube_builtin("Namespace"), NULL, k->namespace };
	cleanup(js_freep) struct js *there = NULL;

	if (our_namespace(k, &ref, kubernetes_deadline(KUBERNETES_SECONDS),
			  &there, err) < 0)
		return -1;
	*ret = there != NULL;
	return 0;
}

/* What bears no label, by the inventory: added to `items`. */
static int unlabelled_left(struct kubernetes *k, struct arena *arena,
			   struct inventory_item **items, unsigned *count,
			   struct error *err)
{
	struct inventory_item *made, *all;
	unsigned made_count, more;
	bool namespace = false;

	if (inventory_load(k->run_dir, arena, &made, &made_count, err) < 0 ||
	    (made_namespace(made, made_count) &&
	     namespace_left(k, &namespace, err) < 0))
		return -1;
	all = arena_array(arena, *count + made_count + 1, sizeof(*all));
	if (!all)
		return error_nomem(err);
	memcpy(all, *items, *count * sizeof(*all));
	if (kubernetes_external_left(k, made, made_count, all + *count, &more,
				     err) < 0)
		return -1;
	*count += more;
	if (namespace)
		all[(*count)++] =
			(struct inventory_item){ "Namespace", k->namespace };
	*items = all;
	return 0;
}

/* A kind of ours that may not be listed proves nothing. */
struct hidden {
	char text[1024]; /* empty: none */
};

static void note_hidden(const char *text, void *ctx)
{
	static const char *const ours[] = {
		"StatefulSet",		 "Pod",	      "Service",
		"PersistentVolumeClaim", "ConfigMap", "Secret"
	};
	struct hidden *h = ctx;
	char word[64];

	for (size_t i = 0; i < ARRAY_SIZE(ours); i++) {
		snprintf(word, sizeof(word), " %s ", ours[i]);
		if (strstr(text, word) && strstr(text, "Forbidden"))
			snprintf(h->text, sizeof(h->text), "%s", text);
	}
}

int kubernetes_left(struct engine *e, struct arena *arena,
		    struct inventory_item **ret_items, unsigned *ret_count,
		    struct error *err)
{
	struct kubernetes *k = (struct kubernetes *)e;
	struct kube_sweep what = sweep_of(k, KUBERNETES_SECONDS);
	struct hidden hidden = { .text = "" };
	struct inventory_item *items;
	struct kube_left *left;
	unsigned count;

	what.note = note_hidden;
	what.ctx = &hidden;

	if (kube_sweep_list(k->kube, &k->kinds, &what, arena, &left, &count,
			    err) < 0)
		return -1;
	if (hidden.text[0])
		return error_set(err, ERROR_LEFT,
				 "what is left cannot be seen: %.800s",
				 hidden.text);
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
