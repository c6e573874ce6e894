/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sweep.c - lists and deletes the objects with a label.
 *
 * A list of each kind tells what there is. Kinds of which something is there
 * get a removal, which begins when it is its stage's turn. When no removal has
 * anything left, or those that have can do nothing about it, the lists are
 * made again: they decide.
 */
#include "kube/sweep.h"

#include <stdio.h>
#include <string.h>

#include "kube/kind_removal.h"
#include "kube/finalizers.h"
#include "sys/clock.h"
#include "sys/interrupt.h"

enum {
	STEP_MS = 200,
	LAST_LOOK_US = 5 * 1000 * 1000,
	PATH_LEN_MAX = 8192,
	TEXT_MAX = 700
};

/* In the order of their stages: a stage begins when all of those before it is
 * on its way out. Pods would come back while their makers are not; derived
 * things are made by controllers, which also remove them. */
enum { MAKERS, PODS, THINGS, DERIVED };
static const struct swept {
	const char *api_version, *kind;
	unsigned stage;
} swept[] = {
	{ "apps/v1", "StatefulSet", MAKERS },
	{ "apps/v1", "Deployment", MAKERS },
	{ "apps/v1", "DaemonSet", MAKERS },
	{ "apps/v1", "ReplicaSet", MAKERS },
	{ "batch/v1", "CronJob", MAKERS },
	{ "batch/v1", "Job", MAKERS },
	{ "v1", "Pod", PODS },
	{ "v1", "Service", THINGS },
	{ "networking.k8s.io/v1", "Ingress", THINGS },
	{ "networking.k8s.io/v1", "NetworkPolicy", THINGS },
	{ "policy/v1", "PodDisruptionBudget", THINGS },
	{ "v1", "PersistentVolumeClaim", THINGS },
	{ "v1", "ConfigMap", THINGS },
	{ "v1", "Secret", THINGS },
	{ "v1", "ServiceAccount", THINGS },
	{ "apps/v1", "ControllerRevision", DERIVED },
	{ "discovery.k8s.io/v1", "EndpointSlice", DERIVED },
	{ "v1", "Endpoints", DERIVED },
};
enum { KINDS = ARRAY_SIZE(swept) };

struct sweeping {
	struct kube *kube;
	struct kinds *kinds;
	const struct kube_sweep *what;
	int64_t deadline_us;
	/* One a kind. */
	size_t found[KINDS]; /* by the last list */
	bool told[KINDS];
	struct kind_removal *removals[KINDS]; /* NULL: nothing is there */
	size_t total; /* most that were there at once */
	bool stuck;
	struct error why; /* of a removal */
};

static void put_down(struct sweeping *s)
{
	for (size_t i = 0; i < KINDS; i++)
		kind_removal_free(steal(s->removals[i]));
}

static int begin(struct sweeping *s, struct kube *k, struct kinds *kinds,
		 const struct kube_sweep *what, struct error *err)
{
	*s = (struct sweeping){ .kube = k, .kinds = kinds, .what = what };
	s->deadline_us = clock_mono_us() + what->seconds * 1000000LL;
	if (what->selector && *what->selector)
		return 0;
	return error_set(err, ERROR_INTERNAL, "a sweep needs a selector");
}

/* What is done to a namespace is never done to all of them. */
static int begin_in(struct sweeping *s, struct kube *k, struct kinds *kinds,
		    const struct kube_sweep *what, struct error *err)
{
	if (!what->namespace || !*what->namespace)
		return error_set(err, ERROR_INTERNAL,
				 "a sweep needs a namespace");
	return begin(s, k, kinds, what, err);
}

/* ---- lists ---- */

/* Where the objects that lists find go; each may be absent. */
struct found {
	int (*fn)(const char *kind, const struct js *object, void *ctx,
		  struct error *err);
	void *ctx;
	struct arena *arena;
	struct kube_left *items;
	unsigned count, room;
	struct buf *text;
};

static int make_room(struct found *f, struct error *err)
{
	unsigned room = f->room ? f->room * 2 : 64;
	struct kube_left *more;

	if (f->count < f->room)
		return 0;
	more = arena_array(f->arena, room, sizeof(*more));
	if (!more)
		return error_nomem(err);
	if (f->count)
		memcpy(more, f->items, f->count * sizeof(*more));
	f->items = more;
	f->room = room;
	return 0;
}

static int add_found(struct found *f, const char *kind, const struct js *object,
		     struct error *err)
{
	const char *name = js_str(js_get(object, "metadata"), "name");
	struct kube_left *left;

