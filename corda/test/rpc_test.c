/* SPDX-License-Identifier: Apache-2.0 */
/* rpc_test.c - a session against a small broker that says what nodes said. */
#include "corda/rpc.h"

#include "corda/call.h"
#include "corda/probe.h"
#include "test/support/broker.h"
#include "test/support/test.h"

enum { PATIENT_MS = 60000 }; /* where no time is to run out */

/* A client that makes one call and one flow when it is ready. */
struct client {
	struct rpc *rpc;
	int timeout_ms;
	bool ready, failed, closed, gone;
	unsigned answers;
	enum rpc_status status[2];
	char error_class[2][100], flow[FLOW_ID_TEXT], why[1024];
	int64_t value;
};

static void client_leave(struct client *c)
{
	if (!c->gone)
		rpc_close(c->rpc);
	c->gone = true;
}

static void on_answer(void *ctx, const struct rpc_result *r)
{
	struct client *c = ctx;

	assert_false(c->closed);
	assert_true(c->answers < 2);
	c->status[c->answers] = r->status;
	snprintf(c->error_class[c->answers], 100, "%s",
		 r->error_class ? r->error_class : "");
	snprintf(c->flow, sizeof(c->flow), "%s", r->flow ? r->flow : "");
	if (c->answers == 0)
		c->value = amqp_int(r->value, -1);
	if (++c->answers == 2 && !c->failed && r->status != RPC_LOST)
		client_leave(c);
}

static void on_ready(void *ctx)
{
	struct client *c = ctx;
	struct buf body = BUF_INIT(1000);
	struct error err = { 0 };

	c->ready = true;
	call_nothing(&body);
	assert_ok(rpc_call(c->rpc, "getProtocolVersion", body.data, body.len,
			   c->timeout_ms, on_answer, c, &err),
		  err);
	assert_ok(rpc_flow(c->rpc, body.data, body.len, c->timeout_ms,
			   on_answer, c, &err),
		  err);
	buf_release(&body);
}

static void on_failed(void *ctx, const struct error *err)
{
	struct client *c = ctx;

	assert_false(c->failed);
	c->failed = true;
	snprintf(c->why, sizeof(c->why), "%s", err->text);
	client_leave(c);
}

static void on_closed(void *ctx)
{
	struct client *c = ctx;

	assert_false(c->closed);
	c->closed = true;
}

static void client_run(struct client *c, uint16_t port, int open_ms,
		       int timeout_ms)
{
	static const struct rpc_events events = { on_ready, on_failed,
						  on_closed };
	const struct rpc_address address = { "127.0.0.1", port, "u", "p",
					     open_ms };
	struct loop *loop;
	struct error err = { 0 };

	*c = (struct client){ .timeout_ms = timeout_ms };
	assert_ok(loop_new(&loop, &err), err);
	assert_ok(rpc_open(loop, &address, &events, c, &c->rpc, &err), err);
	loop_run(loop);
	loop_free(loop);
	assert_true(c->closed);
}

static void calls_and_follows_a_flow_to_its_end(void **state)
{
	struct broker b = { .mood = BROKER_ANSWERS, .poor = 1 };
	struct client c;

	(void)state;
	broker_start(&b);
	client_run(&c, b.port, PATIENT_MS, PATIENT_MS);
	broker_stop(&b);
	assert_false(c.failed);
	assert_int_equal(c.answers, 2);
	assert_int_equal(c.status[0], RPC_OK);
	assert_int_equal(c.value, 10);
	assert_int_equal(c.status[1], RPC_FLOW_FAILED);
	assert_string_equal(c.error_class[1],
			    "net.corda.finance.flows.CashException");
	assert_int_equal(strlen(c.flow), 36);
	assert_int_equal(b.calls, 2);
	assert_int_equal(b.observables_closed, 1);
	assert_int_equal(b.goodbyes, 2);
}

static void a_silent_node_runs_into_deadlines(void **state)
{
	struct broker b = { .mood = BROKER_SILENT };
	struct client c;

	(void)state;
	broker_start(&b);
	client_run(&c, b.port, PATIENT_MS, 150);
	broker_stop(&b);
	assert_false(c.failed);
	assert_int_equal(c.answers, 2);
	assert_int_equal(c.status[0], RPC_TIMEOUT);
	assert_int_equal(c.status[1], RPC_TIMEOUT);
	assert_string_equal(c.error_class[0], "timeout");
}

static void a_refused_password_is_told_as_such(void **state)
{
	struct broker b = { .mood = BROKER_REFUSES };
	struct client c;

	(void)state;
	broker_start(&b);
	client_run(&c, b.port, PATIENT_MS, 150);
	broker_stop(&b);
	assert_false(c.ready);
	assert_true(c.failed);
	assert_non_null(strstr(c.why, "user, password"));
}

static void a_lost_session_answers_all_that_waits(void **state)
{
	struct broker b = { .mood = BROKER_HANGS_UP };
	struct client c;

	(void)state;
	broker_start(&b);
	client_run(&c, b.port, PATIENT_MS, PATIENT_MS);
	broker_stop(&b);
	assert_true(c.failed);
	assert_int_equal(c.answers, 2);
	assert_int_equal(c.status[0], RPC_LOST);
	assert_int_equal(c.status[1], RPC_LOST);
}

static void a_mute_port_is_given_up(void **state)
{
	struct broker b = { .mood = BROKER_MUTE };
	struct client c;

	(void)state;
	broker_start(&b);
	client_run(&c, b.port, 1000, PATIENT_MS);
	broker_stop(&b);
	assert_true(c.failed);
	assert_false(c.ready);
	assert_non_null(strstr(c.why, "waited for a session"));
}

static void a_probe_says_where_it_stopped(void **state)
{
	struct broker b = { .mood = BROKER_SILENT };
	struct probe p;
	struct error err = { 0 };

	(void)state;
	broker_start(&b);
	assert_error(probe_node("127.0.0.1", b.port, "u", "p", 1000, &p, &err),
		     err, "getProtocolVersion: timeout");
	broker_stop(&b);
	assert_error(probe_node("127.0.0.1", b.port, "u", "p", 1000, &p, &err),
		     err, "refused");
	assert_error(probe_node("no-such-host.invalid", 1, "u", "p", PATIENT_MS,
				&p, &err),
		     err, "connecting to no-such-host.invalid");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_and_follows_a_flow_to_its_end),
		cmocka_unit_test(a_silent_node_runs_into_deadlines),
		cmocka_unit_test(a_refused_password_is_told_as_such),
		cmocka_unit_test(a_lost_session_answers_all_that_waits),
		cmocka_unit_test(a_mute_port_is_given_up),
		cmocka_unit_test(a_probe_says_where_it_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
