/* SPDX-License-Identifier: Apache-2.0 */
/* probing_test.c - a node that never answers keeps nobody waiting. */
#include "deploy/probing.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "test/support/test.h"

enum { LONG_MS = 30000 };

static int listen_here(uint16_t *ret_port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (void *)&at, sizeof(at)), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (void *)&at, &len), 0);
	*ret_port = ntohs(at.sin_port);
	return fd;
}

static bool readable(int fd, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, ms) == 1;
}

/* It is still asking when it has been given up. */
static void is_given_up_in_the_middle_of_an_answer(void **state)
{
	const struct secrets secrets = { .rpc_user = "u", .rpc_password = "p" };
	struct endpoint at = { .host = "127.0.0.1" };
	cleanup(closep) int listener = listen_here(&at.port);
	cleanup(closep) int peer = -1;
	struct probing *p;
	struct error err = { 0 };
	char why[64], bytes[4096];
	ssize_t n;

	(void)state;
	assert_ok(probing_start(&at, &secrets, 1, &p, &err), err);
	assert_true(readable(listener, LONG_MS));
	peer = accept(listener, NULL, NULL);
	assert_true(peer >= 0);
	assert_true(readable(peer, LONG_MS));
	assert_int_equal(probing_ready(p, why, sizeof(why)), 0);
	probing_free(p);
	do {
		n = recv(peer, bytes, sizeof(bytes), MSG_DONTWAIT);
	} while (n > 0);
	assert_int_equal(n, -1);
	assert_int_equal(errno, EAGAIN);
	/* The thread ends with the connection. */
	shutdown(peer, SHUT_RDWR);
	while (readable(peer, LONG_MS) &&
	       recv(peer, bytes, sizeof(bytes), 0) > 0)
		continue;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_given_up_in_the_middle_of_an_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
