/* SPDX-License-Identifier: Apache-2.0 */
/* forward_test.c - a forward to a server that answers, refuses, is not there.
 */
#include "kube/forward.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kube/tunnel.h"
#include "sys/clock.h"
#include "test/support/test.h"
#include "test/support/threads.h"
#include "test/support/web.h"

#define HEADS "\x82\x03\x00\x28\x23\x82\x03\x01\x28\x23"
#define SAYS HEADS "\x82\x03\x00hi\x88\x02\x03\xe8"
#define FAILS HEADS "\x82\x05\x01lost\x88\x02\x03\xe8"

/* What it says after the upgrade; NULL: it refuses. */
struct says {
	const char *frames;
	size_t len;
};

static void answer(struct web *w, int fd, unsigned n, const char *request)
{
	const struct says *says = w->ctx;
	char more[64];

	(void)n;
	assert_non_null(strstr(request, "\r\nImpersonate-User: some one\r\n"));
	if (says->frames)
		web_upgrade(fd, request, NULL, says->frames, says->len);
	else
		web_send(fd, "404 Not Found", "", "gone");
	(void)!recv(fd, more, sizeof(more), 0);
}

/* What a client of a forward to the server's port receives; -1: a reset. */
static ssize_t ask(uint16_t server, char ret[16], struct error *why)
{
	static const char *const as[] = { "Impersonate-User: some one", NULL };
	struct kubeconfig config = { .namespace = "default", .as = as };
	struct sockaddr_in at = { .sin_family = AF_INET };
	struct kube_forward *f;
	struct error err = { 0 };
	char url[64];
	uint16_t port;
	ssize_t n;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	snprintf(url, sizeof(url), "http://127.0.0.1:%u", server);
	config.server = url;
	assert_ok(kube_forward_open(&config, "net", "bank-0", 9000, &port, &f,
				    &err),
		  err);
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	at.sin_port = htons(port);
	assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	n = recv(fd, ret, 16, MSG_WAITALL);
	/* It is written down after the reset: a moment later. */
	for (int i = 0; i < 100; i++) {
		kube_forward_why(f, why);
		if (n >= 0 || why->kind)
			break;
		poll(NULL, 0, 20);
	}
	close(fd);
	kube_forward_close(f);
	return n;
}

static ssize_t ask_server(struct says says, char ret[16], struct error *why)
{
	struct web w = { .answer = answer, .ctx = &says };
	ssize_t n;

	web_start(&w);
	n = ask(w.port, ret, why);
	web_stop(&w);
	return n;
}

static void gives_what_the_pod_says(void **state)
{
	struct error why;
	char got[16];

	(void)state;
	assert_int_equal(ask_server((struct says){ SAYS, sizeof(SAYS) - 1 },
				    got, &why),
			 2);
	assert_memory_equal(got, "hi", 2);
	assert_int_equal(why.kind, ERROR_NONE);
}

static void resets_what_the_pod_does_not_take(void **state)
{
	struct error why;
	char got[16];

	(void)state;
	assert_int_equal(ask_server((struct says){ FAILS, sizeof(FAILS) - 1 },
				    got, &why),
			 -1);
	assert_string_equal(why.text, "forward Pod net/bank-0 port 9000: lost");
}

static void says_why_the_server_refuses(void **state)
{
	struct error why;
	char got[16];

	(void)state;
	assert_int_equal(ask_server((struct says){ 0 }, got, &why), -1);
	assert_non_null(strstr(why.text, "gone"));
	assert_non_null(strstr(why.text, "net/bank-0"));
}

static void says_that_there_is_no_server(void **state)
{
	struct error why;
	char got[16];

	(void)state;
	assert_int_equal(ask(1, got, &why), -1);
	assert_non_null(strstr(why.text, "forward Pod net/bank-0"));
}

/* ---- many bytes, many forwards ---- */

enum { CHUNKS = 300, MANY = 50, LONG_US = 30000000 };

/* Of a forward to a server. */
struct tried {
	struct kubeconfig config;
	char url[64];
	struct kube_forward *forward;
	uint16_t port;
	int fd; /* the client's */
};

static void tried_open(struct tried *t, uint16_t server)
{
	static const char *const as[] = { "Impersonate-User: some one", NULL };
	struct error err = { 0 };

	*t = (struct tried){ .config = { .namespace = "default", .as = as },
			     .fd = -1 };
	snprintf(t->url, sizeof(t->url), "http://127.0.0.1:%u", server);
	t->config.server = t->url;
	assert_ok(kube_forward_open(&t->config, "net", "bank-0", 9000, &t->port,
				    &t->forward, &err),
		  err);
}

