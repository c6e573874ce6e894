/* SPDX-License-Identifier: Apache-2.0 */
/* rpc_outbox.h - the frames that a client sends to a node's RPC. */
#ifndef CORDA_RPC_OUTBOX_H
#define CORDA_RPC_OUTBOX_H

#include <stdint.h>

#include "base/buf.h"
#include "corda/call.h"

/*
 * Only for corda/: the names and numbers of one session, and the frames that it
 * sends. Frames are added to `out`; the code that moves bytes takes them from
 * there.
 *
 * A node ignores a message with a number that it has seen, without an answer.
 * So each message gets the next number, also those that are not calls.
 */
struct rpc_outbox {
	struct buf out;
	char queue[200]; /* the queue for answers */
	char session[FLOW_ID_TEXT];
	int64_t session_ms;
	int64_t sequence; /* of the next message */
	uint64_t calls; /* so far */
	uint8_t seed[16]; /* of the ids of calls */
	struct buf done; /* observables to report as done */
	unsigned done_count;
};

/* Draws ids and the queue's name. */
int rpc_outbox_init(struct rpc_outbox *box, const char *user,
		    struct error *err);
void rpc_outbox_release(struct rpc_outbox *box);

void rpc_outbox_greet(struct rpc_outbox *box, const char *user,
		      const char *password);
void rpc_outbox_queue(struct rpc_outbox *box);
void rpc_outbox_consume(struct rpc_outbox *box);
/* Credit without limit: the session reads all the time. */
void rpc_outbox_start(struct rpc_outbox *box);
void rpc_outbox_ping(struct rpc_outbox *box);
/* The broker confirms it with RPC_GOODBYES packets. */
enum { RPC_GOODBYES = 2 };
void rpc_outbox_goodbye(struct rpc_outbox *box);

/* A call of `method`; its new id in `ret_id`. */
void rpc_outbox_call(struct rpc_outbox *box, const char *method,
		     const void *body, size_t len, char ret_id[FLOW_ID_TEXT]);
/* Remembers that nobody needs this observable any more … */
void rpc_outbox_done(struct rpc_outbox *box, const char *id, int64_t ms);
/* … and reports those that were remembered, if there are any. */
void rpc_outbox_tell_done(struct rpc_outbox *box);

#endif
