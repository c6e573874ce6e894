/* SPDX-License-Identifier: Apache-2.0 */
/* script.c - a peer on loopback that says what a fuzzer's input has it say. */
#include "test/support/script.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	PAUSE_US = 50, /* lets the client read one message at a time */
	LOOK_MS = 1000,
	PATIENCE_MS = 20000
};

static void must(bool right, const char *what)
{
	if (right)
		return;
	fprintf(stderr, "script: %s\n", what);
	abort();
}

/* What the client says is not looked at. */
static bool drain(int fd)
{
	char bytes[4096];
	ssize_t n;

	do
		n = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT);
	while (n > 0);
	return n < 0;
}

/* The next message; false: the connection is to end. */
static bool take(struct script *s, const uint8_t **ret, size_t *ret_len)
{
	size_t len;

	if (s->left < 2)
		return false;
	len = (size_t)s->next[0] << 8 | s->next[1];
	s->next += 2;
	s->left -= 2;
	*ret = s->next;
	*ret_len = len < s->left ? len : s->left;
	s->next += *ret_len;
	s->left -= *ret_len;
	return *ret_len > 0;
}

static void play(struct script *s, int fd)
{
	struct pollfd p = { fd, POLLIN, 0 };
	const uint8_t *message;
	size_t len;

	while (take(s, &message, &len)) {
		if (send(fd, message, len, MSG_NOSIGNAL) < 0)
			break;
		drain(fd);
		usleep(PAUSE_US);
	}
	shutdown(fd, SHUT_WR);
	do
		must(poll(&p, 1, PATIENCE_MS) > 0, "the client stays");
	while (drain(fd) && !(p.revents & (POLLHUP | POLLERR)));
}

static void *run(void *ctx)
{
	const int one = 1;
	struct script *s = ctx;
	struct pollfd p = { s->listener, POLLIN, 0 };

	while (!s->over) {
		int fd;

		if (poll(&p, 1, LOOK_MS) <= 0)
			continue;
		fd = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0)
			continue;
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		play(s, fd);
		close(fd);
	}
	return NULL;
}

void script_start(struct script *s, const uint8_t *data, size_t size)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof(at);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	*s = (struct script){ .next = data, .left = size };
	s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	must(s->listener >= 0 &&
		     bind(s->listener, (struct sockaddr *)&at, len) == 0 &&
		     listen(s->listener, 8) == 0 &&
		     getsockname(s->listener, (struct sockaddr *)&at, &len) ==
			     0,
	     "no listener");
	s->port = ntohs(at.sin_port);
	must(pthread_create(&s->thread, NULL, run, s) == 0, "no thread");
}

void script_stop(struct script *s)
{
	s->over = 1;
	shutdown(s->listener, SHUT_RDWR); /* ends its wait */
	pthread_join(s->thread, NULL);
	close(s->listener);
}
