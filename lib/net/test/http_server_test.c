/* SPDX-License-Identifier: Apache-2.0 */
/* http_server_test.c - requests are answered, and held within their limits. */
#include "net/http_server.h"

#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "net/rate.h"
#include "sys/clock.h"
#include "test/support/test.h"

enum { PATIENT_MS = 20000 };

static struct http_server *server;
static atomic_int answered, done, last_status;

static void answer(void *ctx, const struct served_request *request,
		   struct served_answer *a)
{
	(void)ctx;
	answered++;
	http_say(a, 200, "%s %s %s %zu", request->method, request->path,
		 request->peer, request->body_len);
	http_header(a, "Cache-Control", "max-age=%d", 7);
}

static void on_done(void *ctx, const char *peer, const char *method,
		    const char *path, const struct served_answer *a,
		    int64_t took_us)
{
	(void)ctx, (void)peer, (void)method, (void)path, (void)took_us;
	done++;
	last_status = (int)a->status;
}

static void start(const struct http_limits *limits)
{
	static const struct http_events events = { answer, on_done };
	struct error err = { 0 };

	answered = done = last_status = 0;
	assert_ok(http_server_start("127.0.0.1:0", limits, &events, NULL,
				    &server, &err),
		  err);
}

static int stop(void **state)
{
	(void)state;
	http_server_stop(steal(server));
	return 0;
}

static int dial(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_port = htons(http_server_port(server)),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

static void put(int fd, const char *text)
{
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
}

/* Everything up to the end of the connection, sweeping meanwhile. */
static void take(int fd, char *room, size_t size)
{
	int64_t end = clock_mono_us() + PATIENT_MS * 1000;
	size_t len = 0;
	ssize_t n = 1;

	while (n > 0) {
		struct pollfd p = { .fd = fd, .events = POLLIN };

		http_server_sweep(server);
		assert_true(clock_mono_us() < end);
		if (poll(&p, 1, 50) <= 0)
			continue;
		n = read(fd, room + len, size - 1 - len);
		len += n > 0 ? (size_t)n : 0;
	}
	room[len] = 0;
	close(fd);
}

static void assert_answer(const char *request, const char *part)
{
	char got[4096];
	int fd = dial();

	put(fd, request);
	take(fd, got, sizeof(got));
	if (!strstr(got, part))
		fail_msg("\"%s\" is not in \"%s\"", part, got);
}

static const struct http_limits wide = { 1000, 100, 20, 0, 0 };

static void answers_one_request_a_connection(void **state)
{
	(void)state;
	start(&wide);
	assert_answer("GET /a%20b?q HTTP/1.1\r\nHost: x\r\n\r\n",
		      "GET /a b 127.0.0.1 0");
	assert_answer("POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: "
		      "5\r\n\r\nhello",
		      "POST /p 127.0.0.1 5");
	assert_answer("GET / HTTP/1.1\r\nHost: x\r\n\r\n",
		      "Cache-Control: max-age=7");
	assert_answer("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "Connection: close");
	assert_int_equal(answered, 4);
	assert_int_equal(done, 4);
}

static void refuses_large_bodies(void **state)
{
	char chunk[2100];

	(void)state;
	start(&wide);
	assert_answer("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: "
		      "1001\r\n\r\n",
		      "413 ");
	snprintf(chunk, sizeof(chunk),
		 "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
		 "chunked\r\n\r\n4e2\r\n%01250d\r\n0\r\n\r\n",
		 0);
	assert_answer(chunk, "413 ");
	assert_int_equal(answered, 0);
	assert_int_equal(last_status, 413);
}

static void cuts_off_slow_requests(void **state)
{
	struct http_limits limits = wide;
	int64_t began = clock_mono_us();
	char got[256];
	int fd;

	(void)state;
	limits.seconds = 1;
	start(&limits);
	fd = dial();
	put(fd, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n");
	for (int i = 0; i < 4; i++) { /* never silent for a second */
		usleep(200000);
		put(fd, "x");
	}
	take(fd, got, sizeof(got));
	assert_null(strstr(got, "200"));
	assert_int_equal(answered, 0);
	assert_true(clock_mono_us() - began < 10 * 1000000);
}

static void refuses_what_comes_too_often(void **state)
{
	struct http_limits limits = wide;

	(void)state;
	limits.rate = 1;
	limits.burst = 3;
	start(&limits);
	for (int i = 0; i < 3; i++)
		assert_answer("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "200 ");
	assert_answer("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "503 ");
	assert_answer("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "Retry-After: 5");
	assert_int_equal(answered, 3);
}

static void refuses_rubbish_and_lives(void **state)
{
	char got[4096];
	int fd;

	(void)state;
	start(&wide);
	fd = dial();
	put(fd, "\x16\x03\x01\x02\r\n\r\n");
	take(fd, got, sizeof(got));
	assert_answer("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "200 ");
}

static void refuses_addresses_that_are_none(void **state)
{
	static const char *const bad[] = {
		"127.0.0.1",	 "127.0.0.1:", "127.0.0.1:x", "localhost:80",
		"1.2.3.4:70000", ":80",	       "[::1:80",     ""
	};
	const struct http_events events = { answer, on_done };
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_error(http_server_start(bad[i], &wide, &events, NULL,
					       &server, &err),
			     err, "is no address to listen at");
}

static void shares_its_port_with_nobody(void **state)
{
	const struct http_events events = { answer, on_done };
	struct http_server *second;
	struct error err = { 0 };
	char address[32];

	(void)state;
	start(&wide);
	snprintf(address, sizeof(address), "127.0.0.1:%u",
		 http_server_port(server));
	assert_error(http_server_start(address, &wide, &events, NULL, &second,
				       &err),
		     err, "Address already in use");
	/* But takes it again at once, as after a kill. */
	assert_answer("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "200 ");
	stop(NULL);
	assert_ok(http_server_start(address, &wide, &events, NULL, &server,
				    &err),
		  err);
}

static void counts_each_address_for_itself(void **state)
{
	static struct rate rate;
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_addr.s_addr = htonl(0x0a000001) };
	struct sockaddr_in b = { .sin_family = AF_INET,
				 .sin_addr.s_addr = htonl(0x0a000002) };
	const int64_t now = 1000000;

	(void)state;
	rate_init(&rate, 2, 2, 1);
	assert_true(rate_allow(&rate, (struct sockaddr *)&a, now));
	assert_true(rate_allow(&rate, (struct sockaddr *)&a, now));
	assert_false(rate_allow(&rate, (struct sockaddr *)&a, now));
	assert_true(rate_allow(&rate, (struct sockaddr *)&b, now));
	assert_false(rate_allow(&rate, (struct sockaddr *)&a, now + 400000));
	assert_true(rate_allow(&rate, (struct sockaddr *)&a, now + 600000));
}

#define WITH_SERVER(test) cmocka_unit_test_teardown(test, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_SERVER(answers_one_request_a_connection),
		WITH_SERVER(refuses_large_bodies),
		WITH_SERVER(cuts_off_slow_requests),
		WITH_SERVER(refuses_what_comes_too_often),
		WITH_SERVER(refuses_rubbish_and_lives),
		cmocka_unit_test(refuses_addresses_that_are_none),
		WITH_SERVER(shares_its_port_with_nobody),
		cmocka_unit_test(counts_each_address_for_itself),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
