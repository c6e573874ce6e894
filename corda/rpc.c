/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rpc.c - an RPC session with a Corda node: calls, flows, their results.
 *
 * Happy path: the stream connects; we say ARTEMIS and create a session with
 * user and password; create a temporary queue for answers and a consumer on
 * it, with credit without limit and messages that count as acknowledged when
 * they are delivered (we read all the time); start. Then every call is a
 * message to "rpc.server", every answer one with the same rpc-id. A flow's
 * answer names an observable, whose first observation is the flow's result.
 * A ping every half minute keeps the broker from dropping us after a minute.
 *
 * What goes wrong: the stream fails, the broker refuses (wrong password,
 * queue not allowed), sends what we cannot read, or is silent while we open
 * or for longer than two pings: the session fails. What waits is told
 * RPC_LOST, then the owner on_failed. A call past its deadline is told
 * RPC_TIMEOUT and forgotten; its answer, if it comes yet, finds nobody. Two
 * answers to one call, or observations nobody waits for, are dropped.
 * Closing tells RPC_LOST to what still waits when the stream is closed.
 */
#include "corda/rpc.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "corda/call.h"
#include "corda/pending.h"
#include "corda/rpc_outbox.h"
#include "proto/artemis.h"
#include "sys/clock.h"

enum {
	TICK_MS = 100,
	PING_US = 30 * 1000000,
	SILENCE_US = 75 * 1000000, /* the answers to two pings are missing */
	GOODBYE_US = 1000000,
	ANSWER_MAX = 64 * 1024 * 1024 /* memory for one decoded answer */
};

enum rpc_state {
	RPC_CONNECTING, /* the stream is */
	RPC_GREETING, /* asked for a session */
	RPC_QUEUEING, /* asked for the queue of answers */
	RPC_CONSUMING, /* asked for a consumer on it */
	RPC_READY, /* calls may be made */
	RPC_LEAVING, /* said goodbye, the broker is to confirm it */
	RPC_FAILED, /* on_failed was called; the owner is to close */
	RPC_CLOSING, /* the stream is */
	RPC_STATES
};

struct rpc {
	struct stream *stream;
	struct timer *tick;
	enum rpc_state state;
	const struct rpc_events *events;
	void *ctx;
	char user[256], password[256], peer[300];
	int64_t deadline_us; /* of opening, of leaving */
	int64_t heard_us, pinged_us;
	unsigned goodbyes; /* confirmed */
	struct pending_table pending;
	struct rpc_outbox box;
	struct buf in; /* the beginning of a frame */
	struct arena arena; /* the answer at hand */
};

typedef int (*packet_fn)(struct rpc *rpc, const struct artemis_packet *p,
			 struct error *err);
static int greeted(struct rpc *, const struct artemis_packet *, struct error *);
static int queued(struct rpc *, const struct artemis_packet *, struct error *);
static int consumed(struct rpc *, const struct artemis_packet *,
		    struct error *);
static int received(struct rpc *, const struct artemis_packet *,
		    struct error *);
static int left(struct rpc *, const struct artemis_packet *, struct error *);

#define TO(state) (1u << RPC_##state)

static const struct {
	unsigned successors;
	const char *waits_for; /* an answer due by rpc->deadline_us, or NULL */
	packet_fn on_packet; /* of the session, but for exceptions */
} states[RPC_STATES] = {
	[RPC_CONNECTING] = { TO(GREETING) | TO(FAILED) | TO(CLOSING),
			     "a connection", NULL },
	[RPC_GREETING] = { TO(QUEUEING) | TO(FAILED) | TO(CLOSING),
			   "a session of the broker", greeted },
	[RPC_QUEUEING] = { TO(CONSUMING) | TO(FAILED) | TO(CLOSING),
			   "a queue for answers", queued },
	[RPC_CONSUMING] = { TO(READY) | TO(FAILED) | TO(CLOSING),
			    "a consumer of answers", consumed },
	[RPC_READY] = { TO(LEAVING) | TO(FAILED) | TO(CLOSING), NULL,
			received },
	[RPC_LEAVING] = { TO(CLOSING), "the end of the session", left },
	[RPC_FAILED] = { TO(CLOSING), NULL, NULL },
	[RPC_CLOSING] = { 0, NULL, NULL },
};

