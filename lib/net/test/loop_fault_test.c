/* SPDX-License-Identifier: Apache-2.0 */
/* loop_fault_test.c - a loop and all that it waits for, when memory ends. */
#include <sys/socket.h>
#include <unistd.h>

#include "net/loop.h"
#include "test/support/fault_loop.h"
#include "test/support/test.h"

enum { PATIENT_MS = 60000 };

/* A client asks, a server answers; a timer, a post and a descriptor do their
 * part. What fails ends all of it. */
struct talk {
	struct loop *loop;
	struct listener *listener;
	struct stream *client, *server;
	struct timer *timer;
	struct watch *watch;
	struct post post;
	int fds[2];
	bool asked, answered, rang, posted, readable;
	struct error why;
	int rc;
};

static void close_all(struct talk *t)
{
	timer_close(t->timer);
	watch_close(t->watch);
	listener_close(t->listener);
	if (t->client)
		stream_close(t->client);
	if (t->server)
		stream_close(t->server);
	t->timer = NULL;
	t->watch = NULL;
	t->listener = NULL;
	t->client = t->server = NULL;
}

static void give_up(struct talk *t)
{
	t->rc = -1;
	close_all(t);
}

static void maybe_done(struct talk *t)
{
	if (t->asked && t->answered && t->rang && t->posted && t->readable)
		close_all(t);
}

static void on_closed(void *ctx)
{
	(void)ctx;
}

static void on_failed(void *ctx, const struct error *err)
{
	struct talk *t = ctx;

	t->why = *err;
	give_up(t);
}

static void on_connected(void *ctx)
{
	struct talk *t = ctx;

	if (stream_write(t->client, "?", 1, &t->why) < 0)
		give_up(t);
}

static void on_question(void *ctx, const uint8_t *bytes, size_t len)
{
	struct talk *t = ctx;

	(void)bytes, (void)len;
	t->asked = true;
	if (stream_write(t->server, "!", 1, &t->why) < 0)
		give_up(t);
}

static void on_answer(void *ctx, const uint8_t *bytes, size_t len)
{
	struct talk *t = ctx;

	(void)bytes, (void)len;
	t->answered = true;
	maybe_done(t);
}

static void on_connection(void *ctx)
{
	static const struct stream_events events = { .on_bytes = on_question,
						     .on_failed = on_failed,
						     .on_closed = on_closed };
	struct talk *t = ctx;

	if (listener_accept(t->listener, &events, t, &t->server, &t->why) < 0)
		give_up(t);
}

static void on_ring(void *ctx)
{
	struct talk *t = ctx;

	t->rang = true;
	maybe_done(t);
}

static void on_post(void *ctx)
{
	struct talk *t = ctx;

	t->posted = true;
	maybe_done(t);
}

static void on_readable(void *ctx, unsigned ready)
{
	struct talk *t = ctx;

	(void)ready;
	t->readable = true;
	watch_set(t->watch, 0);
	maybe_done(t);
}

static int begin(struct talk *t, struct error *err)
{
	static const struct stream_events events = { .on_connected =
							     on_connected,
						     .on_bytes = on_answer,
						     .on_failed = on_failed,
						     .on_closed = on_closed };

	t->post = (struct post){ .fn = on_post, .ctx = t };
	if (timer_open(t->loop, 10, 0, on_ring, t, &t->timer, err) < 0 ||
	    loop_watch(t->loop, t->fds[0], WATCH_READ, on_readable, t,
		       &t->watch, err) < 0 ||
	    listener_open(t->loop, "127.0.0.1", 0, on_connection, t,
			  &t->listener, err) < 0 ||
	    stream_open(t->loop, "127.0.0.1", listener_port(t->listener),
			PATIENT_MS, &events, t, &t->client, err) < 0)
		return -1;
	loop_post(t->loop, &t->post);
	return 0;
}

static int run(void *ctx, struct error *err)
{
	struct talk *t = ctx;
	int rc;

	*t = (struct talk){ .fds = { t->fds[0], t->fds[1] } };
	if (loop_new(&t->loop, err) < 0)
		return -1;
	rc = begin(t, err);
	if (rc < 0)
		close_all(t);
	else
		loop_run(t->loop);
	loop_free(t->loop);
	if (rc == 0 && t->rc < 0) {
		*err = t->why;
		rc = -1;
	}
	return rc;
}

static void show(void *ctx, struct buf *out)
{
	const struct talk *t = ctx;

	buf_addf(out, "%d%d%d%d%d", t->asked, t->answered, t->rang, t->posted,
		 t->readable);
}

static void a_loop_without_memory_fails_cleanly(void **state)
{
	const struct fault_story story = {
		.name = "a talk",
		.kinds = FAULTS_MEMORY | FAULT_BIT(FAULT_READ_EINTR) |
			 FAULT_BIT(FAULT_WRITE_EINTR),
		.run = run,
		.show = show,
		.trace = TRACE_ANY,
	};
	struct talk t = { 0 };

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, t.fds), 0);
	assert_int_equal(write(t.fds[1], "x", 1), 1);
	fault_loop(&story, &t);
	close(t.fds[0]);
	close(t.fds[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_loop_without_memory_fails_cleanly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
