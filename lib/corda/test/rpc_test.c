/* SPDX-License-Identifier: Apache-2.0 */
/* rpc_test.c - a session against a small broker that says what nodes said. */
#include "corda/rpc.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "corda/call.h"
#include "corda/probe.h"
#include "proto/artemis.h"
#include "test/support/test.h"

/* What the broker does with calls. */
enum mood { ANSWERS, SILENT, REFUSES, HANGS_UP };

struct broker {
	enum mood mood;
	int listener, fd;
	uint16_t port;
	pthread_t thread;
	unsigned calls, goodbyes, observables_closed;
};

/* A message as the broker delivers it: that of a client, another tail. */
static void deliver(struct broker *b, const char *body_file,
		    const struct artemis_property *properties, size_t count)
{
	struct buf body = test_vector(body_file);
	struct buf frame = BUF_INIT(1 << 20);
	struct artemis_outgoing m = { .address = "rpc.client.u.1",
				      .properties = properties,
				      .property_count = count,
				      .body = body.data,
				      .len = body.len };

	artemis_send(&frame, ARTEMIS_CHANNEL_SESSION, &m);
	frame.len--;
	buf_add_be64(&frame, 0);
	buf_add_be32(&frame, 1);
	buf_put_be32(&frame, 0, frame.len - 4);
	frame.data[4] = ARTEMIS_RECEIVE;
	assert_int_equal(write(b->fd, frame.data, frame.len), frame.len);
	buf_release(&body);
	buf_release(&frame);
}

static void answer_call(struct broker *b, const struct artemis_message *m)
{
	char id[64], method[64];
	struct artemis_property p[] = { { "tag", ARTEMIS_PROPERTY_INT, 0, 0 },
					{ "rpc-id", ARTEMIS_PROPERTY_TEXT, 0,
					  id } };
	struct arena a = ARENA_INIT(1 << 24);
	struct call_reply reply;
	struct call_flow flow;
	struct buf handle;

	artemis_property_text(m, "rpc-id", id, sizeof(id));
	artemis_property_text(m, "method-name", method, sizeof(method));
	if (strcmp(method, "startFlowDynamic") != 0) {
		deliver(b, "rpc/4.8/getProtocolVersion.reply.bin", p, 2);
		return;
	}
	handle = test_vector("rpc/4.8/pay.reply.bin");
	call_reply_read(handle.data, handle.len, &a, &reply, NULL);
	call_flow_read(reply.value, &a, &flow, NULL);
	deliver(b, "rpc/4.8/pay.reply.bin", p, 2);
	p[0].number = 1;
	p[1] = (struct artemis_property){ "observable-id",
					  ARTEMIS_PROPERTY_TEXT, 0,
					  flow.observable };
	deliver(b, "rpc/4.8/pay-insufficient.return-0-OnError.bin", p, 2);
	deliver(b, "rpc/4.8/pay.return-1-OnCompleted.bin", p, 2);
	buf_release(&handle);
	arena_release(&a);
}

static void on_send(struct broker *b, const struct artemis_message *m)
{
	if (artemis_property_number(m, "tag", -1) == 1) {
		b->observables_closed++;
		return;
	}
	b->calls++;
	if (b->mood == ANSWERS)
		answer_call(b, m);
	else if (b->mood == HANGS_UP)
		shutdown(b->fd, SHUT_RDWR);
}

/* An answer without fields, but for those given. */
static void say(struct broker *b, int type, uint64_t channel, const char *rest,
		size_t len)
{
	struct buf frame = BUF_INIT(1024);

	buf_add_be32(&frame, 9 + len);
	buf_add_u8(&frame, type);
	buf_add_be64(&frame, channel);
	buf_add(&frame, rest, len);
	assert_int_equal(write(b->fd, frame.data, frame.len), frame.len);
	buf_release(&frame);
}

