/* SPDX-License-Identifier: Apache-2.0 */
/* forward_test.c - a forward to a server that answers, refuses, is not there.
 */
#include "kube/forward.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "corda/digest.h"
#include "data/base64.h"
#include "proto/websocket.h"
#include "test/support/test.h"

#define HEADS "\x82\x03\x00\x28\x23\x82\x03\x01\x28\x23"
#define SAYS HEADS "\x82\x03\x00hi\x88\x02\x03\xe8"
#define FAILS HEADS "\x82\x05\x01lost\x88\x02\x03\xe8"

/* A server of one connection. */
struct server {
	int listener;
	uint16_t port;
	const char *frames; /* after the upgrade; NULL: it refuses */
	size_t len;
	pthread_t thread;
};

static void add_accept(struct buf *out, const char *request)
{
	const char *key = strstr(request, "Sec-WebSocket-Key: ") + 19;
	cleanup(buf_release) struct buf text = BUF_INIT(256);
	uint8_t hash[DIGEST_MAX];

	buf_addf(&text, "%.24s" WEBSOCKET_GUID, key);
	digest_bytes(DIGEST_SHA1, text.data, text.len, hash);
	base64_encode(hash, 20, out);
}

static void *serve(void *ctx)
{
	struct server *s = ctx;
	int fd = accept(s->listener, NULL, NULL);
	cleanup(buf_release) struct buf out = BUF_INIT(4096);
	char request[4096] = "";
	size_t len = 0;

	while (!strstr(request, "\r\n\r\n") && len < sizeof(request) - 1) {
		ssize_t n =
			recv(fd, request + len, sizeof(request) - 1 - len, 0);

		if (n <= 0)
			break;
		len += (size_t)n;
	}
	if (s->frames) {
		buf_add_str(&out, "HTTP/1.1 101 Switching Protocols\r\n"
				  "Sec-WebSocket-Accept: ");
		add_accept(&out, request);
		buf_add_str(&out, "\r\n\r\n");
		buf_add(&out, s->frames, s->len);
	} else {
		buf_add_str(&out, "HTTP/1.1 404 Not Found\r\n"
				  "Content-Length: 4\r\n\r\ngone");
	}
	(void)!send(fd, out.data, out.len, MSG_NOSIGNAL);
	(void)!recv(fd, request, sizeof(request), 0);
	close(fd);
	return NULL;
}

static void server_start(struct server *s)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof(at);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	s->listener = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(s->listener, (struct sockaddr *)&at, len), 0);
	assert_int_equal(listen(s->listener, 1), 0);
	getsockname(s->listener, (struct sockaddr *)&at, &len);
	s->port = ntohs(at.sin_port);
	assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
}

/* What a client of a forward to the server's port receives; -1: a reset. */
static ssize_t ask(uint16_t server, char ret[16], struct error *why)
{
	struct kubeconfig config = { .namespace = "default" };
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

static ssize_t ask_server(struct server *s, char ret[16], struct error *why)
{
	ssize_t n;

	server_start(s);
	n = ask(s->port, ret, why);
	pthread_join(s->thread, NULL);
	close(s->listener);
	return n;
}

static void gives_what_the_pod_says(void **state)
{
	struct server s = { .frames = SAYS, .len = sizeof(SAYS) - 1 };
	struct error why;
	char got[16];

	(void)state;
	assert_int_equal(ask_server(&s, got, &why), 2);
	assert_memory_equal(got, "hi", 2);
	assert_int_equal(why.kind, ERROR_NONE);
}

static void resets_what_the_pod_does_not_take(void **state)
{
	struct server s = { .frames = FAILS, .len = sizeof(FAILS) - 1 };
	struct error why;
	char got[16];

	(void)state;
	assert_int_equal(ask_server(&s, got, &why), -1);
	assert_string_equal(why.text, "forward Pod net/bank-0 port 9000: lost");
}

static void says_why_the_server_refuses(void **state)
{
	struct server s = { 0 };
	struct error why;
	char got[16];

	(void)state;
	assert_int_equal(ask_server(&s, got, &why), -1);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_what_the_pod_says),
		cmocka_unit_test(resets_what_the_pod_does_not_take),
		cmocka_unit_test(says_why_the_server_refuses),
		cmocka_unit_test(says_that_there_is_no_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
