/* SPDX-License-Identifier: Apache-2.0 */
/* web.c - a small HTTP/1.1 server for tests, that can behave badly. */
#include "test/support/web.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "corda/digest.h"
#include "data/base64.h"
#include "proto/websocket.h"
#include "test/support/test.h"

enum { REQUEST_ROOM = 64 * 1024 };

void web_send_part(int fd, const char *bytes)
{
	size_t len = strlen(bytes);

	while (len) {
		ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);

		if (n <= 0)
			return;
		bytes += n;
		len -= (size_t)n;
	}
}

void web_send(int fd, const char *status, const char *headers, const char *body)
{
	char head[1024];

	snprintf(head, sizeof(head),
		 "HTTP/1.1 %s\r\nConnection: close\r\n%s"
		 "Content-Length: %zu\r\n\r\n",
		 status, headers, strlen(body));
	web_send_part(fd, head);
	web_send_part(fd, body);
}

static void add_accept(struct buf *out, const char *request)
{
	const char *key = strstr(request, "Sec-WebSocket-Key: ") + 19;
	cleanup(buf_release) struct buf text = BUF_INIT(256);
	uint8_t hash[DIGEST_MAX];

	buf_addf(&text, "%.24s" WEBSOCKET_GUID, key);
	digest_bytes(DIGEST_SHA1, text.data, text.len, hash);
	base64_encode(hash, 20, out);
}

void web_upgrade(int fd, const char *request, const char *protocol,
		 const void *frames, size_t len)
{
	cleanup(buf_release) struct buf out = BUF_INIT(1 << 20);

	buf_add_str(&out, "HTTP/1.1 101 Switching Protocols\r\n"
			  "Sec-WebSocket-Accept: ");
	add_accept(&out, request);
	if (protocol)
		buf_addf(&out, "\r\nSec-WebSocket-Protocol: %s", protocol);
	buf_add_str(&out, "\r\n\r\n");
	buf_add(&out, frames, len);
	(void)!send(fd, out.data, out.len, MSG_NOSIGNAL);
}

/* True once head and body are there; a body may hold NUL. */
static bool is_whole(const char *request, size_t len)
{
	const char *body = strstr(request, "\r\n\r\n");
	const char *length = strcasestr(request, "\r\nContent-Length:");

	if (!body)
		return false;
	if (!length || length > body)
		return true;
	return len - (size_t)(body + 4 - request) >=
	       strtoul(length + 17, NULL, 10);
}

static void serve(struct web *w, int fd)
{
	static char request[REQUEST_ROOM];
	size_t len = 0;
	ssize_t n;

	request[0] = 0;
	while (!is_whole(request, len) && len < sizeof(request) - 1) {
		n = recv(fd, request + len, sizeof(request) - 1 - len, 0);
		if (n <= 0)
			return;
		len += (size_t)n;
		request[len] = 0;
	}
	w->answer(w, fd, atomic_fetch_add(&w->seen, 1), request);
}

static void *run(void *ctx)
{
	struct web *w = ctx;
	struct pollfd p = { .fd = w->listener, .events = POLLIN };

	while (!w->over) {
		int fd;

		if (poll(&p, 1, 20) <= 0)
			continue;
		fd = accept(w->listener, NULL, NULL);
		if (fd < 0)
			continue;
		serve(w, fd);
		close(fd);
	}
	return NULL;
}

void web_start(struct web *w)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof(at);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	w->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(w->listener >= 0);
	assert_int_equal(bind(w->listener, (struct sockaddr *)&at, len), 0);
	assert_int_equal(listen(w->listener, 64), 0);
	getsockname(w->listener, (struct sockaddr *)&at, &len);
	w->port = ntohs(at.sin_port);
	w->over = 0;
	w->seen = 0;
	assert_int_equal(pthread_create(&w->thread, NULL, run, w), 0);
}

void web_stop(struct web *w)
{
	w->over = 1;
	pthread_join(w->thread, NULL);
	close(w->listener);
}