static void on_packet(struct broker *b, const struct artemis_packet *p)
{
	switch ((int)p->type) {
	case ARTEMIS_CREATE_SESSION:
		if (b->mood == REFUSES)
			say(b, ARTEMIS_EXCEPTION, 1,
			    "\0\0\0\x69\1\0\0\0\2\0n\0o", 13);
		else
			say(b, ARTEMIS_SESSION_CREATED, 1, "\0\0\0\x81", 4);
		break;
	case ARTEMIS_CREATE_QUEUE:
		say(b, ARTEMIS_DONE, 10, NULL, 0);
		break;
	case ARTEMIS_CREATE_CONSUMER:
		say(b, ARTEMIS_QUEUE_ANSWER, 10, "\xff\0", 2);
		break;
	case ARTEMIS_SEND:
		on_send(b, &p->message);
		break;
	case ARTEMIS_CONSUMER_CLOSE:
	case ARTEMIS_SESSION_CLOSE:
		b->goodbyes++;
		say(b, ARTEMIS_DONE, 10, NULL, 0);
		break;
	}
}

static void *serve(void *ctx)
{
	struct broker *b = ctx;
	struct buf in = BUF_INIT(1 << 20);
	struct artemis_packet p;
	size_t used;
	char chunk[1000];
	ssize_t n;

	b->fd = accept(b->listener, NULL, NULL);
	if (read(b->fd, chunk, 7) != 7 || memcmp(chunk, ARTEMIS_HELLO, 7) != 0)
		return NULL;
	while ((n = read(b->fd, chunk, sizeof(chunk))) > 0) {
		buf_add(&in, chunk, n);
		while (artemis_next(in.data, in.len, &p, &used, NULL) == 1) {
			on_packet(b, &p);
			buf_consume(&in, used);
		}
	}
	buf_release(&in);
	close(b->fd);
	return NULL;
}

static void broker_start(struct broker *b, enum mood mood)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t len = sizeof(a);

	*b = (struct broker){ .mood = mood };
	b->listener = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(b->listener, (struct sockaddr *)&a, len), 0);
	assert_int_equal(listen(b->listener, 1), 0);
	getsockname(b->listener, (struct sockaddr *)&a, &len);
	b->port = ntohs(a.sin_port);
	pthread_create(&b->thread, NULL, serve, b);
}

static void broker_stop(struct broker *b)
{
	pthread_join(b->thread, NULL);
	close(b->listener);
}

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
	struct broker b;
	struct client c;

	(void)state;
	broker_start(&b, ANSWERS);
	client_run(&c, b.port, 2000, 2000);
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
	struct broker b;
	struct client c;

	(void)state;
	broker_start(&b, SILENT);
	client_run(&c, b.port, 2000, 150);
	broker_stop(&b);
	assert_false(c.failed);
	assert_int_equal(c.answers, 2);
	assert_int_equal(c.status[0], RPC_TIMEOUT);
	assert_int_equal(c.status[1], RPC_TIMEOUT);
	assert_string_equal(c.error_class[0], "timeout");
}

static void a_refused_password_is_told_as_such(void **state)
{
	struct broker b;
	struct client c;

	(void)state;
	broker_start(&b, REFUSES);
	client_run(&c, b.port, 2000, 150);
	broker_stop(&b);
	assert_false(c.ready);
	assert_true(c.failed);
	assert_non_null(strstr(c.why, "user, password"));
}

static void a_lost_session_answers_all_that_waits(void **state)
{
	struct broker b;
	struct client c;

	(void)state;
	broker_start(&b, HANGS_UP);
	client_run(&c, b.port, 2000, 2000);
	broker_stop(&b);
	assert_true(c.failed);
	assert_int_equal(c.answers, 2);
	assert_int_equal(c.status[0], RPC_LOST);
	assert_int_equal(c.status[1], RPC_LOST);
}

/* A port that takes the connection and never says a word. */
static void a_mute_port_is_given_up(void **state)
{
	struct broker b = { 0 };
	struct client c;

	(void)state;
	broker_start(&b, SILENT);
	pthread_cancel(b.thread);
	broker_stop(&b);
	client_run(&c, b.port, 200, 200);
	assert_true(c.failed);
	assert_false(c.ready);
}

static void a_probe_says_where_it_stopped(void **state)
{
	struct broker b;
	struct probe p;
	struct error err = { 0 };

	(void)state;
	broker_start(&b, SILENT);
	assert_error(probe_node("127.0.0.1", b.port, "u", "p", 300, &p, &err),
		     err, "getProtocolVersion: timeout");
	broker_stop(&b);
	assert_error(probe_node("127.0.0.1", b.port, "u", "p", 300, &p, &err),
		     err, "refused");
	assert_error(probe_node("no-such-host.invalid", 1, "u", "p", 3000, &p,
				&err),
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
