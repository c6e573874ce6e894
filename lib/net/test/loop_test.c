/* SPDX-License-Identifier: Apache-2.0 */
/* loop_test.c - streams connect, fail once, and end with on_closed. */
#include "net/loop.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test/support/test.h"

enum { PATIENT_MS = 60000 }; /* where no time is to run out */

struct end {
	struct stream *stream;
	bool talks; /* writes twice as soon as it can */
	unsigned connected, failed, closed, ticks;
	size_t bytes;
	char why[1024];
	struct timer *timer;
};

static void on_connected(void *ctx)
{
	struct end *e = ctx;
	struct error err;

	e->connected++;
	for (int i = 0; i < 2 && e->talks; i++)
		assert_ok(stream_write(e->stream, "x", 1, &err), err);
}

static void on_bytes(void *ctx, const uint8_t *bytes, size_t len)
{
	struct end *e = ctx;

	assert_int_equal(bytes[0], 'h');
	e->bytes += len;
}

static void on_failed(void *ctx, const struct error *err)
{
	struct end *e = ctx;

	assert_int_equal(e->closed, 0);
	e->failed++;
	snprintf(e->why, sizeof(e->why), "%s", err->text);
	stream_close(e->stream);
}

static void on_closed(void *ctx)
{
	struct end *e = ctx;

	e->closed++;
}

static const struct stream_events events = { .on_connected = on_connected,
					     .on_bytes = on_bytes,
					     .on_failed = on_failed,
					     .on_closed = on_closed };

/* A listening socket that the kernel alone serves. */
static int listen_at(uint16_t *ret_port)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&a, len), 0);
	assert_int_equal(listen(fd, 4), 0);
	getsockname(fd, (struct sockaddr *)&a, &len);
	*ret_port = ntohs(a.sin_port);
	return fd;
}

static void open_and_run(struct loop *loop, struct end *e, const char *host,
			 uint16_t port)
{
	struct error err = { 0 };

	*e = (struct end){ 0 };
	assert_ok(stream_open(loop, host, port, PATIENT_MS, &events, e,
			      &e->stream, &err),
		  err);
	loop_run(loop);
	assert_int_equal(e->closed, 1);
}

static void says_once_why_there_is_no_connection(void **state)
{
	struct error err = { 0 };
	struct loop *loop;
	struct end e;
	uint16_t port;
	int fd = listen_at(&port);

	(void)state;
	assert_ok(loop_new(&loop, &err), err);
	close(fd);
	open_and_run(loop, &e, "127.0.0.1", port);
	assert_int_equal(e.failed, 1);
	assert_non_null(strstr(e.why, "refused"));
	open_and_run(loop, &e, "no-such-host.invalid", 1);
	assert_int_equal(e.failed, 1);
	assert_non_null(strstr(e.why, "no-such-host.invalid"));
	loop_free(loop);
}

static void hears_a_peer_that_speaks_and_leaves(void **state)
{
	struct error err = { 0 };
	struct loop *loop;
	struct end e = { 0 };
	uint16_t port;
	int fd = listen_at(&port), peer;

	(void)state;
	assert_ok(loop_new(&loop, &err), err);
	assert_ok(stream_open(loop, "127.0.0.1", port, PATIENT_MS, &events, &e,
			      &e.stream, &err),
		  err);
	assert_error(stream_write(e.stream, "x", 1, &err), err,
		     "not connected");
	peer = accept(fd, NULL, NULL);
	assert_int_equal(write(peer, "hello", 5), 5);
	close(peer);
	loop_run(loop);
	assert_int_equal(e.connected, 1);
	assert_int_equal(e.bytes, 5);
	assert_int_equal(e.failed, 1);
	assert_non_null(strstr(e.why, "the peer closed it"));
	assert_int_equal(e.closed, 1);
	loop_free(loop);
	close(fd);
}

/* The first write finds out that nobody is there, the second goes to nobody:
 * an error, where the system would send SIGPIPE. */
static void lives_on_when_it_writes_to_nobody(void **state)
{
	struct error err = { 0 };
	struct loop *loop;
	struct end e = { .talks = true };
	uint16_t port;
	int fd = listen_at(&port);

	(void)state;
	assert_ok(loop_new(&loop, &err), err);
	assert_ok(stream_open(loop, "127.0.0.1", port, PATIENT_MS, &events, &e,
			      &e.stream, &err),
		  err);
	close(accept(fd, NULL, NULL));
	loop_run(loop);
	assert_int_equal(e.failed, 1);
	assert_int_equal(e.closed, 1);
	loop_free(loop);
	close(fd);
}

/* Writes until the queue is full, then gives up. */
static void on_tick(void *ctx)
{
	static const char block[1 << 20];
	struct end *e = ctx;
	struct error err;

	if (!e->connected)
		return;
	while (stream_write(e->stream, block, sizeof(block), &err) == 0)
		e->ticks++;
	snprintf(e->why, sizeof(e->why), "%s", err.text);
	timer_close(e->timer);
	stream_close(e->stream);
}

static void a_peer_that_reads_no_more_fills_the_queue(void **state)
{
	struct error err = { 0 };
	struct loop *loop;
	struct end e = { 0 };
	uint16_t port;
	int fd = listen_at(&port);

	(void)state;
	assert_ok(loop_new(&loop, &err), err);
	assert_ok(stream_open(loop, "127.0.0.1", port, PATIENT_MS, &events, &e,
			      &e.stream, &err),
		  err);
	assert_ok(timer_open(loop, 1000, 1000, on_tick, &e, &e.timer, &err),
		  err);
	loop_run(loop);
	assert_non_null(strstr(e.why, "reads too slowly"));
	assert_in_range(e.ticks, 32, 80);
	assert_int_equal(e.failed, 0);
	assert_int_equal(e.closed, 1);
	loop_free(loop);
	close(fd);
}

static void may_be_closed_at_any_moment(void **state)
{
	static const char *const hosts[] = { "127.0.0.1", "localhost" };
	struct error err = { 0 };
	struct loop *loop;
	uint16_t port;
	int fd = listen_at(&port);

	(void)state;
	assert_ok(loop_new(&loop, &err), err);
	for (int i = 0; i < 2; i++) {
		struct end e = { 0 };

		assert_ok(stream_open(loop, hosts[i], port, PATIENT_MS, &events,
				      &e, &e.stream, &err),
			  err);
		stream_close(e.stream);
		assert_int_equal(e.closed, 0); /* not from inside the call */
		loop_run(loop);
		assert_int_equal(e.connected + e.failed, 0);
		assert_int_equal(e.closed, 1);
	}
	loop_free(loop);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_once_why_there_is_no_connection),
		cmocka_unit_test(hears_a_peer_that_speaks_and_leaves),
		cmocka_unit_test(lives_on_when_it_writes_to_nobody),
		cmocka_unit_test(a_peer_that_reads_no_more_fills_the_queue),
		cmocka_unit_test(may_be_closed_at_any_moment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