static void tried_connect(struct tried *t)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_port = htons(t->port),
				  .sin_addr = { htonl(INADDR_LOOPBACK) } };

	t->fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(t->fd, (struct sockaddr *)&at, sizeof(at)), 0);
}

static void tried_close(struct tried *t)
{
	kube_forward_close(t->forward);
	if (t->fd >= 0)
		close(t->fd);
}

/* Sends much, then takes as much, then ends. */
static void be_busy(struct web *w, int fd, unsigned n, const char *request)
{
	static uint8_t frame[4 + 1 + TUNNEL_CHUNK] = {
		0x82, 0x7e, (TUNNEL_CHUNK + 1) >> 8, (TUNNEL_CHUNK + 1) & 0xff
	};
	static uint8_t more[TUNNEL_CHUNK];
	size_t got = 0;
	ssize_t len = 1;

	(void)w, (void)n;
	web_upgrade(fd, request, NULL, HEADS, sizeof(HEADS) - 1);
	for (int i = 0; i < CHUNKS; i++)
		assert_int_equal(send(fd, frame, sizeof(frame), 0),
				 sizeof(frame));
	while (len > 0 && got < (size_t)CHUNKS * TUNNEL_CHUNK) {
		len = recv(fd, more, sizeof(more), 0);
		got += len > 0 ? (size_t)len : 0;
	}
	assert_int_equal(send(fd, "\x88\x02\x03\xe8", 4, 0), 4);
	(void)!recv(fd, more, sizeof(more), 0);
}

/* The client writes all before it reads on: both sides are full for a while. */
static void moves_more_than_fits_in_both_directions(void **state)
{
	static uint8_t bytes[TUNNEL_CHUNK];
	struct web w = { .answer = be_busy };
	size_t got = 0;
	struct error why;
	struct tried t;
	ssize_t n;

	(void)state;
	web_start(&w);
	tried_open(&t, w.port);
	tried_connect(&t);
	poll(NULL, 0, 50); /* the pod's bytes gather */
	while ((n = recv(t.fd, bytes, sizeof(bytes), 0)) > 0) {
		got += (size_t)n;
		if (got == (size_t)CHUNKS * TUNNEL_CHUNK)
			break;
	}
	assert_int_equal(got, (size_t)CHUNKS * TUNNEL_CHUNK);
	for (int i = 0; i < CHUNKS; i++)
		assert_int_equal(send(t.fd, bytes, sizeof(bytes), 0),
				 sizeof(bytes));
	assert_int_equal(recv(t.fd, bytes, sizeof(bytes), 0), 0);
	kube_forward_why(t.forward, &why);
	assert_int_equal(why.kind, ERROR_NONE);
	tried_close(&t);
	web_stop(&w);
}

/* Takes a connection, and the request that comes over it. */
static int take_request(int listener)
{
	char bytes[4096];
	int fd = accept(listener, NULL, NULL);

	assert_true(fd >= 0);
	assert_true(recv(fd, bytes, sizeof(bytes), 0) > 0);
	return fd;
}

/* One that nobody serves: connections wait, and what they send. */
static int listen_here(uint16_t *ret_port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&at, len), 0);
	assert_int_equal(listen(fd, MANY), 0);
	getsockname(fd, (struct sockaddr *)&at, &len);
	*ret_port = ntohs(at.sin_port);
	return fd;
}

/* By the proxy, or without: all of them wait for an answer of who listens, and
 * need not when they are closed. */
static void check_many(const char *proxy, uint16_t port, int server)
{
	static struct tried all[MANY];
	int64_t began = clock_mono_us();
	int peers[MANY];

	for (unsigned i = 0; i < MANY; i++) {
		tried_open(&all[i], port);
		all[i].config.proxy = proxy;
		tried_connect(&all[i]);
	}
	for (unsigned i = 0; i < MANY; i++)
		peers[i] = take_request(server);
	assert_true(threads_become(threads_alone() + 1, LONG_US));
	for (unsigned i = 0; i < MANY; i++) {
		tried_close(&all[i]);
		close(peers[i]);
	}
	close(server);
	assert_true(threads_become(threads_alone(), LONG_US));
	assert_true(clock_mono_us() - began < LONG_US);
}

static void one_thread_serves_many_forwards(void **state)
{
	uint16_t port;
	int server = listen_here(&port);

	(void)state;
	check_many(NULL, port, server);
}

/* The proxy is silent: no connection to the server comes to its end. */
static void one_thread_makes_many_connections(void **state)
{
	char proxy[64];
	uint16_t port;
	int server = listen_here(&port);

	(void)state;
	snprintf(proxy, sizeof(proxy), "http://127.0.0.1:%u", port);
	check_many(proxy, 1, server);
}

