/* SPDX-License-Identifier: Apache-2.0 */
/* pending.h - the waiting calls of an RPC session, found by id. */
#ifndef CORDA_PENDING_H
#define CORDA_PENDING_H

#include <stdint.h>

#include "corda/call.h"
#include "corda/rpc.h"
#include "corda/rpc_outbox.h"
#include "proto/artemis.h"

/* Inside corda/. A flow waits twice: for its handle under the id of the
 * call, then for its result under the id of the observable. */
enum pending_kind { PENDING_CALL, PENDING_FLOW, PENDING_RESULT };

struct pending {
	struct pending *next; /* in its bucket, or in a list taken out */
	enum pending_kind kind;
	char id[64];
	int64_t observable_ms; /* PENDING_RESULT */
	int64_t deadline_us; /* monotonic */
	char flow[FLOW_ID_TEXT]; /* empty until known */
	rpc_fn fn;
	void *ctx;
};

enum { PENDING_BUCKETS = 512 };

struct pending_table {
	struct pending *buckets[PENDING_BUCKETS];
	unsigned count;
};

/* Takes over `p`. */
void pending_put(struct pending_table *t, struct pending *p);
/* Takes out and hands over; NULL if there is none. */
struct pending *pending_take(struct pending_table *t, const char *id);
/* Takes out all with a deadline at or before `until_us`, as a list. */
struct pending *pending_take_until(struct pending_table *t, int64_t until_us);

/* Calls the callback and frees; pending_finish_all() does so for a list. */
void pending_finish(struct pending *p, const struct rpc_result *result);
void pending_finish_all(struct pending *list, const struct rpc_result *result);

/* Delivers a message of the node to the call that waits for it. A started flow
 * stays in the table and now waits for its result. Values live in `arena`.
 * Messages without a waiting call are dropped: the deadline of the call has
 * passed. */
void pending_deliver(struct pending_table *t, const struct artemis_message *m,
		     struct rpc_outbox *box, struct arena *arena);

#endif
