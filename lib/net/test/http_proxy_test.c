/* SPDX-License-Identifier: Apache-2.0 */
/* http_proxy_test.c - which proxy stands between, and who looks names up. */
#include "net/http.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/clock.h"
#include "sys/interrupt.h"
#include "test/support/test.h"
#include "test/support/web.h"

enum { PATIENCE_MS = 20000 };

static char seen[4096]; /* the last request that the server or proxy read */

static void note(struct web *w, int fd, unsigned n, const char *request)
{
	(void)w, (void)n;
	snprintf(seen, sizeof(seen), "%s", request);
	web_send(fd, "200 OK", "", "here");
}

static void on_done(void *ctx, const struct http_answer *a)
{
	*(int *)ctx = a->end == HTTP_ANSWERED ? a->status : -1;
}

/* The status of the answer, -1 without one. */
static int get(const char *proxy, const char *url)
{
	const struct http_peer peer = { .proxy = proxy };
	struct http *http;
	struct loop *loop;
	struct error err;
	int status = 0;
	const struct http_request r = { .method = "GET",
					.url = url,
					.timeout_ms = PATIENCE_MS,
					.max = 100,
					.on_done = on_done,
					.ctx = &status };

	seen[0] = 0;
	assert_ok(loop_new(&loop, &err), err);
	assert_ok(http_new(loop, &peer, &http, &err), err);
	assert_ok(http_start(http, &r, NULL, &err), err);
	while (!status)
		loop_step(loop, 50);
	http_free(http);
	loop_free(loop);
	return status;
}

/* The environment names other ways. */
static void the_servers_proxy_counts_always(void **state)
{
	struct web proxy = { .answer = note };
	char at[64];

	(void)state;
	web_start(&proxy);
	snprintf(at, sizeof(at), "http://127.0.0.1:%d", proxy.port);
	setenv("http_proxy", "http://127.0.0.1:1", 1);
	setenv("no_proxy", "127.0.0.1,localhost,.lab.example", 1);
	assert_int_equal(get(at, "http://127.0.0.1:2/x"), 200);
	assert_non_null(strstr(seen, "GET http://127.0.0.1:2/x HTTP/1.1\r\n"));
	assert_int_equal(get(at, "http://localhost:2/x"), 200);
	assert_non_null(strstr(seen, "GET http://localhost:2/x "));
	assert_int_equal(get(at, "http://api.lab.example:2/x"), 200);
	assert_non_null(strstr(seen, "GET http://api.lab.example:2/x "));
	unsetenv("http_proxy");
	unsetenv("no_proxy");
	web_stop(&proxy);
}

static void the_environments_is_not_for_this_machine(void **state)
{
	struct web server = { .answer = note }, proxy = { .answer = note };
	char at[64], direct[64];

	(void)state;
	web_start(&server);
	web_start(&proxy);
	snprintf(at, sizeof(at), "http://127.0.0.1:%d", proxy.port);
	snprintf(direct, sizeof(direct), "http://127.0.0.1:%d/x", server.port);
	setenv("http_proxy", at, 1);
	assert_int_equal(get(NULL, direct), 200);
	assert_non_null(strstr(seen, "GET /x HTTP/1.1\r\n"));
	assert_int_equal(get(NULL, "http://api.lab.example/x"), 200);
	assert_non_null(strstr(seen, "GET http://api.lab.example/x "));
	setenv("no_proxy", ".lab.example", 1);
	assert_int_equal(get(NULL, "http://nowhere.lab.example:1/x"), -1);
	unsetenv("http_proxy");
	unsetenv("no_proxy");
	web_stop(&server);
	web_stop(&proxy);
}

/* A raw connection is a tunnel. */
static void tunnel(struct web *w, int fd, unsigned n, const char *request)
{
	char bytes[16];
	ssize_t len;

	note(w, -1, n, request);
	web_send_part(fd, "HTTP/1.1 200 Established\r\n\r\n");
	len = recv(fd, bytes, sizeof(bytes), 0);
	if (len > 0)
		(void)!send(fd, bytes, (size_t)len, MSG_NOSIGNAL);
}