static void rpc_move(struct rpc *rpc, enum rpc_state next)
{
	assert(states[rpc->state].successors & 1u << next);
	rpc->state = next;
}

static void lose_all(struct rpc *rpc, const char *why)
{
	struct rpc_result lost = { .status = RPC_LOST,
				   .error_class = "session-lost",
				   .error_text = why };

	pending_finish_all(pending_take_until(&rpc->pending, INT64_MAX), &lost);
}

static void rpc_fail(struct rpc *rpc, const struct error *why)
{
	struct error err = *why;

	if (rpc->state >= RPC_FAILED)
		return;
	if (rpc->state == RPC_LEAVING) { /* as good as a goodbye */
		rpc_move(rpc, RPC_CLOSING);
		stream_close(rpc->stream);
		return;
	}
	rpc_move(rpc, RPC_FAILED);
	lose_all(rpc, err.text);
	if (rpc->state == RPC_FAILED)
		rpc->events->on_failed(rpc->ctx, &err);
}

/* Sends what is in the outbox. */
static int rpc_flush(struct rpc *rpc, struct error *err)
{
	int rc = buf_check(&rpc->box.out, err);

	if (rc == 0)
		rc = stream_write(rpc->stream, rpc->box.out.data,
				  rpc->box.out.len, err);
	buf_clear(&rpc->box.out);
	return rc;
}

/* An answer of the broker that the state is not for. */
static int unexpected(const struct rpc *rpc, const struct artemis_packet *p,
		      struct error *err)
{
	return error_set(err, ERROR_INTERNAL,
			 "%s: packet %d while waiting for %s", rpc->peer,
			 p->type, states[rpc->state].waits_for);
}

static int greeted(struct rpc *rpc, const struct artemis_packet *p,
		   struct error *err)
{
	if (p->type != ARTEMIS_SESSION_CREATED)
		return unexpected(rpc, p, err);
	rpc_move(rpc, RPC_QUEUEING);
	rpc_outbox_queue(&rpc->box);
	return rpc_flush(rpc, err);
}

static int queued(struct rpc *rpc, const struct artemis_packet *p,
		  struct error *err)
{
	if (p->type != ARTEMIS_DONE)
		return unexpected(rpc, p, err);
	rpc_move(rpc, RPC_CONSUMING);
	rpc_outbox_consume(&rpc->box);
	return rpc_flush(rpc, err);
}

static int consumed(struct rpc *rpc, const struct artemis_packet *p,
		    struct error *err)
{
	if (p->type != ARTEMIS_QUEUE_ANSWER)
		return unexpected(rpc, p, err);
	rpc_move(rpc, RPC_READY);
	rpc_outbox_start(&rpc->box);
	if (rpc_flush(rpc, err) < 0)
		return -1;
	rpc->events->on_ready(rpc->ctx);
	return 0;
}

/* The two answers to a goodbye: to the consumer's and to the session's. */
static int left(struct rpc *rpc, const struct artemis_packet *p,
		struct error *err)
{
	(void)err;
	if (p->type != ARTEMIS_DONE || ++rpc->goodbyes < RPC_GOODBYES)
		return 0;
	rpc_move(rpc, RPC_CLOSING);
	stream_close(rpc->stream);
	return 0;
}

static int received(struct rpc *rpc, const struct artemis_packet *p,
		    struct error *err)
{
	if (p->type == ARTEMIS_RECEIVE_LARGE || p->type == ARTEMIS_RECEIVE_MORE)
		return error_set(err, ERROR_INTERNAL,
				 "%s: an answer of more than 10 MiB, which is "
				 "not supported",
				 rpc->peer);
	if (p->type != ARTEMIS_RECEIVE)
		return 0;
	arena_clear(&rpc->arena);
	pending_deliver(&rpc->pending, &p->message, &rpc->box, &rpc->arena);
	return 0;
}

static int on_packet(struct rpc *rpc, const struct artemis_packet *p,
		     struct error *err)
{
	bool security = p->code == ARTEMIS_SECURITY;

