/* SPDX-License-Identifier: Apache-2.0 */
/* loop_addresses_test.c - a name of several addresses, not all of which answer.
 */
#include "net/loop.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/clock.h"
#include "test/support/test.h"

/* What every name is looked up to. All of 127.0.0.0/8 is this machine. */
static const char *addresses[4];
static unsigned address_count;

/* In place of the system's own. */
int getaddrinfo(const char *name, const char *service,
		const struct addrinfo *hints, struct addrinfo **ret)
{
	struct addrinfo *list = NULL;

	(void)name, (void)hints;
	for (unsigned i = address_count; i-- > 0;) {
		struct addrinfo *a = calloc(1, sizeof(*a));
		struct sockaddr_in *at = calloc(1, sizeof(*at));

		at->sin_family = AF_INET;
		at->sin_port = htons((uint16_t)atoi(service));
		inet_pton(AF_INET, addresses[i], &at->sin_addr);
		a->ai_family = AF_INET;
		a->ai_socktype = SOCK_STREAM;
		a->ai_addr = (struct sockaddr *)at;
		a->ai_addrlen = sizeof(*at);
		a->ai_next = list;
		list = a;
	}
	*ret = list;
	return list ? 0 : EAI_NONAME;
}

void freeaddrinfo(struct addrinfo *list)
{
	while (list) {
		struct addrinfo *next = list->ai_next;

		free(list->ai_addr);
		free(list);
		list = next;
	}
}

struct end {
	struct stream *stream;
	struct timer *timer;
	unsigned connected, failed, closed;
	char why[1024];
};

static void on_connected(void *ctx)
{
	struct end *e = ctx;

	e->connected++;
	stream_close(e->stream);
}

static void on_bytes(void *ctx, const uint8_t *bytes, size_t len)
{
	(void)ctx, (void)bytes, (void)len;
}

static void on_failed(void *ctx, const struct error *err)
{
	struct end *e = ctx;

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

/* Listens at the address and port; port 0: at any. */
static int listen_at(const char *address, uint16_t *port, int backlog)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_port = htons(*port) };
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	inet_pton(AF_INET, address, &a.sin_addr);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, len), 0);
	assert_int_equal(listen(fd, backlog), 0);
	getsockname(fd, (struct sockaddr *)&a, &len);
	*port = ntohs(a.sin_port);
	return fd;
}

static struct end open_name(uint16_t port, int timeout_ms)
{
	struct error err = { 0 };
	struct loop *loop;
	struct end e = { 0 };

	assert_ok(loop_new(&loop, &err), err);
	assert_ok(stream_open(loop, "name.example", port, timeout_ms, &events,
			      &e, &e.stream, &err),
		  err);
	loop_run(loop);
	assert_int_equal(e.closed, 1);
	loop_free(loop);
	return e;
}

/* As localhost where a server listens at 127.0.0.1 alone. */
static void the_next_address_is_tried(void **state)
{
	uint16_t port = 0;
	int fd = listen_at("127.0.0.1", &port, 4);
	struct end e;

	(void)state;
	addresses[0] = "127.0.0.2";
	addresses[1] = "127.0.0.3";
	addresses[2] = "127.0.0.1";
	address_count = 3;
	e = open_name(port, 60000);
	assert_int_equal(e.connected, 1);
	assert_int_equal(e.failed, 0);
	close(fd);
}

static void the_last_failure_is_told_once(void **state)
{
	uint16_t port = 0;
	int fd = listen_at("127.0.0.9", &port, 4);
	struct end e;

	(void)state;
	addresses[0] = "127.0.0.2";
	addresses[1] = "127.0.0.3";
	address_count = 2;
	e = open_name(port, 60000);
	assert_int_equal(e.connected, 0);
	assert_int_equal(e.failed, 1);
	assert_non_null(strstr(e.why, "connecting to name.example:"));
	assert_non_null(strstr(e.why, "refused"));
	address_count = 0;
	e = open_name(port, 60000);
	assert_int_equal(e.failed, 1);
	close(fd);
}

/* A queue of connections that is full: the kernel answers no more. */
enum { FILL = 4 };
static void fill(const char *address, uint16_t port, int fds[FILL])
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_port = htons(port) };

	inet_pton(AF_INET, address, &a.sin_addr);
	for (int i = 0; i < FILL; i++) {
		fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		(void)!connect(fds[i], (struct sockaddr *)&a, sizeof(a));
	}
}

static void a_silent_address_takes_its_share_of_the_time(void **state)
{
	uint16_t port = 0;
	int good = listen_at("127.0.0.1", &port, 4);
	int silent = listen_at("127.0.0.4", &port, 0);
	int64_t since = clock_mono_us();
	int fds[FILL];
	struct end e;

	(void)state;
	fill("127.0.0.4", port, fds);
	addresses[0] = "127.0.0.4";
	addresses[1] = "127.0.0.1";
	address_count = 2;
	e = open_name(port, 2000);
	assert_int_equal(e.connected, 1);
	assert_true(clock_mono_us() - since > 900 * 1000);
	address_count = 1;
	e = open_name(port, 200);
	assert_int_equal(e.failed, 1);
	assert_non_null(strstr(e.why, "no answer in time"));
	for (int i = 0; i < FILL; i++)
		close(fds[i]);
	close(silent);
	close(good);
}

static void close_stream(void *ctx)
{
	struct end *e = ctx;

	assert_int_equal(e->failed + e->connected, 0);
	stream_close(e->stream);
	timer_close(e->timer);
}

/* At once, which is while the name is looked up, or after the first address has
 * refused, which is while the second one is silent. */
static void a_stream_may_be_closed_between_two(void **state)
{
	uint16_t port = 0;
	int silent = listen_at("127.0.0.4", &port, 0), fds[FILL];
	struct error err = { 0 };

	(void)state;
	fill("127.0.0.4", port, fds);
	addresses[0] = "127.0.0.2";
	addresses[1] = "127.0.0.4";
	address_count = 2;
	for (int at_once = 0; at_once < 2; at_once++) {
		struct end e = { 0 };
		struct loop *loop;

		assert_ok(loop_new(&loop, &err), err);
		assert_ok(stream_open(loop, "name.example", port, 60000,
				      &events, &e, &e.stream, &err),
			  err);
		if (at_once)
			stream_close(e.stream);
		else
			assert_ok(timer_open(loop, 300000, 300000, close_stream,
					     &e, &e.timer, &err),
				  err);
		loop_run(loop);
		loop_free(loop);
		assert_int_equal(e.closed, 1);
		assert_int_equal(e.failed + e.connected, 0);
	}
	for (int i = 0; i < FILL; i++)
		close(fds[i]);
	close(silent);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_next_address_is_tried),
		cmocka_unit_test(the_last_failure_is_told_once),
		cmocka_unit_test(a_silent_address_takes_its_share_of_the_time),
		cmocka_unit_test(a_stream_may_be_closed_between_two),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
