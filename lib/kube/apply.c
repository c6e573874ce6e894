/* SPDX-License-Identifier: Apache-2.0 */
/* apply.c - many objects at once, in an order that respects their kinds. */
#include "kube/apply.h"

#include <stdlib.h>
#include <string.h>

#include "sys/interrupt.h"

enum { IN_FLIGHT = 64, PATH_LEN_MAX = 2048 };

struct applying {
	struct kube *kube;
	const struct manifest *manifest;
	const struct kube_application *how;
	struct kube_outcome *outcomes;
	struct slot *slots; /* one an object */
	size_t under_way, done, failed;
	const struct kube_outcome *first_failed;
};

struct slot {
	struct applying *all;
	struct kube_outcome *outcome;
	struct kube_call *call;
};

static int look_up(struct applying *a, struct kinds *kinds, struct error *err)
{
	for (size_t i = 0; i < a->manifest->count; i++) {
		const struct kube_object *o = &a->manifest->objects[i];
		struct kube_outcome *out = &a->outcomes[i];

		*out = (struct kube_outcome){ 0 };
		if (kinds_find(kinds, a->kube, o->api_version, o->kind,
			       a->how->deadline_us, &out->kind, err) < 0)
			return error_wrap(err, "%s:%d", o->file, o->line);
		if (out->kind->namespaced)
			out->namespace =
				o->namespace ? o->namespace : a->how->namespace;
		error_set(&out->err, ERROR_DEPLOY, "%s %s: not tried", o->kind,
			  o->name);
	}
	return 0;
}

static void on_applied(void *ctx, const struct kube_reply *reply,
		       const struct error *err)
{
	struct slot *s = ctx;
	struct applying *a = s->all;

	s->call = NULL;
	a->under_way--;
	a->done++;
	if (err) {
		s->outcome->err = *err;
		if (!a->failed++)
			a->first_failed = s->outcome;
	} else {
		s->outcome->applied = true;
		s->outcome->created = reply->status == 201;
		s->outcome->err = (struct error){ 0 };
	}
	progress_say(a->how->progress, a->done, a->manifest->count, 0,
		     "%zu of %zu objects", a->done, a->manifest->count);
}

static int send(struct applying *a, size_t i, struct error *err)
{
	const struct kube_object *o = &a->manifest->objects[i];
	struct kube_outcome *out = &a->outcomes[i];
	struct kube_ref ref = { out->kind, out->namespace, o->name };
	cleanup(buf_release) struct buf path = BUF_INIT(PATH_LEN_MAX);
	char what[KUBE_WHAT];
	struct kube_request r = { .verb = "apply",
				  .method = "PATCH",
				  /* not all that it was sent */
				  .accept = KUBE_METADATA,
				  .content_type = KUBE_APPLY_TYPE,
				  .body = o->body,
				  .body_len = o->len,
				  .deadline_us = a->how->deadline_us,
				  .on_done = on_applied,
				  .ctx = &a->slots[i] };

	if (a->how->inventory &&
	    a->how->inventory(o, out, a->how->ctx, err) < 0)
		return -1;
	r.what = kube_what(what, ref.kind, ref.namespace, ref.name);
	kube_apply_path(&path, &ref, a->how->flags);
	if (buf_check(&path, err) < 0)
		return -1;
	r.path = buf_text(&path);
	a->slots[i] = (struct slot){ .all = a, .outcome = out };
	if (kube_start(a->kube, &r, &a->slots[i].call, err) < 0)
		return -1;
	a->under_way++;
	return 0;
}

/* Until no more than `most` are under way. */
static int drain(struct applying *a, size_t most, struct error *err)
{
	while (a->under_way > most) {
		if (interrupt_check(err) < 0)
			return -1;
		kube_step(a->kube, 200);
	}
	return 0;
}

static int apply_stage(struct applying *a, unsigned stage, struct error *err)
{
	unsigned most = a->how->in_flight ? a->how->in_flight : IN_FLIGHT;

	for (size_t i = 0; i < a->manifest->count; i++) {
		if (a->manifest->objects[i].stage != stage)
			continue;
		if (drain(a, most - 1, err) < 0 || send(a, i, err) < 0)
			return -1;
	}
	return drain(a, 0, err);
}

static int apply_stages(struct applying *a, struct error *err)
{
	for (unsigned stage = 0; stage < KUBE_STAGES; stage++) {
		if (apply_stage(a, stage, err) < 0)
			return -1;
		if (!a->failed)
			continue;
		if (err)
			*err = a->first_failed->err;
		if (a->failed > 1)
			error_wrap(err, "%zu of %zu objects failed, first",
				   a->failed, a->manifest->count);
		return -1;
	}
	return 0;
}

int kube_apply_all(struct kube *k, struct kinds *kinds,
		   const struct manifest *m, const struct kube_application *how,
		   struct kube_outcome *outcomes, struct error *err)
{
	struct applying a = {
		.kube = k, .manifest = m, .how = how, .outcomes = outcomes
	};
	int rc;

	if (look_up(&a, kinds, err) < 0)
		return -1;
	a.slots = calloc(m->count + 1, sizeof(*a.slots));
	if (!a.slots)
		return error_nomem(err);
	rc = apply_stages(&a, err);
	for (size_t i = 0; i < m->count; i++)
		kube_cancel(a.slots[i].call);
	free(a.slots);
	return rc;
}