	if (p->type == ARTEMIS_EXCEPTION)
		return error_set(err, security ? ERROR_INPUT : ERROR_INTERNAL,
				 "%s: refused%s: %s", rpc->peer,
				 security ? " (user, password or permission)"
					  : "",
				 p->text);
	if (p->type == ARTEMIS_DISCONNECT || p->type == ARTEMIS_DISCONNECT_2 ||
	    p->type == ARTEMIS_DISCONNECT_3 ||
	    p->type == ARTEMIS_DISCONNECT_CONSUMER)
		return error_set(err, ERROR_INTERNAL,
				 "%s: the broker closed the session (packet "
				 "%d)",
				 rpc->peer, p->type);
	if (p->channel == ARTEMIS_CHANNEL_PING || !states[rpc->state].on_packet)
		return 0; /* pings, and news of a cluster */
	return states[rpc->state].on_packet(rpc, p, err);
}

static void on_bytes(void *ctx, const uint8_t *bytes, size_t len)
{
	struct rpc *rpc = ctx;
	bool gathered = rpc->in.len > 0;
	struct artemis_packet p;
	struct error err = { 0 };
	size_t at = 0, used;
	int rc = 0;

	rpc->heard_us = clock_mono_us();
	if (gathered) {
		buf_add(&rpc->in, bytes, len);
		rc = buf_check(&rpc->in, &err);
		bytes = rpc->in.data;
		len = rpc->in.len;
	}
	while (rc == 0 && rpc->state < RPC_FAILED) {
		rc = artemis_next(bytes + at, len - at, &p, &used, &err);
		if (rc <= 0)
			break;
		at += used;
		rc = on_packet(rpc, &p, &err);
	}
	if (gathered)
		buf_consume(&rpc->in, at);
	else
		buf_add(&rpc->in, bytes + at, len - at);
	if (rc < 0)
		rpc_fail(rpc, &err);
}

static void on_connected(void *ctx)
{
	struct rpc *rpc = ctx;
	struct error err;

	rpc_move(rpc, RPC_GREETING);
	rpc->heard_us = rpc->pinged_us = clock_mono_us();
	rpc_outbox_greet(&rpc->box, rpc->user, rpc->password);
	if (rpc_flush(rpc, &err) < 0)
		rpc_fail(rpc, &err);
}

static void on_stream_failed(void *ctx, const struct error *err)
{
	rpc_fail(ctx, err);
}

static void on_stream_closed(void *ctx)
{
	struct rpc *rpc = ctx;

	lose_all(rpc, "the session was closed");
	rpc->events->on_closed(rpc->ctx);
	timer_close(rpc->tick);
	buf_release(&rpc->in);
	rpc_outbox_release(&rpc->box);
	arena_release(&rpc->arena);
	explicit_bzero(rpc->password, sizeof(rpc->password));
	free(rpc);
}

static void keep_alive(struct rpc *rpc, int64_t now)
{
	struct error err;
	int rc = 0;

	rpc_outbox_tell_done(&rpc->box);
	if (now - rpc->pinged_us >= PING_US) {
		rpc->pinged_us = now;
		rpc_outbox_ping(&rpc->box);
	}
	if (now - rpc->heard_us > SILENCE_US)
		rc = error_set(&err, ERROR_INTERNAL,
			       "%s: received nothing for %d s", rpc->peer,
			       SILENCE_US / 1000000);
	else if (rpc->box.out.len)
		rc = rpc_flush(rpc, &err);
	if (rc < 0)
		rpc_fail(rpc, &err);
}

/* Calls past their deadline. Observables among them are closed. */
static void expire(struct rpc *rpc, int64_t now)
{
	static const struct rpc_result late = { .status = RPC_TIMEOUT,
						.error_class = "timeout",
						.error_text =
							"no answer in time" };
	struct pending *list = pending_take_until(&rpc->pending, now);

	for (struct pending *p = list; p; p = p->next)
		if (p->kind == PENDING_RESULT)
			rpc_outbox_done(&rpc->box, p->id, p->observable_ms);
	pending_finish_all(list, &late);
}

