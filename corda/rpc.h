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
 * One connection, any number of calls at once: answers find their call by id
 * alone. It serves every release, the bytes are the same. A node may answer a
 * bad request with silence, so each call has a deadline.
 *
 * A session is closed once, by its owner, with rpc_close(); no callback comes
 * before rpc_open() has returned, none after on_closed. Every call that was
 * taken (rpc_call(), rpc_flow() gave 0) is answered exactly once, before
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
	/* Once: it could not be opened, or it broke. The owner closes.
	 * ERROR_INPUT: user or password are wrong, trying again is no use. */
	void (*on_failed)(void *ctx, const struct error *err);
	void (*on_closed)(void *ctx);
};

/* What is pointed to is copied, but for `events`. */
int rpc_open(struct loop *loop, const struct rpc_address *address,
	     const struct rpc_events *events, void *ctx, struct rpc **ret,
	     struct error *err);
/* Says goodbye if there is a session, waiting at most a second. */
void rpc_close(struct rpc *rpc);

enum rpc_status {
	RPC_OK, /* `value` is the answer, or the flow's result */
	RPC_REFUSED, /* the call failed in the node: nothing was started */
	RPC_FLOW_FAILED, /* the flow started and failed */
	RPC_TIMEOUT, /* no answer by the deadline: what became of it? */
	RPC_LOST, /* the session broke: what became of it? */
	RPC_UNREADABLE /* an answer came that we do not understand */
};

struct rpc_result {
	enum rpc_status status;
	const struct amqp_value *value; /* RPC_OK; borrowed for the call */
	const char *error_class; /* not RPC_OK; a word of ours if no class */
	const char *error_text; /* may be NULL */
	const char *flow; /* id, once the node has given one, else NULL */
};

typedef void (*rpc_fn)(void *ctx, const struct rpc_result *result);

/* Calls waiting in one session; more are not taken. */
enum { RPC_OPEN_MAX = 4096 };

/* -1 when nothing was sent: not ready, too many calls, or out of memory. */
int rpc_call(struct rpc *rpc, const char *method, const void *body, size_t len,
	     int timeout_ms, rpc_fn fn, void *ctx, struct error *err);
/* startFlowDynamic; the result is that of the flow, not its handle. */
int rpc_flow(struct rpc *rpc, const void *body, size_t len, int timeout_ms,
	     rpc_fn fn, void *ctx, struct error *err);

#endif