	if (!name)
		return error_set(err, ERROR_DEPLOY, "a %s has no name", kind);
	if (f->text) {
		buf_addf(f->text, "%s%s %s", f->text->len ? ", " : "", kind,
			 name);
		finalizers_tell(object, f->text);
	}
	if (f->fn && f->fn(kind, object, f->ctx, err) != 0)
		return -1;
	if (!f->arena)
		return 0;
	if (make_room(f, err) < 0)
		return -1;
	left = &f->items[f->count++];
	snprintf(left->kind, sizeof(left->kind), "%s", kind);
	snprintf(left->name, sizeof(left->name), "%s", name);
	return 0;
}

/* Of its metadata: all but managedFields, which is the most of it. */
static const struct js_part metadata[] = {
	{ "name", NULL },
	{ "namespace", NULL },
	{ "uid", NULL },
	{ "resourceVersion", NULL },
	{ "labels", NULL },
	{ "annotations", NULL },
	{ "creationTimestamp", NULL },
	{ "deletionTimestamp", NULL },
	{ "finalizers", NULL },
	{ "ownerReferences", NULL },
	{ NULL, NULL },
};
static const struct js_part wanted[] = {
	{ "metadata", metadata },
	{ NULL, NULL },
};

static int list_pages(struct sweeping *s, size_t i,
		      const struct kube_kind *kind, int *ret_status,
		      struct found *f, struct error *err)
{
	struct kube_selection which = { s->what->selector, NULL };
	cleanup(buf_release) struct buf path = BUF_INIT(PATH_LEN_MAX);
	cleanup(js_freep) struct js *page = NULL;
	struct kube_page at = { .metadata_only = true, .parts = wanted };
	char what[KUBE_WHAT];

	kube_path(&path, kind, s->what->namespace, NULL);
	kube_select(&path, &which);
	if (buf_check(&path, err) < 0)
		return -1;
	at.path = buf_text(&path);
	at.what = kube_what(what, kind, s->what->namespace, NULL);
	do {
		struct js *more = NULL;
		const struct js *items;

		if (kube_list_page(s->kube, &at, s->deadline_us + LAST_LOOK_US,
				   &more, ret_status, err) < 0)
			return -1;
		js_free(page);
		page = more;
		items = js_get(page, "items");
		s->found[i] += js_count(items);
		for (size_t n = 0; n < js_count(items); n++)
			if (add_found(f, swept[i].kind, js_at(items, n), err) <
			    0)
				return -1;
		at.next = js_str(js_get(page, "metadata"), "continue");
	} while (at.next && *at.next);
	return 0;
}

/* A kind that may not be listed hides what it has; whoever asked is told. */
static void hidden(struct sweeping *s, size_t i, const struct error *why)
{
	bool tell = !s->told[i] && swept[i].stage != DERIVED;

	if (tell && s->what->hidden)
		s->what->hidden(swept[i].kind, why, s->what->ctx);
	else if (tell && s->what->note)
		s->what->note(why->text, s->what->ctx);
	s->told[i] = true;
}

static int find_kind(struct sweeping *s, size_t i, const struct kube_kind **ret,
		     struct error *err)
{
	return kinds_find(s->kinds, s->kube, swept[i].api_version,
			  swept[i].kind, s->deadline_us + LAST_LOOK_US, ret,
			  err);
}

static int list_kind(struct sweeping *s, size_t i, struct found *f,
		     struct error *err)
{
	const struct kube_kind *kind;
	struct error why;
	int status = 0;

	s->found[i] = 0;
	if (find_kind(s, i, &kind, &why) < 0) {
		if (why.kind == ERROR_INPUT) /* the cluster has no such kind */
			return 0;
	} else if (list_pages(s, i, kind, &status, f, &why) >= 0) {
		return 0;
	} else if (status == 404) { /* an older cluster lacks it */
		return 0;
	} else if (status == 403 || status == 405) {
		hidden(s, i, &why);
		return 0;
	}
	if (err)
		*err = why;
	return -1;
}

static int list_all(struct sweeping *s, struct found *f, size_t *ret_left,
		    struct error *err)
{
	*ret_left = 0;
	for (size_t i = 0; i < KINDS; i++) {
		if (list_kind(s, i, f, err) < 0)
			return -1;
		*ret_left += s->found[i];
	}
	return 0;
}

int kube_sweep_each(struct kube *k, struct kinds *kinds,
		    const struct kube_sweep *what,
		    int (*fn)(const char *kind, const struct js *object,
			      void *ctx, struct error *err),
		    void *ctx, struct error *err)
{
	struct found f = { .fn = fn, .ctx = ctx };
	struct sweeping s;
	size_t left;

	if (begin(&s, k, kinds, what, err) < 0)
		return -1;
	return list_all(&s, &f, &left, err);
}

