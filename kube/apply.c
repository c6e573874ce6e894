/* SPDX-License-Identifier: Apache-2.0 */
/* apply.c - applies many objects at once, in the order of their kinds. */
#include "kube/apply.h"

#include <stdlib.h>
#include <string.h>

#include "kube/ownership.h"
#include "kube/protobuf.h"
#include "kube/status.h"
#include "sys/interrupt.h"

enum { IN_FLIGHT = 64, PATH_LEN_MAX = 2048, PATCH_MAX = 4 * 1024 * 1024 };

struct applying {
	struct kube *kube;
	const struct manifest *manifest;
	const struct kube_application *how;
	struct kube_outcome *outcomes;
	struct slot *slots; /* one an object */
	size_t under_way, done, failed;
	bool there; /* the last object was: so may be the next */
	const struct kube_outcome *first_failed;
};

/*
 * CREATE -> end	it was not there
 * CREATE -> APPLY	it is there already; or who may not create may apply;
 *			or a server between does not know the packed form
 * APPLY -> READ	its fields are still the create's: see ownership.h
 * READ -> HAND_OVER	its metadata is known
 * HAND_OVER -> APPLY	the fields are ours
 * HAND_OVER -> READ	it has changed meanwhile
 * APPLY -> end
 */
enum slot_state { CREATE, APPLY, READ, HAND_OVER };

/* An object on its way. */
struct slot {
	struct applying *all;
	const struct kube_object *object;
	struct kube_outcome *outcome;
	enum slot_state state;
	struct kube_call *call;
	struct buf patch; /* of HAND_OVER */
	unsigned hand_overs;
};

enum { HAND_OVERS_MAX = 3 };

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
		error_set(&out->err, ERROR_DEPLOY, "%s %s: not applied",
			  o->kind, o->name);
	}
	return 0;
}

static void end(struct slot *s, int status, const struct error *err)
{
	struct applying *a = s->all;

	buf_release(&s->patch);
	a->under_way--;
	a->done++;
	if (err) {
		s->outcome->err = *err;
		if (!a->failed++)
			a->first_failed = s->outcome;
	} else {
		s->outcome->applied = true;
		s->outcome->created = status == 201;
		s->outcome->err = (struct error){ 0 };
	}
	progress_say(a->how->progress, a->done, a->manifest->count, 0,
		     "%zu of %zu objects", a->done, a->manifest->count);
}

/* The answer to an apply shows that the create still owns fields: it says so,
 * or refuses since it would take them. */
static bool is_creators(const struct slot *s, const struct kube_reply *reply)
{
	const char *text = buf_text(reply->body);

	return (reply->status == 200 || reply->status == 409) &&
	       !(s->all->how->flags & KUBE_DRY_RUN) &&
	       s->hand_overs < HAND_OVERS_MAX && strstr(text, KUBE_CREATOR);
}

/* Where an answer leads; false: that was the end of it. */
static bool next_state(struct slot *s, const struct kube_reply *reply,
		       const struct error *err)
{
	switch (s->state) {
	case CREATE:
		s->all->there = reply->status == 409;
		s->state = APPLY;
		return reply->status == 409 || reply->status == 403 ||
		       reply->status == 415;
	case APPLY:
		s->all->there = reply->status == 200;
		s->state = READ;
		return is_creators(s, reply);
	case READ:
		s->state = HAND_OVER;
		return !err;
	default:
		s->hand_overs++;
		s->state = reply->status == 409 ? READ : APPLY;
		return !err ||
		       (reply->status == 409 && s->hand_overs < HAND_OVERS_MAX);
	}
}

static int take_metadata(struct slot *s, const struct buf *body,
			 struct error *err)
{
	cleanup(js_freep) struct js *object = NULL;

	buf_clear(&s->patch);
	if (js_parse(KUBE_ANSWER, buf_text(body), body->len, &object, err) < 0)
		return kube_bad_answer("apply", s->object->name, err);
	/* Somebody was quicker: an empty patch hands over nothing. */
	if (ownership_is_creators(object))
		return ownership_patch(object, &s->patch, err);
	buf_add_str(&s->patch, "[]");
	return buf_check(&s->patch, err);
}

static int ask(struct slot *s, struct error *err);

static void on_answer(void *ctx, const struct kube_reply *reply,
		      const struct error *err)
{
	struct slot *s = ctx;
	struct error own;

	s->call = NULL;
	if (!next_state(s, reply, err))
		end(s, reply->status, err);
	else if ((s->state == HAND_OVER &&
		  take_metadata(s, reply->body, &own) < 0) ||
		 ask(s, &own) < 0)
		end(s, 0, &own);
}

/* What is asked for in each state. */
static const struct {
	const char *method, *content_type;
} requests[] = {
	[CREATE] = { "POST", "application/json" },
	[APPLY] = { "PATCH", KUBE_APPLY_TYPE },
	[READ] = { "GET", NULL },
	[HAND_OVER] = { "PATCH", "application/json-patch+json" },
};

static void add_path(struct slot *s, struct buf *path)
{
	struct kube_ref ref = { s->outcome->kind, s->outcome->namespace,
				s->object->name };
	unsigned flags = s->all->how->flags;

	if (s->state == CREATE)
		kube_create_path(path, &ref, KUBE_CREATOR, flags);
	else if (s->state == APPLY)
		kube_apply_path(path, &ref, flags);
	else
		kube_path(path, ref.kind, ref.namespace, ref.name);
}

static int ask(struct slot *s, struct error *err)
{
	const struct kube_object *o = s->object;
	cleanup(buf_release) struct buf path = BUF_INIT(PATH_LEN_MAX);
	char what[KUBE_WHAT];
	struct kube_request r = { .verb = "apply",
				  .method = requests[s->state].method,
				  /* not all that it was sent */
				  .accept = KUBE_METADATA,
				  .content_type =
					  requests[s->state].content_type,
				  .deadline_us = s->all->how->deadline_us,
				  .on_done = on_answer,
				  .ctx = s };

	if (s->state == CREATE && o->protobuf) {
		r.content_type = PACKED_TYPE;
		r.body = o->protobuf;
		r.body_len = o->protobuf_len;
	} else if (s->state == CREATE || s->state == APPLY) {
		r.body = o->body;
		r.body_len = o->len;
	} else if (s->state == HAND_OVER) {
		r.body = s->patch.data;
		r.body_len = s->patch.len;
	}
	r.what = kube_what(what, s->outcome->kind, s->outcome->namespace,
			   o->name);
	add_path(s, &path);
	if (buf_check(&path, err) < 0)
		return -1;
	r.path = buf_text(&path);
	return kube_start(s->all->kube, &r, &s->call, err);
}

static int send(struct applying *a, size_t i, struct error *err)
{
	const struct kube_object *o = &a->manifest->objects[i];
	struct kube_outcome *out = &a->outcomes[i];

	if (a->how->inventory &&
	    a->how->inventory(o, out, a->how->ctx, err) < 0)
		return -1;
	a->slots[i] = (struct slot){ .all = a,
				     .object = o,
				     .outcome = out,
				     .state = a->there ? APPLY : CREATE,
				     .patch = BUF_INIT(PATCH_MAX) };
	if (ask(&a->slots[i], err) < 0)
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
	for (size_t i = 0; i < m->count; i++) {
		kube_cancel(a.slots[i].call);
		buf_release(&a.slots[i].patch);
	}
	free(a.slots);
	return rc;
}
