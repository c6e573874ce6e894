/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/rpc-scripts */
/* rpc_fuzz.c - a session with a peer that plays any script: each call has one
 * answer, and the session one end. */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "corda/call.h"
#include "corda/rpc.h"
#include "sys/entropy.h"
#include "test/support/script.h"

/* The corpus has frames of captured sessions, with the ids of random_bytes()
 * below. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const unsigned corpus_step;
const unsigned corpus_step = 2;

enum { CALLS = 2, PATIENT_MS = 60000 };

/* In place of the library's: the ids of calls are the same each time, so that
 * a script can answer them. */
int random_bytes(void *bytes, size_t len, struct error *err)
{
	(void)err;
	memset(bytes, 7, len);
	return 0;
}

struct client {
	struct rpc *rpc;
	unsigned asked, answered;
	bool ready, failed, left, closed;
};

static void must(bool right)
{
	if (!right)
		abort();
}

static void leave(struct client *c)
{
	if (!c->left)
		rpc_close(c->rpc);
	c->left = true;
}

static void on_answer(void *ctx, const struct rpc_result *r)
{
	struct client *c = ctx;

	must(!c->closed && c->answered < c->asked);
	must(r->status == RPC_OK || r->error_class);
	must(!r->flow || strlen(r->flow) == 36);
	if (++c->answered == CALLS && r->status != RPC_LOST)
		leave(c);
}

static void on_ready(void *ctx)
{
	cleanup(buf_release) struct buf body = BUF_INIT(1000);
	struct client *c = ctx;

	must(!c->ready && !c->failed && !c->closed);
	c->ready = true;
	call_nothing(&body);
	if (rpc_call(c->rpc, "getProtocolVersion", body.data, body.len,
		     PATIENT_MS, on_answer, c, NULL) == 0)
		c->asked++;
	if (rpc_flow(c->rpc, body.data, body.len, PATIENT_MS, on_answer, c,
		     NULL) == 0)
		c->asked++;
}

static void on_failed(void *ctx, const struct error *err)
{
	struct client *c = ctx;

	must(!c->failed && !c->left && !c->closed);
	must(err->kind && err->text[0]);
	c->failed = true;
	leave(c);
}

static void on_closed(void *ctx)
{
	struct client *c = ctx;

	must(!c->closed && c->left);
	c->closed = true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct rpc_events events = { on_ready, on_failed,
						  on_closed };
	struct script peer;
	struct client c = { 0 };
	struct loop *loop;

	script_start(&peer, data, size);
	must(loop_new(&loop, NULL) == 0);
	must(rpc_open(loop,
		      &(const struct rpc_address){ "127.0.0.1", peer.port, "u",
						   "p", PATIENT_MS },
		      &events, &c, &c.rpc, NULL) == 0);
	loop_run(loop);
	loop_free(loop);
	script_stop(&peer);
	must(c.closed && c.answered == c.asked);
	return 0;
}