int kube_sweep_list(struct kube *k, struct kinds *kinds,
		    const struct kube_sweep *what, struct arena *arena,
		    struct kube_left **ret, unsigned *ret_count,
		    struct error *err)
{
	struct found f = { .arena = arena };
	struct sweeping s;
	size_t left;

	if (begin_in(&s, k, kinds, what, err) < 0 ||
	    list_all(&s, &f, &left, err) < 0)
		return -1;
	*ret = f.items;
	*ret_count = f.count;
	return 0;
}

/* ---- removals ---- */

static int take_brooms(struct sweeping *s, struct error *err)
{
	struct kind_removal_plan plan = { .kube = s->kube,
					  .namespace = s->what->namespace,
					  .selector = s->what->selector,
					  .deadline_us = s->deadline_us,
					  .note = s->what->note,
					  .ctx = s->what->ctx };

	for (size_t i = 0; i < KINDS; i++) {
		if (!s->found[i])
			continue;
		plan.derived = swept[i].stage == DERIVED;
		if (find_kind(s, i, &plan.kind, err) < 0 ||
		    kind_removal_open(&plan, &s->removals[i], err) < 0)
			return -1;
	}
	return 0;
}

static bool may_begin(const struct sweeping *s, unsigned stage)
{
	for (size_t i = 0; i < KINDS; i++)
		if (s->removals[i] && swept[i].stage < stage &&
		    !kind_removal_asked(s->removals[i]))
			return false;
	return true;
}

/* *ret_over: no removal can do any more. */
static int move(struct sweeping *s, bool *ret_over, struct error *err)
{
	size_t left = 0;

	*ret_over = true;
	for (size_t i = 0; i < KINDS; i++) {
		struct kind_removal *b = s->removals[i];

		if (!b)
			continue;
		if (!kind_removal_begun(b) && may_begin(s, swept[i].stage) &&
		    kind_removal_begin(b, err) < 0)
			return -1;
		if (kind_removal_move(b, err) < 0)
			return -1;
		left += kind_removal_left(b);
		if (!kind_removal_asked(b) ||
		    (!kind_removal_done(b) && !kind_removal_stuck(b)))
			*ret_over = false;
	}
	if (left > s->total)
		s->total = left;
	progress_say(s->what->progress, s->total - left, s->total, 0,
		     "%zu of %zu objects are gone", s->total - left, s->total);
	return 0;
}

/* What a person will ask when something is left. */
static void remember(struct sweeping *s)
{
	for (size_t i = 0; i < KINDS; i++) {
		const struct kind_removal *b = s->removals[i];

		if (!b)
			continue;
		if (kind_removal_stuck(b))
			s->stuck = true;
		if (kind_removal_why(b) && kind_removal_left(b))
			s->why = *kind_removal_why(b);
	}
}

static int sweep(struct sweeping *s, struct error *err)
{
	bool over = false;

	if (take_brooms(s, err) < 0)
		return -1;
	for (;;) {
		if (move(s, &over, err) < 0 || interrupt_check(err) < 0)
			return -1;
		if (over || clock_mono_us() >= s->deadline_us)
			break;
		kube_step(s->kube, STEP_MS);
	}
	remember(s);
	return 0;
}

static int sweep_all(struct sweeping *s, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(TEXT_MAX);
	struct found f = { .text = &text };
	size_t left;

	for (;;) {
		buf_clear(&text);
		if (list_all(s, &f, &left, err) < 0)
			return -1;
		if (!left)
			return 0;
		if (s->stuck || clock_mono_us() >= s->deadline_us)
			break;
		if (sweep(s, err) < 0)
			return -1;
		put_down(s);
	}
	return error_set(err, ERROR_LEFT,
			 "%zu %s left in the namespace %s%s%s: %s%s", left,
			 left == 1 ? "object is" : "objects are",
			 s->what->namespace, s->why.kind ? ": " : "",
			 s->why.kind ? s->why.text : "", buf_text(&text),
			 text.failed ? " …" : "");
}

int kube_sweep(struct kube *k, struct kinds *kinds,
	       const struct kube_sweep *what, struct error *err)
{
	struct sweeping s;
	int rc;

	if (begin_in(&s, k, kinds, what, err) < 0)
		return -1;
	rc = sweep_all(&s, err);
	put_down(&s);
	return rc;
}
