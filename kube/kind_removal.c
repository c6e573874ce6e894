/* SPDX-License-Identifier: Apache-2.0 */
/* kind_removal.c - deletes the objects of one kind that a selector finds. */
#include "kube/kind_removal.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kube/finalizers.h"
#include "kube/watch.h"
#include "sys/clock.h"

enum {
	ROUND_US = 1000 * 1000,
	GRACE_US = 10 * 1000 * 1000,
	IN_FLIGHT = 32,
	FRUITLESS_MAX = 3, /* rounds */
	BODY_MAX = 64 * 1024,
	PATH_LEN_MAX = 8192
};

enum kind_removal_state { WAITS, COLLECTING, ROUNDS };

/* One object's deletion, or its finalizers' removal. */
struct errand {
	struct kind_removal *removal;
	struct kube_call *call; /* NULL: free */
	struct buf body;
};

struct kind_removal {
	struct kind_removal_plan plan;
	struct kube_watch *watch;
	enum kind_removal_state state;
	struct kube_call *collecting;
	int64_t collected_us;
	int64_t asked_us; /* when a deletion was answered last */
	int64_t due_us; /* of the next round */
	size_t cursor; /* of a round, in the view */
	struct errand errands[IN_FLIGHT];
	unsigned busy, sent, done; /* errands of a round */
	unsigned fruitless; /* rounds, one after another */
	bool blind; /* it may not be watched: the view is what was listed */
	bool told;
	struct error why; /* the last refusal */
};

int kind_removal_open(const struct kind_removal_plan *plan,
		      struct kind_removal **ret, struct error *err)
{
	struct kube_ref ref = { plan->kind, plan->namespace, NULL };
	struct kube_selection which = { plan->selector, NULL };
	cleanup(kind_removal_freep) struct kind_removal *b =
		calloc(1, sizeof(*b));

	if (!b)
		return error_nomem(err);
	b->plan = *plan;
	for (size_t i = 0; i < IN_FLIGHT; i++)
		b->errands[i] = (struct errand){ .removal = b,
						 .body = BUF_INIT(BODY_MAX) };
	if (kube_watch_open_metadata(plan->kube, &ref, &which,
				     plan->deadline_us, &b->watch, err) < 0)
		return -1;
	*ret = steal(b);
	return 0;
}

void kind_removal_free(struct kind_removal *b)
{
	if (!b)
		return;
	kube_cancel(b->collecting);
	for (size_t i = 0; i < IN_FLIGHT; i++) {
		kube_cancel(b->errands[i].call);
		buf_release(&b->errands[i].body);
	}
	kube_watch_free(b->watch);
	free(b);
}

static void note(const struct kind_removal *b, const char *text)
{
	if (b->plan.note)
		b->plan.note(text, b->plan.ctx);
}

static void refused(struct kind_removal *b, const struct error *why)
{
	b->why = *why;
	if (!b->told && !b->plan.derived)
		note(b, why->text);
	b->told = true;
}

/* ---- all at once ---- */

static void on_collected(void *ctx, const struct kube_reply *reply,
			 const struct error *err)
{
	struct kind_removal *b = ctx;

	(void)reply;
	assert(b->state == COLLECTING);
	b->collecting = NULL;
	b->state = ROUNDS;
	b->collected_us = b->asked_us = clock_mono_us();
	/* The watch has a moment to show it. A refusal says nothing: who may
	 * not delete collections may delete objects. */
	b->due_us = b->asked_us + (err ? 0 : ROUND_US);
}

int kind_removal_begin(struct kind_removal *b, struct error *err)
{
	static const char body[] = "{\"kind\":\"DeleteOptions\","
				   "\"apiVersion\":\"v1\","
				   "\"propagationPolicy\":\"Background\"}";
	struct kube_selection which = { b->plan.selector, NULL };
	cleanup(buf_release) struct buf path = BUF_INIT(PATH_LEN_MAX);
	char what[KUBE_WHAT];
	struct kube_request r = { .verb = "delete",
				  .method = "DELETE",
				  .accept = KUBE_METADATA_LIST,
				  .content_type = "application/json",
				  .body = body,
				  .body_len = sizeof(body) - 1,
				  .deadline_us = b->plan.deadline_us,
				  .on_done = on_collected,
				  .ctx = b };

	assert(b->state == WAITS);
	kube_path(&path, b->plan.kind, b->plan.namespace, NULL);
	kube_select(&path, &which);
	if (buf_check(&path, err) < 0)
		return -1;
	r.path = buf_text(&path);
	r.what = kube_what(what, b->plan.kind, b->plan.namespace, NULL);
	if (kube_start(b->plan.kube, &r, &b->collecting, err) < 0)
		return -1;
	b->state = COLLECTING;
	return 0;
}

/* ---- one by one ---- */

static void on_errand(void *ctx, const struct kube_reply *reply,
		      const struct error *err)
{
	struct errand *e = ctx;
	struct kind_removal *b = e->removal;

	e->call = NULL;
	b->busy--;
	/* Gone, or another since: the watch shows it. */
	if (!err || reply->status == 404 || reply->status == 409)
		b->done++;
	else
		refused(b, err);
}

static void on_deleted(void *ctx, const struct kube_reply *reply,
		       const struct error *err)
{
	struct errand *e = ctx;

	e->removal->asked_us = clock_mono_us();
	on_errand(ctx, reply, err);
}

