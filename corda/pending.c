/* SPDX-License-Identifier: Apache-2.0 */
/* pending.c - the waiting calls of an RPC session, found by id. */
#include "corda/pending.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of a message from the node; an answer to a call has 0. */
enum { TAG_OBSERVATION = 1 };

static struct pending **bucket_of(struct pending_table *t, const char *id)
{
	uint32_t hash = 2166136261; /* FNV-1a */

	for (; *id; id++)
		hash = (hash ^ (uint8_t)*id) * 16777619;
	return &t->buckets[hash % PENDING_BUCKETS];
}

void pending_put(struct pending_table *t, struct pending *p)
{
	struct pending **bucket = bucket_of(t, p->id);

	p->next = *bucket;
	*bucket = p;
	t->count++;
}

static struct pending *unlink_at(struct pending_table *t, struct pending **at)
{
	struct pending *p = *at;

	*at = p->next;
	p->next = NULL;
	t->count--;
	return p;
}

struct pending *pending_take(struct pending_table *t, const char *id)
{
	struct pending **at = bucket_of(t, id);

	while (*at && strcmp((*at)->id, id) != 0)
		at = &(*at)->next;
	return *at ? unlink_at(t, at) : NULL;
}

struct pending *pending_take_until(struct pending_table *t, int64_t until_us)
{
	struct pending *list = NULL;

	for (unsigned i = 0; i < PENDING_BUCKETS && t->count; i++) {
		struct pending **at = &t->buckets[i];

		while (*at) {
			struct pending *p;

			if ((*at)->deadline_us > until_us) {
				at = &(*at)->next;
				continue;
			}
			p = unlink_at(t, at);
			p->next = list;
			list = p;
		}
	}
	return list;
}

void pending_finish(struct pending *p, const struct rpc_result *result)
{
	struct rpc_result r = *result;

	r.flow = *p->flow ? p->flow : NULL;
	p->fn(p->ctx, &r);
	free(p);
}

void pending_finish_all(struct pending *list, const struct rpc_result *result)
{
	while (list) {
		struct pending *p = list;

		list = p->next;
		pending_finish(p, result);
	}
}

/* What a message is read and answered with. */
struct delivery {
	struct pending_table *table;
	struct rpc_outbox *box;
	struct arena *arena;
};

static void unreadable(struct pending *p, const struct error *err)
{
	struct rpc_result r = { .status = RPC_UNREADABLE,
				.error_class = "unreadable-answer",
				.error_text = err->text };

	pending_finish(p, &r);
}

/* The flow has started: what waits now is its result. */
static void await_result(struct delivery *d, struct pending *p,
			 const struct amqp_value *handle)
{
	struct call_flow flow;
	struct error err;

	if (call_flow_read(handle, d->arena, &flow, &err) < 0) {
		unreadable(p, &err);
		return;
	}
	p->kind = PENDING_RESULT;
	p->observable_ms = flow.observable_ms;
	snprintf(p->id, sizeof(p->id), "%s", flow.observable);
	memcpy(p->flow, flow.id_text, sizeof(p->flow));
	pending_put(d->table, p);
}

static void on_reply(struct delivery *d, struct pending *p,
		     const struct artemis_message *m)
{
	struct rpc_result r = { .status = RPC_OK };
	struct call_reply reply;
	struct error err;

	if (call_reply_read(m->body, m->len, d->arena, &reply, &err) < 0) {
		unreadable(p, &err);
	} else if (reply.success && p->kind == PENDING_FLOW) {
		await_result(d, p, reply.value);
	} else {
		r.value = reply.value;
		r.status = reply.success ? RPC_OK : RPC_REFUSED;
		r.error_class = reply.failure.class_name;
		r.error_text = reply.failure.text;
		pending_finish(p, &r);
	}
}

/* The first observation of a future is all that it has to say. */
static void on_observation(struct delivery *d, struct pending *p,
			   const struct artemis_message *m)
{
	struct rpc_result r = { .status = RPC_OK };
	struct call_event event;
	struct error err;

	rpc_outbox_done(d->box, p->id, p->observable_ms);
	if (call_event_read(m->body, m->len, d->arena, &event, &err) < 0) {
		unreadable(p, &err);
		return;
	}
	if (event.kind == CALL_ERROR)
		r.status = RPC_FLOW_FAILED;
	r.value = event.value;
	r.error_class = event.failure.class_name;
	r.error_text = event.failure.text;
	pending_finish(p, &r);
}

void pending_deliver(struct pending_table *t, const struct artemis_message *m,
		     struct rpc_outbox *box, struct arena *arena)
{
	struct delivery d = { t, box, arena };
	bool observation =
		artemis_property_number(m, "tag", -1) == TAG_OBSERVATION;
	struct pending *p;
	char id[64];

	if (!artemis_property_text(m, observation ? "observable-id" : "rpc-id",
				   id, sizeof(id)))
		return;
	p = pending_take(t, id);
	if (p && observation)
		on_observation(&d, p, m);
	else if (p)
		on_reply(&d, p, m);
}
