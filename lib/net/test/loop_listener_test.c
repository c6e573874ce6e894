/* SPDX-License-Identifier: Apache-2.0 */
/* loop_listener_test.c - both ends of streams: half-close, pause, a thousand.
 */
#include <stdlib.h>
#include <sys/resource.h>

#include "net/loop.h"
#include "test/support/test.h"

enum {
	PATIENT_MS = 60000,
	CLIENTS = 1000,
	BLOCK = 64 * 1024,
	BLOCKS = 400, /* 25 MiB: more than the kernel takes of one stream */
	LATER_US = 50000
};

/* One end of a connection. */
struct end {
	struct stream *stream;
	struct both *both;
	size_t bytes;
	unsigned ends, failed, closed, drained;
};

/* A listener, and what becomes of the connections. */
struct both {
	struct loop *loop;
	struct listener *listener;
	struct timer *timer;
	struct end client, server;
	struct end *many; /* of the thousand: clients, then servers */
	unsigned accepted, gone;
	size_t early; /* bytes that came while the server's end was paused */
};

static void on_closed(void *ctx)
{
	struct end *e = ctx;

	e->closed++;
}

static void on_failed(void *ctx, const struct error *err)
{
	struct end *e = ctx;

	(void)err;
	e->failed++;
	stream_close(e->stream);
}

static void on_bytes(void *ctx, const uint8_t *bytes, size_t len)
{
	struct end *e = ctx;

	(void)bytes;
	e->bytes += len;
}

static void on_nothing(void *ctx)
{
	(void)ctx;
}

static void both_open(struct both *b, void (*on_connection)(void *ctx))
{
	struct error err = { 0 };

	*b = (struct both){ .client.both = b, .server.both = b };
	assert_ok(loop_new(&b->loop, &err), err);
	assert_ok(listener_open(b->loop, "127.0.0.1", 0, on_connection, b,
				&b->listener, &err),
		  err);
}

static void connect_to(struct both *b, const struct stream_events *events,
		       struct end *e)
{
	struct error err = { 0 };

	assert_ok(stream_open(b->loop, "127.0.0.1", listener_port(b->listener),
			      PATIENT_MS, events, e, &e->stream, &err),
		  err);
}

/* ---- half-close ---- */

/* The client says all it has and ends; it hears the answer all the same. */
static void ask_and_end(void *ctx)
{
	struct end *e = ctx;
	struct error err = { 0 };

	assert_ok(stream_write(e->stream, "question", 8, &err), err);
	stream_end(e->stream);
	assert_error(stream_write(e->stream, "x", 1, &err), err,
		     "not connected");
}

static void on_answered(void *ctx)
{
	struct end *e = ctx;

	e->ends++;
	stream_close(e->stream);
}

/* The end of the question has come: the answer, and an end of our own. */
static void answer_and_end(void *ctx)
{
	static const char block[BLOCK];
	struct end *e = ctx;
	struct error err = { 0 };

	e->ends++;
	assert_int_equal(e->bytes, 8);
	for (int i = 0; i < 100; i++)
		assert_ok(stream_write(e->stream, block, BLOCK, &err), err);
	assert_int_equal(stream_unsent(e->stream), 100 * BLOCK);
	stream_end(e->stream);
}

static void on_drained(void *ctx)
{
	struct end *e = ctx;

	e->drained++;
	assert_int_equal(stream_unsent(e->stream), 0);
	stream_close(e->stream);
}

static const struct stream_events answering = { .on_bytes = on_bytes,
						.on_failed = on_failed,
						.on_closed = on_closed,
						.on_end = answer_and_end,
						.on_drained = on_drained };

static void accept_answering(void *ctx)
{
	struct both *b = ctx;
	struct error err = { 0 };

	assert_ok(listener_accept(b->listener, &answering, &b->server,
				  &b->server.stream, &err),
		  err);
	listener_close(b->listener);
}

static void an_answer_comes_after_the_end_of_the_question(void **state)
{
	static const struct stream_events asking = { .on_connected =
							     ask_and_end,
						     .on_bytes = on_bytes,
						     .on_failed = on_failed,
						     .on_closed = on_closed,
						     .on_end = on_answered };
	struct both b;

	(void)state;
	both_open(&b, accept_answering);
	connect_to(&b, &asking, &b.client);
	loop_run(b.loop);
	assert_int_equal(b.client.bytes, 100 * BLOCK);
	assert_int_equal(b.client.ends, 1);
	assert_int_equal(b.server.ends, 1);
	assert_int_equal(b.server.drained, 1);
	assert_int_equal(b.client.failed + b.server.failed, 0);
	assert_int_equal(b.client.closed + b.server.closed, 2);
	loop_free(b.loop);
}

/* ---- pause and resume ---- */

static void write_all(void *ctx)
{
	static const char block[BLOCK];
	struct end *e = ctx;
	struct error err = { 0 };

	for (int i = 0; i < BLOCKS; i++)
		assert_ok(stream_write(e->stream, block, BLOCK, &err), err);
	stream_end(e->stream);
}