/* ---- credentials that are refused ---- */

/* The first is too old; the one of a second look at the file is taken. */
static void refuse_the_first(struct web *w, int fd, unsigned n,
			     const char *request)
{
	char more[64];

	assert_non_null(strstr(request, "\r\nAuthorization: Bearer "));
	if (n == 0)
		web_send(fd, "401 Unauthorized", "", "who are you?");
	else
		web_upgrade(fd, request, NULL, SAYS, sizeof(SAYS) - 1);
	(void)w;
	(void)!recv(fd, more, sizeof(more), 0);
}

static void refuse_all(struct web *w, int fd, unsigned n, const char *request)
{
	(void)w, (void)n, (void)request;
	web_send(fd, "401 Unauthorized", "", "who are you?");
}

static ssize_t ask_by_token(web_fn how, char got[16], unsigned *ret_seen,
			    struct error *why)
{
	struct web w = { .answer = how };
	struct tried t;
	ssize_t n;

	web_start(&w);
	tried_open(&t, w.port);
	t.config.token = "old";
	tried_connect(&t);
	n = recv(t.fd, got, 16, MSG_WAITALL);
	for (int i = 0; i < 100; i++) {
		kube_forward_why(t.forward, why);
		if (n >= 0 || why->kind)
			break;
		poll(NULL, 0, 20);
	}
	tried_close(&t);
	*ret_seen = w.seen;
	web_stop(&w);
	return n;
}

static void refused_credentials_are_renewed_once(void **state)
{
	struct error why;
	unsigned seen;
	char got[16];

	(void)state;
	assert_int_equal(ask_by_token(refuse_the_first, got, &seen, &why), 2);
	assert_memory_equal(got, "hi", 2);
	assert_int_equal(seen, 2);
	assert_int_equal(ask_by_token(refuse_all, got, &seen, &why), -1);
	assert_int_equal(seen, 2);
	assert_non_null(strstr(why.text, "who are you?"));
}

static void know_the_token(struct web *w, int fd, unsigned n,
			   const char *request)
{
	assert_non_null(strstr(request, "\r\nAuthorization: Bearer new\r\n"));
	refuse_the_first(w, fd, n + 1, request);
}

/* It is slow: it has a thread. */
static const char *const plugin[] = {
	"sh", "-c",
	"sleep 0.2; echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\","
	"\"kind\":\"ExecCredential\",\"status\":{\"token\":\"new\"}}'",
	NULL
};

static void a_plugin_is_asked_beside(void **state)
{
	static const char *const nothing[] = { NULL };

	(void)state;
	/* The second time nobody waits for its answer. */
	for (int i = 0; i < 2; i++) {
		struct web w = { .answer = know_the_token };
		struct tried t;
		char got[16];

		web_start(&w);
		tried_open(&t, w.port);
		t.config.plugin.argv = plugin;
		t.config.plugin.env = nothing;
		t.config.plugin.api_version = "client.authentication.k8s.io/v1";
		tried_connect(&t);
		if (i == 0)
			assert_int_equal(recv(t.fd, got, 16, MSG_WAITALL), 2);
		tried_close(&t);
		if (i == 0)
			assert_int_equal(w.seen, 1);
		web_stop(&w);
	}
	assert_true(threads_become(threads_alone(), LONG_US));
}

static void answer_late(struct web *w, int fd, unsigned n, const char *request)
{
	poll(NULL, 0, 100);
	answer(w, fd, n, request);
}

/* The tunnel opens, or is refused, when nobody wants it any more. */
static void is_closed_while_a_tunnel_opens(void **state)
{
	struct says says[] = { { 0 }, { SAYS, sizeof(SAYS) - 1 } };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct web w = { .answer = answer_late, .ctx = &says[i] };
		struct tried t;
		char byte;

		web_start(&w);
		tried_open(&t, w.port);
		tried_connect(&t);
		while (!w.seen)
			poll(NULL, 0, 1);
		kube_forward_close(t.forward);
		assert_int_equal(recv(t.fd, &byte, 1, 0), -1);
		close(t.fd);
		web_stop(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_what_the_pod_says),
		cmocka_unit_test(resets_what_the_pod_does_not_take),
		cmocka_unit_test(says_why_the_server_refuses),
		cmocka_unit_test(says_that_there_is_no_server),
		cmocka_unit_test(moves_more_than_fits_in_both_directions),
		cmocka_unit_test(one_thread_serves_many_forwards),
		cmocka_unit_test(one_thread_makes_many_connections),
		cmocka_unit_test(a_plugin_is_asked_beside),
		cmocka_unit_test(is_closed_while_a_tunnel_opens),
		cmocka_unit_test(refused_credentials_are_renewed_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
