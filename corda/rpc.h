/* SPDX-License-Identifier: Apache-2.0 */
/* rpc.h - an RPC session with a Corda node: calls, flows, their results. */
#ifndef CORDA_RPC_H
#define CORDA_RPC_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "net/loop.h"
#include "proto/amqp.h"

/*
 * A session is one connection with any number of calls at once. Answers belong
 * to calls by id. The bytes are the same for every release. A node may ignore a
 * bad request without an answer, so each call has a deadline.
 *
 * A session is closed once, by its owner, with rpc_close(); no callback comes
 * before rpc_open() has returned, none after on_closed. Every accepted call
 * (rpc_call() or rpc_flow() returned 0) gets exactly one callback, before
 * on_closed.
 */
struct rpc;

struct rpc_address {
	const char *host;
	uint16_t port;
	const char *user, *password;
	int open_ms; /* bound from connecting to ready */
};

struct rpc_events {
	void (*on_ready)(void *ctx);
	/* Called once, if the session could not be opened or broke. The owner
	 * then closes it. ERROR_INPUT: user or password are wrong; another try
	 * would fail too. */
	void (*on_failed)(void *ctx, const struct error *err);
	void (*on_closed)(void *ctx);
};

/* Copies everything except `events`. */
int rpc_open(struct loop *loop, const struct rpc_address *address,
	     const struct rpc_events *events, void *ctx, struct rpc **ret,
	     struct error *err);
/* Closes an open session in order, and waits at most a second for that. */
void rpc_close(struct rpc *rpc);

enum rpc_status {
	RPC_OK, /* `value` is the answer, or the flow's result */
	RPC_REFUSED, /* the call failed in the node: nothing was started */
	RPC_FLOW_FAILED, /* the flow started and failed */
	RPC_TIMEOUT, /* no answer before the deadline: the outcome is unknown */
	RPC_LOST, /* the session broke: the outcome is unknown */
	RPC_UNREADABLE /* the answer cannot be read */
};

struct rpc_result {
	enum rpc_status status;
	const struct amqp_value *value; /* RPC_OK; borrowed for the call */
	const char *error_class; /* unless RPC_OK; medley's own word if the node
				  * named no class */
	const char *error_text; /* may be NULL */
	const char *flow; /* id, once the node has given one, else NULL */
};

typedef void (*rpc_fn)(void *ctx, const struct rpc_result *result);

/* The largest number of waiting calls in one session. */
enum { RPC_OPEN_MAX = 4096 };

/* -1 if nothing was sent: the session is not ready, has too many calls, or
 * there is no memory. */
int rpc_call(struct rpc *rpc, const char *method, const void *body, size_t len,
	     int timeout_ms, rpc_fn fn, void *ctx, struct error *err);
/* startFlowDynamic; the result is that of the flow, not its handle. */
int rpc_flow(struct rpc *rpc, const void *body, size_t len, int timeout_ms,
	     rpc_fn fn, void *ctx, struct error *err);

#endif