static void resume(void *ctx)
{
	struct both *b = ctx;

	/* The pipe is full: the rest waits here. */
	assert_true(stream_unsent(b->client.stream) > 0);
	b->early = b->server.bytes;
	stream_resume(b->server.stream);
	timer_close(b->timer);
}

static void on_all_read(void *ctx)
{
	struct end *e = ctx;

	e->ends++;
	/* Nothing comes twice. */
	stream_pause(e->stream);
	stream_resume(e->stream);
	stream_close(e->stream);
	stream_close(e->both->client.stream);
}

static void accept_paused(void *ctx)
{
	static const struct stream_events reading = { .on_bytes = on_bytes,
						      .on_failed = on_failed,
						      .on_closed = on_closed,
						      .on_end = on_all_read };
	struct both *b = ctx;
	struct error err = { 0 };

	assert_ok(listener_accept(b->listener, &reading, &b->server,
				  &b->server.stream, &err),
		  err);
	stream_pause(b->server.stream);
	assert_ok(timer_open(b->loop, LATER_US, 0, resume, b, &b->timer, &err),
		  err);
	listener_close(b->listener);
}

static void a_paused_stream_reads_nothing_and_loses_nothing(void **state)
{
	static const struct stream_events writing = { .on_connected = write_all,
						      .on_bytes = on_bytes,
						      .on_failed = on_failed,
						      .on_closed = on_closed };
	struct both b;

	(void)state;
	both_open(&b, accept_paused);
	connect_to(&b, &writing, &b.client);
	loop_run(b.loop);
	assert_int_equal(b.early, 0);
	assert_int_equal(b.server.bytes, (size_t)BLOCKS * BLOCK);
	assert_int_equal(b.server.ends, 1);
	assert_int_equal(b.client.failed + b.server.failed, 0);
	assert_int_equal(b.client.closed + b.server.closed, 2);
	loop_free(b.loop);
}

/* ---- a thousand ---- */

static void greet(void *ctx)
{
	struct end *e = ctx;
	struct error err = { 0 };

	assert_ok(stream_write(e->stream, "x", 1, &err), err);
}

/* A server's end hears the greeting; then it goes, and so does the client's. */
static void on_greeting(void *ctx, const uint8_t *bytes, size_t len)
{
	struct end *e = ctx;

	on_bytes(ctx, bytes, len);
	stream_close(e->stream);
	if (++e->both->gone == CLIENTS)
		listener_close(e->both->listener);
}

static void accept_one_of_many(void *ctx)
{
	static const struct stream_events greeted = { .on_bytes = on_greeting,
						      .on_failed = on_failed,
						      .on_closed = on_closed };
	struct both *b = ctx;
	struct end *e = &b->many[CLIENTS + b->accepted++];
	struct error err = { 0 };

	assert_in_range(b->accepted, 1, CLIENTS);
	assert_ok(listener_accept(b->listener, &greeted, e, &e->stream, &err),
		  err);
}

/* Two descriptors each. */
static bool may_open_many(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	return limit.rlim_cur >= 2 * CLIENTS + 64;
}

static void a_thousand_connect_at_once(void **state)
{
	static const struct stream_events greeting = { .on_connected = greet,
						       .on_bytes = on_bytes,
						       .on_failed = on_failed,
						       .on_closed = on_closed };
	struct both b;

	(void)state;
	if (!may_open_many())
		skip();
	both_open(&b, accept_one_of_many);
	b.many = calloc(2 * CLIENTS, sizeof(*b.many));
	assert_non_null(b.many);
	for (unsigned i = 0; i < 2 * CLIENTS; i++)
		b.many[i].both = &b;
	for (unsigned i = 0; i < CLIENTS; i++)
		connect_to(&b, &greeting, &b.many[i]);
	loop_run(b.loop);
	assert_int_equal(b.accepted, CLIENTS);
	for (unsigned i = 0; i < CLIENTS; i++) {
		assert_int_equal(b.many[i].failed, 1); /* the peer has gone */
		assert_int_equal(b.many[CLIENTS + i].bytes, 1);
		assert_int_equal(b.many[CLIENTS + i].failed, 0);
	}
	for (unsigned i = 0; i < 2 * CLIENTS; i++)
		assert_int_equal(b.many[i].closed, 1);
	free(b.many);
	loop_free(b.loop);
}

static void an_address_that_is_taken_is_refused(void **state)
{
	struct listener *l = NULL;
	struct error err = { 0 };
	struct both b;

	(void)state;
	both_open(&b, on_nothing);
	assert_error(listener_open(b.loop, "127.0.0.1",
				   listener_port(b.listener), on_nothing, NULL,
				   &l, &err),
		     err, "already in use");
	assert_error(listener_open(b.loop, "localhost", 0, on_nothing, NULL, &l,
				   &err),
		     err, "listening at localhost:0");
	assert_null(l);
	listener_close(b.listener);
	loop_free(b.loop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_comes_after_the_end_of_the_question),
		cmocka_unit_test(
			a_paused_stream_reads_nothing_and_loses_nothing),
		cmocka_unit_test(a_thousand_connect_at_once),
		cmocka_unit_test(an_address_that_is_taken_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
