/* SPDX-License-Identifier: Apache-2.0 */
/* probe.c - asks a node over RPC whether it is ready for traffic. */
#include "corda/probe.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "corda/call.h"
#include "corda/rpc.h"
#include "sys/clock.h"
#include "sys/interrupt.h"

enum { LOOK_MS = 200 };

struct probe_call {
	probe_fn fn; /* NULL: cancelled */
	void *ctx;
	struct rpc *rpc;
	bool closing;
	int64_t deadline_us;
	unsigned next; /* question */
	struct probe answers;
	int rc;
	struct error err; /* of rc */
};

static void take_platform(struct probe *p, const struct amqp_value *v)
{
	p->platform = amqp_int(v, 0);
}

static void take_map(struct probe *p, const struct amqp_value *v)
{
	p->map_size = amqp_count(v);
	for (unsigned i = 0; i < p->map_size; i++) {
		int64_t platform =
			amqp_int(amqp_get(amqp_at(v, i), "platformVersion"), 0);

		if (platform > 0 && platform < PROBE_PLATFORMS)
			p->platforms[platform]++;
	}
}

static void take_flows(struct probe *p, const struct amqp_value *v)
{
	p->flows = amqp_count(v);
}

static const struct {
	const char *method;
	void (*take)(struct probe *p, const struct amqp_value *v);
} questions[] = {
	{ "getProtocolVersion", take_platform },
	{ "networkMapSnapshot", take_map },
	{ "registeredFlows", take_flows },
};

static void leave(struct probe_call *a)
{
	if (!a->closing)
		rpc_close(a->rpc);
	a->closing = true;
}

static void ask(struct probe_call *a);

static void on_answer(void *ctx, const struct rpc_result *r)
{
	struct probe_call *a = ctx;
	const char *method = questions[a->next].method;

	if (r->status == RPC_LOST)
		return; /* on_failed says why */
	if (r->status != RPC_OK) {
		a->rc = error_set(&a->err, ERROR_INTERNAL, "%s: %s: %s", method,
				  r->error_class,
				  r->error_text ? r->error_text : "no text");
	} else {
		questions[a->next++].take(&a->answers, r->value);
		if (a->next < ARRAY_SIZE(questions)) {
			ask(a);
			return;
		}
		a->rc = 0;
	}
	leave(a);
}

static void ask(struct probe_call *a)
{
	cleanup(buf_release) struct buf body = BUF_INIT(4096);
	int64_t left_ms = (a->deadline_us - clock_mono_us()) / 1000;

	call_nothing(&body);
	a->rc = buf_check(&body, &a->err);
	if (a->rc == 0)
		a->rc = rpc_call(a->rpc, questions[a->next].method, body.data,
				 body.len, left_ms > 0 ? left_ms : 0, on_answer,
				 a, &a->err);
	if (a->rc < 0)
		leave(a);
}

static void on_ready(void *ctx)
{
	ask(ctx);
}

static void on_failed(void *ctx, const struct error *err)
{
	struct probe_call *a = ctx;

	a->err = *err;
	a->rc = -1;
	leave(a);
}

static void on_closed(void *ctx)
{
	struct probe_call *a = ctx;

	if (a->fn)
		a->fn(a->ctx, a->rc == 0 ? &a->answers : NULL, &a->err);
	free(a);
}

int probe_start(struct loop *loop, const char *host, uint16_t port,
		const char *user, const char *password, int timeout_ms,
		probe_fn fn, void *ctx, struct probe_call **ret,
		struct error *err)
{
	static const struct rpc_events events = { on_ready, on_failed,
						  on_closed };
	const struct rpc_address address = { host, port, user, password,
					     timeout_ms };
	struct probe_call *a = calloc(1, sizeof(*a));

	if (!a)
		return error_nomem(err);
	a->fn = fn;
	a->ctx = ctx;
	a->rc = -1;
	a->deadline_us = clock_mono_us() + (int64_t)timeout_ms * 1000;
	if (rpc_open(loop, &address, &events, a, &a->rpc, err) < 0) {
		free(a);
		return -1;
	}
	*ret = a;
	return 0;
}

void probe_cancel(struct probe_call *a)
{
	a->fn = NULL;
	leave(a);
}

/* ---- blocking ---- */

struct asking {
	struct loop *loop;
	struct probe_call *call;
	struct probe *ret;
	struct error *err;
	int rc;
};

static void on_probed(void *ctx, const struct probe *answer,
		      const struct error *why)
{
	struct asking *a = ctx;

	a->call = NULL;
	if (answer)
		*a->ret = *answer;
	else if (a->err)
		*a->err = *why;
	a->rc = answer ? 0 : -1;
	loop_stop(a->loop);
}

static void look(void *ctx)
{
	struct asking *a = ctx;

	if (interrupted() && a->call)
		leave(a->call);
}

int probe_node(const char *host, uint16_t port, const char *user,
	       const char *password, int timeout_ms, struct probe *ret,
	       struct error *err)
{
	cleanup(loop_freep) struct loop *loop = NULL;
	struct asking a = { .ret = ret, .err = err, .rc = -1 };
	struct timer *timer;

	if (loop_new(&loop, err) < 0)
		return -1;
	a.loop = loop;
	if (timer_open(loop, LOOK_MS * 1000, LOOK_MS * 1000, look, &a, &timer,
		       err) < 0)
		return -1;
	if (probe_start(loop, host, port, user, password, timeout_ms, on_probed,
			&a, &a.call, err) == 0)
		loop_run(loop);
	timer_close(timer);
	if (interrupt_check(err) < 0)
		return -1;
	return a.rc;
}