static struct errand *free_errand(struct kind_removal *b)
{
	for (size_t i = 0; i < IN_FLIGHT; i++)
		if (!b->errands[i].call)
			return &b->errands[i];
	return NULL;
}

/* `r` has all but the object's name. */
static int send(struct kind_removal *b, struct errand *e,
		const struct js *object, struct kube_request *r,
		struct error *err)
{
	const char *name = js_str(js_get(object, "metadata"), "name");
	cleanup(buf_release) struct buf path = BUF_INIT(PATH_LEN_MAX);
	char what[KUBE_WHAT];

	kube_path(&path, b->plan.kind, b->plan.namespace, name);
	if (buf_check(&path, err) < 0 || buf_check(&e->body, err) < 0)
		return -1;
	r->path = buf_text(&path);
	r->what = kube_what(what, b->plan.kind, b->plan.namespace, name);
	r->accept = KUBE_METADATA;
	r->body = e->body.data;
	r->body_len = e->body.len;
	r->deadline_us = b->plan.deadline_us;
	r->ctx = e;
	if (kube_start(b->plan.kube, r, &e->call, err) < 0)
		return -1;
	b->busy++;
	b->sent++;
	return 0;
}

static int delete_one(struct kind_removal *b, struct errand *e,
		      const struct js *object, struct error *err)
{
	struct kube_request r = { .verb = "delete",
				  .method = "DELETE",
				  .content_type = "application/json",
				  .on_done = on_deleted };
	struct kube_deletion how = { .grace_s = -1 };

	how.uid = js_str(js_get(object, "metadata"), "uid");
	if (kube_write_deletion(&how, &e->body, err) < 0)
		return -1;
	return send(b, e, object, &r, err);
}

static int set_free(struct kind_removal *b, struct errand *e,
		    const struct js *object, struct error *err)
{
	struct kube_request r = { .verb = "free",
				  .method = "PATCH",
				  .content_type =
					  "application/merge-patch+json",
				  .on_done = on_errand };
	const char *name = js_str(js_get(object, "metadata"), "name");
	char text[KUBE_WHAT + 300];

	if (finalizers_patch(object, &e->body, err) < 0)
		return -1;
	snprintf(text, sizeof(text),
		 "%s %s/%s: removed the finalizer %s, which prevented the "
		 "deletion",
		 b->plan.kind->kind, b->plan.namespace, name,
		 finalizers_foreign(object));
	note(b, text);
	return send(b, e, object, &r, err);
}

static int consider(struct kind_removal *b, struct errand *e,
		    const struct js *object, struct error *err)
{
	buf_clear(&e->body);
	if (!finalizers_deleting(object))
		return delete_one(b, e, object, err);
	if (finalizers_foreign(object) &&
	    clock_mono_us() - b->asked_us >= GRACE_US)
		return set_free(b, e, object, err);
	return 0;
}

static void end_round(struct kind_removal *b)
{
	if (b->sent && !b->done)
		b->fruitless++;
	else if (b->done)
		b->fruitless = 0;
	b->cursor = b->sent = b->done = 0;
	b->due_us = clock_mono_us() + ROUND_US;
}

/* The view may change its order meanwhile: the next round finds who was
 * passed by. */
static int go_round(struct kind_removal *b, struct error *err)
{
	const struct view *view = kube_watch_view(b->watch);
	struct errand *e;

	if (clock_mono_us() < b->due_us || (b->plan.derived && b->told))
		return 0;
	while (b->cursor < view->count && (e = free_errand(b)))
		if (consider(b, e, view->objects[b->cursor++], err) < 0)
			return -1;
	if (b->cursor >= view->count && !b->busy)
		end_round(b);
	return 0;
}

/* ---- as a whole ---- */

bool kind_removal_begun(const struct kind_removal *b)
{
	return b->state != WAITS;
}

int kind_removal_move(struct kind_removal *b, struct error *err)
{
	struct error why;

	if (!b->blind && kube_watch_move(b->watch, &why) < 0) {
		b->blind = true;
		refused(b, &why);
	}
	return b->state == ROUNDS ? go_round(b, err) : 0;
}

size_t kind_removal_left(const struct kind_removal *b)
{
	return kube_watch_view(b->watch)->count;
}

bool kind_removal_asked(const struct kind_removal *b)
{
	const struct view *view = kube_watch_view(b->watch);

	if (b->state != ROUNDS)
		return false;
	if (b->blind || kind_removal_stuck(b))
		return true;
	for (size_t i = 0; i < view->count; i++)
		if (!finalizers_deleting(view->objects[i]))
			return false;
	return true;
}

bool kind_removal_done(const struct kind_removal *b)
{
	if (b->collecting || b->busy)
		return false;
	/* A round that is over has set the time of the next. */
	if (b->blind)
		return b->state == ROUNDS &&
		       clock_mono_us() > b->collected_us + 2 * ROUND_US;
	return !kind_removal_left(b);
}

bool kind_removal_stuck(const struct kind_removal *b)
{
	return b->fruitless >= FRUITLESS_MAX;
}

const struct error *kind_removal_why(const struct kind_removal *b)
{
	return b->why.kind ? &b->why : NULL;
}