static void raw_connections_too(void **state)
{
	struct web proxy = { .answer = tunnel };
	struct http_peer peer = { 0 };
	struct http *http;
	struct loop *loop;
	struct http_raw *raw;
	struct error err;
	char at[64], back[8];
	int n = 0;

	(void)state;
	web_start(&proxy);
	snprintf(at, sizeof(at), "http://127.0.0.1:%d", proxy.port);
	peer.proxy = at;
	assert_ok(loop_new(&loop, &err), err);
	assert_ok(http_new(loop, &peer, &http, &err), err);
	assert_ok(http_raw_open(http, "http://127.0.0.1:2", PATIENCE_MS, &raw,
				&err),
		  err);
	assert_non_null(strstr(seen, "CONNECT 127.0.0.1:2 HTTP/1.1\r\n"));
	assert_int_equal(http_raw_send(raw, "hi", 2, &err), 2);
	while (n == 0)
		n = http_raw_receive(raw, back, sizeof(back), &err);
	assert_int_equal(n, 2);
	http_raw_free(raw);
	http_free(http);
	loop_free(loop);
	web_stop(&proxy);
}

/* The user has enough of a proxy that says nothing. */
static void interrupt(struct web *w, int fd, unsigned n, const char *request)
{
	char byte;

	(void)w, (void)n, (void)request;
	raise(SIGINT);
	(void)!recv(fd, &byte, 1, 0);
}

static void an_interrupt_ends_the_wait_for_one(void **state)
{
	struct web proxy = { .answer = interrupt };
	struct http_peer peer = { 0 };
	int64_t began = clock_mono_us();
	struct http *http;
	struct loop *loop;
	struct http_raw *raw;
	struct error err;
	char at[64];

	(void)state;
	interrupt_install();
	web_start(&proxy);
	snprintf(at, sizeof(at), "http://127.0.0.1:%d", proxy.port);
	peer.proxy = at;
	assert_ok(loop_new(&loop, &err), err);
	assert_ok(http_new(loop, &peer, &http, &err), err);
	assert_error(http_raw_open(http, "http://127.0.0.1:2", PATIENCE_MS,
				   &raw, &err),
		     err, "interrupted");
	assert_true(clock_mono_us() - began < PATIENCE_MS / 2 * 1000LL);
	interrupt_clear();
	http_free(http);
	loop_free(loop);
	web_stop(&proxy);
}

/* Speaks as much of SOCKS 5 as one request needs (RFC 1928). */
struct socks {
	int listener;
	uint16_t port;
	pthread_t thread;
	uint8_t kind; /* of the address that the client gave: 3 is a name */
	char name[64];
};

static void *serve_socks(void *ctx)
{
	static const uint8_t done[] = { 5, 0, 0, 1, 0, 0, 0, 0, 0, 0 };
	struct socks *s = ctx;
	uint8_t b[512];
	int fd = accept(s->listener, NULL, NULL);

	if (fd < 0 || recv(fd, b, 2, MSG_WAITALL) != 2 ||
	    recv(fd, b + 2, b[1], MSG_WAITALL) != b[1])
		return NULL;
	(void)!send(fd, "\5\0", 2, MSG_NOSIGNAL);
	if (recv(fd, b, 5, MSG_WAITALL) != 5)
		return NULL;
	s->kind = b[3];
	if (s->kind == 3 && b[4] < sizeof(s->name))
		(void)!recv(fd, s->name, b[4], MSG_WAITALL);
	(void)!recv(fd, b, 2, MSG_WAITALL);
	(void)!send(fd, done, sizeof(done), MSG_NOSIGNAL);
	(void)!recv(fd, b, sizeof(b), 0);
	web_send(fd, "200 OK", "", "here");
	close(fd);
	return NULL;
}

static void start_socks(struct socks *s)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof(at);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(s->listener, (struct sockaddr *)&at, len), 0);
	assert_int_equal(listen(s->listener, 4), 0);
	getsockname(s->listener, (struct sockaddr *)&at, &len);
	s->port = ntohs(at.sin_port);
	assert_int_equal(pthread_create(&s->thread, NULL, serve_socks, s), 0);
}

static void a_socks_proxy_looks_names_up(void **state)
{
	struct socks s = { 0 };
	char at[64];

	(void)state;
	start_socks(&s);
	snprintf(at, sizeof(at), "socks5://127.0.0.1:%d", s.port);
	assert_int_equal(get(at, "http://only.there.example/x"), 200);
	pthread_join(s.thread, NULL);
	assert_int_equal(s.kind, 3);
	assert_string_equal(s.name, "only.there.example");
	close(s.listener);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_servers_proxy_counts_always),
		cmocka_unit_test(the_environments_is_not_for_this_machine),
		cmocka_unit_test(raw_connections_too),
		cmocka_unit_test(an_interrupt_ends_the_wait_for_one),
		cmocka_unit_test(a_socks_proxy_looks_names_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
