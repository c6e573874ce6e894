/* SPDX-License-Identifier: Apache-2.0 */
/* forward_test.c - a forward to a server that answers, refuses, is not there.
 */
#include "kube/forward.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test/support/test.h"
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
