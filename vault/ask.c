/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ask.c - asks nodes over RPC what cash their vaults hold.
 *
 * Happy path: a session with each node opens, the node is asked once, it
 * answers, the session is closed; the loop ends with the last of them. What
 * goes wrong: a session cannot be opened or breaks, the node refuses the call,
 * is silent until the deadline, or answers what cannot be read. Then the reason
 * is kept, and the session is closed likewise. An interrupt closes all of them.
 */
#include "vault/ask.h"

#include <stdio.h>

#include "base/cleanup.h"
#include "corda/rpc.h"
#include "sys/clock.h"
#include "sys/interrupt.h"

enum { LOOK_US = 200 * 1000, BODY_MAX = 16 * 1024 };

struct asking {
	struct loop *loop;
	struct arena *arena;
	struct question {
		struct asking *all;
		struct asked *asked;
		struct rpc *rpc; /* NULL: there is none */
		bool closing;
	} *questions;
	size_t count, open;
	int64_t began_us;
	int timeout_ms;
	bool no_memory;
};

static void leave(struct question *q)
{
	if (!q->closing)
		rpc_close(q->rpc);
	q->closing = true;
}

static int spent_ms(const struct asking *all)
{
	return (int)((clock_mono_us() - all->began_us) / 1000);
}

/* Only the first reason counts. */
static void give_up(struct question *q, const char *what, const char *text)
{
	struct asked *a = q->asked;

	if (a->answered || a->why)
		return;
	a->why = arena_printf(q->all->arena, "%s%s%s", what, text ? ": " : "",
			      text ? text : "");
	a->seconds = spent_ms(q->all) / 1000.0;
	q->all->no_memory |= !a->why;
}

static void give_up_waiting(struct question *q)
{
	char text[64];

	snprintf(text, sizeof(text), "no answer in %d s",
		 (q->all->timeout_ms + 999) / 1000);
	give_up(q, text, NULL);
}

static void on_answer(void *ctx, const struct rpc_result *r)
{
	struct question *q = ctx;
	struct asked *a = q->asked;
	struct error why = { 0 };

	if (r->status == RPC_LOST)
		return; /* on_failed() says why */
	if (r->status == RPC_TIMEOUT) {
		give_up_waiting(q);
	} else if (r->status != RPC_OK) {
		give_up(q, r->error_class, r->error_text);
	} else if (cash_sums_read(r->value, q->all->arena, &a->sums,
				  &a->sum_count, &why) < 0) {
		give_up(q, "its answer cannot be read", why.text);
	} else {
		a->answered = true;
		a->seconds = spent_ms(q->all) / 1000.0;
	}
	leave(q);
}

static void on_ready(void *ctx)
{
	cleanup(buf_release) struct buf body = BUF_INIT(BODY_MAX);
	struct question *q = ctx;
	const int left_ms = q->all->timeout_ms - spent_ms(q->all);
	struct error why = { 0 };

	call_cash_sums(&body);
	if (buf_check(&body, &why) == 0 &&
	    rpc_call(q->rpc, CASH_SUMS_METHOD, body.data, body.len,
		     left_ms > 0 ? left_ms : 0, on_answer, q, &why) == 0)
		return;
	give_up(q, why.text, NULL);
	leave(q);
}

static void on_failed(void *ctx, const struct error *err)
{
	struct question *q = ctx;

	if (spent_ms(q->all) >= q->all->timeout_ms)
		give_up_waiting(q);
	give_up(q, err->text, NULL);
	leave(q);
}

static void on_closed(void *ctx)
{
	struct question *q = ctx;

	q->closing = true;
	if (--q->all->open == 0)
		loop_stop(q->all->loop);
}

static void look(void *ctx)
{
	struct asking *all = ctx;

	for (size_t i = 0; interrupted() && i < all->count; i++)
		if (all->questions[i].rpc)
			leave(&all->questions[i]);
}

static void open_session(struct question *q, const struct secrets *secrets)
{
	static const struct rpc_events events = { on_ready, on_failed,
						  on_closed };
	struct asking *all = q->all;
	const struct endpoint *at = &q->asked->at;
	const struct rpc_address address = { at->host, at->port,
					     secrets->rpc_user,
					     secrets->rpc_password,
					     all->timeout_ms };
	struct error why = { 0 };

	if (!at->host)
		give_up(q, "the node was not running", NULL);
	else if (rpc_open(all->loop, &address, &events, q, &q->rpc, &why) < 0)
		give_up(q, why.text, NULL);
	else
		all->open++;
}

static int ask_on(struct asking *all, struct asked *list,
		  const struct secrets *secrets, struct error *err)
{
	struct timer *timer;

	if (timer_open(all->loop, LOOK_US, LOOK_US, look, all, &timer, err) < 0)
		return -1;
	for (size_t i = 0; i < all->count; i++) {
		list[i].answered = false;
		list[i].why = NULL;
		all->questions[i] =
			(struct question){ .all = all, .asked = &list[i] };
		open_session(&all->questions[i], secrets);
	}
	if (all->open)
		loop_run(all->loop);
	timer_close(timer);
	if (interrupt_check(err) < 0)
		return -1;
	return all->no_memory ? error_nomem(err) : 0;
}

int ask_nodes(struct asked *list, size_t count, const struct secrets *secrets,
	      int timeout_ms, struct arena *arena, struct error *err)
{
	cleanup(loop_freep) struct loop *loop = NULL;
	struct asking all = { .arena = arena,
			      .count = count,
			      .began_us = clock_mono_us(),
			      .timeout_ms = timeout_ms };

	all.questions = arena_array(arena, count, sizeof(*all.questions));
	if (!all.questions)
		return error_nomem(err);
	if (loop_new(&loop, err) < 0)
		return -1;
	all.loop = loop;
	return ask_on(&all, list, secrets, err);
}
