/* SPDX-License-Identifier: Apache-2.0 */
/* own_namespace.c - the namespace that a run made: away with it, or left. */
#include "engine/kubernetes/own_namespace.h"

#include <stdio.h>
#include <string.h>

#include "kube/sweep.h"
#include "kube/watch.h"
#include "sys/clock.h"
#include "sys/interrupt.h"

enum { LOOK_S = 120, REMOVE_S = 60, STEP_MS = 200 };

static int64_t after(int seconds)
{
	return clock_mono_us() + seconds * 1000000LL;
}

static int64_t sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static struct kube_ref ref_of(const struct own_namespace *ns)
{
	return (struct kube_ref){ kube_builtin("Namespace"), NULL, ns->name };
}

/* *ret is NULL when it is not there, or not ours. */
static int get(const struct own_namespace *ns, int64_t deadline_us,
	       struct js **ret, struct error *err)
{
	struct kube_ref ref = ref_of(ns);
	const char *run;

	if (kube_get(ns->kube, &ref, deadline_us, ret, err) < 0)
		return -1;
	run = js_str(js_get(js_get(*ret, "metadata"), "labels"), "medley.run");
	if (run && !strcmp(run, ns->run))
		return 0;
	js_free(*ret);
	*ret = NULL;
	return 0;
}

int own_namespace_there(const struct own_namespace *ns, bool *ret,
			struct error *err)
{
	cleanup(js_freep) struct js *there = NULL;

	if (get(ns, after(LOOK_S), &there, err) < 0)
		return -1;
	*ret = there != NULL;
	return 0;
}

/* ---- others ---- */

struct others {
	const struct own_namespace *ns;
	struct error *stays;
};

/* What every namespace has. */
static bool is_given(const char *kind, const char *name)
{
	return name &&
	       ((!strcmp(kind, "ServiceAccount") && !strcmp(name, "default")) ||
		(!strcmp(kind, "ConfigMap") &&
		 !strcmp(name, "kube-root-ca.crt")));
}

static int see(const char *kind, const struct js *object, void *ctx,
	       struct error *err)
{
	struct others *o = ctx;

	(void)err;
	if (is_given(kind, js_str(js_get(object, "metadata"), "name")))
		return 0;
	return error_set(
		o->stays, ERROR_LEFT,
		"Namespace %s has objects that this run did not create, "
		"so it was not removed",
		o->ns->name);
}

/* Where we may not look there may be something. */
static void suspect(const char *kind, const struct error *why, void *ctx)
{
	struct others *o = ctx;

	(void)kind;
	error_set(o->stays, ERROR_LEFT,
		  "Namespace %s may have objects that this run did not create, "
		  "so it was not removed: %.700s",
		  o->ns->name, why->text);
}

static int look_for_others(const struct own_namespace *ns, int64_t deadline_us,
			   struct error *stays, struct error *err)
{
	int64_t left_us = deadline_us - clock_mono_us();
	struct others others = { ns, stays };
	struct kube_sweep what = { .namespace = ns->name,
				   .seconds = (int)(left_us / 1000000),
				   .hidden = suspect,
				   .ctx = &others };
	char others_of[128];

	*stays = (struct error){ 0 };
	snprintf(others_of, sizeof(others_of), "medley.run!=%s", ns->run);
	what.selector = others_of;
	if (kube_sweep_each(ns->kube, ns->kinds, &what, see, &others, err) < 0)
		return stays->kind ? 0 : -1;
	return 0;
}

static int leave(const struct own_namespace *ns, int64_t deadline_us,
		 struct error *err)
{
	static const char no_longer_ours[] =
		"{\"metadata\":{\"labels\":{\"medley.run\":null,"
		"\"app.kubernetes.io/managed-by\":null}}}";
	struct kube_ref ref = ref_of(ns);

	return kube_merge(ns->kube, &ref, no_longer_ours,
			  strlen(no_longer_ours), deadline_us, NULL, err);
}

/* ---- removal ---- */

static int wait_gone(const struct own_namespace *ns, int64_t deadline_us,
		     struct error *err)
{
	cleanup(kube_watch_freep) struct kube_watch *w = NULL;
	struct kube_ref any = { kube_builtin("Namespace"), NULL, NULL };
	char ours[128], named[300];
	struct kube_selection which = { ours, named };

	snprintf(ours, sizeof(ours), "medley.run=%s", ns->run);
	snprintf(named, sizeof(named), "metadata.name=%s", ns->name);
	if (kube_watch_open_metadata(ns->kube, &any, &which, deadline_us, &w,
				     err) < 0)
		return -1;
	while (kube_watch_view(w)->count && clock_mono_us() < deadline_us) {
		if (interrupt_check(err) < 0 || kube_watch_move(w, err) < 0)
			return -1;
		kube_step(ns->kube, STEP_MS);
	}
	return 0;
}

int own_namespace_remove(const struct own_namespace *ns, int64_t deadline_us,
			 struct error *stays, struct error *err)
{
	struct kube_deletion how = { .grace_s = -1 };
	struct kube_ref ref = ref_of(ns);
	cleanup(js_freep) struct js *there = NULL;

	*stays = (struct error){ 0 };
	if (clock_mono_us() >= deadline_us)
		return 0;
	if (get(ns, deadline_us, &there, err) < 0)
		return -1;
	if (!there)
		return 0;
	if (look_for_others(ns, deadline_us, stays, err) < 0)
		return -1;
	if (stays->kind)
		return leave(ns, deadline_us, err);
	deadline_us = sooner(deadline_us, after(REMOVE_S));
	how.uid = js_str(js_get(there, "metadata"), "uid");
	if (kube_delete(ns->kube, &ref, &how, deadline_us, NULL, err) < 0)
		return -1;
	return wait_gone(ns, deadline_us, err);
}