static void on_tick(void *ctx)
{
	struct rpc *rpc = ctx;
	int64_t now = clock_mono_us();
	struct error err;

	if (states[rpc->state].waits_for && now > rpc->deadline_us) {
		error_set(&err, ERROR_INTERNAL, "%s: no answer: waited for %s",
			  rpc->peer, states[rpc->state].waits_for);
		rpc_fail(rpc, &err);
	}
	expire(rpc, now);
	if (rpc->state == RPC_READY)
		keep_alive(rpc, now);
}

int rpc_open(struct loop *loop, const struct rpc_address *address,
	     const struct rpc_events *events, void *ctx, struct rpc **ret,
	     struct error *err)
{
	static const struct stream_events stream_events = {
		.on_connected = on_connected,
		.on_bytes = on_bytes,
		.on_failed = on_stream_failed,
		.on_closed = on_stream_closed,
	};
	struct rpc *rpc = calloc(1, sizeof(*rpc));

	if (!rpc)
		return error_nomem(err);
	rpc->events = events;
	rpc->ctx = ctx;
	rpc->deadline_us = clock_mono_us() + (int64_t)address->open_ms * 1000;
	snprintf(rpc->user, sizeof(rpc->user), "%s", address->user);
	snprintf(rpc->password, sizeof(rpc->password), "%s", address->password);
	snprintf(rpc->peer, sizeof(rpc->peer), "%s:%u", address->host,
		 address->port);
	buf_init(&rpc->in, ARTEMIS_FRAME_MAX + 128 * 1024);
	arena_init(&rpc->arena, ANSWER_MAX);
	if (rpc_outbox_init(&rpc->box, address->user, err) == 0 &&
	    timer_open(loop, TICK_MS * 1000, TICK_MS * 1000, on_tick, rpc,
		       &rpc->tick, err) == 0) {
		if (stream_open(loop, address->host, address->port,
				address->open_ms, &stream_events, rpc,
				&rpc->stream, err) == 0) {
			*ret = rpc;
			return 0;
		}
		timer_close(rpc->tick);
	}
	free(rpc);
	return -1;
}

void rpc_close(struct rpc *rpc)
{
	if (rpc->state == RPC_READY) {
		rpc_outbox_tell_done(&rpc->box);
		rpc_outbox_goodbye(&rpc->box);
		rpc->deadline_us = clock_mono_us() + GOODBYE_US;
		if (rpc_flush(rpc, NULL) == 0) {
			rpc_move(rpc, RPC_LEAVING);
			return;
		}
	}
	rpc_move(rpc, RPC_CLOSING);
	stream_close(rpc->stream);
}

static int submit(struct rpc *rpc, const char *method, const void *body,
		  size_t len, const struct pending *what, int timeout_ms,
		  struct error *err)
{
	struct pending *p;

	if (rpc->state != RPC_READY)
		return error_set(err, ERROR_INTERNAL, "%s: no session",
				 rpc->peer);
	if (rpc->pending.count >= RPC_OPEN_MAX)
		return error_set(err, ERROR_INTERNAL,
				 "%s: %u calls are waiting already", rpc->peer,
				 rpc->pending.count);
	p = malloc(sizeof(*p));
	if (!p)
		return error_nomem(err);
	*p = *what;
	p->deadline_us = clock_mono_us() + (int64_t)timeout_ms * 1000;
	rpc_outbox_call(&rpc->box, method, body, len, p->id);
	if (rpc_flush(rpc, err) < 0) {
		free(p);
		return -1;
	}
	pending_put(&rpc->pending, p);
	return 0;
}

int rpc_call(struct rpc *rpc, const char *method, const void *body, size_t len,
	     int timeout_ms, rpc_fn fn, void *ctx, struct error *err)
{
	struct pending p = { .kind = PENDING_CALL, .fn = fn, .ctx = ctx };

	return submit(rpc, method, body, len, &p, timeout_ms, err);
}

int rpc_flow(struct rpc *rpc, const void *body, size_t len, int timeout_ms,
	     rpc_fn fn, void *ctx, struct error *err)
{
	struct pending p = { .kind = PENDING_FLOW, .fn = fn, .ctx = ctx };

	return submit(rpc, "startFlowDynamic", body, len, &p, timeout_ms, err);
}
