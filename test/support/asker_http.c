/* SPDX-License-Identifier: Apache-2.0 */
/* asker_http.c - asks a doorman over HTTP, well or badly. */
#include <arpa/inet.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test/support/asker.h"
#include "test/support/test.h"

enum { PATIENT_MS = 20000, PIECE = 65536 };

int asker_dial(const struct asker *a, const char *from)
{
	struct sockaddr_in own = { .sin_family = AF_INET };
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(a->port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	if (from) {
		assert_int_equal(inet_pton(AF_INET, from, &own.sin_addr), 1);
		assert_int_equal(bind(fd, (struct sockaddr *)&own, sizeof(own)),
				 0);
	}
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

/* A server that does not want to read on may have closed. */
static void send_all(int fd, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;

	while (len) {
		ssize_t n = send(fd, at, len, MSG_NOSIGNAL);

		if (n <= 0)
			return;
		at += n;
		len -= (size_t)n;
	}
}

void asker_put(int fd, const char *text)
{
	send_all(fd, text, strlen(text));
}

static void read_all(int fd, struct buf *out)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	ssize_t n = 1;

	while (n > 0) {
		uint8_t *piece = buf_reserve(out, PIECE);

		assert_non_null(piece);
		if (poll(&p, 1, PATIENT_MS) != 1)
			fail_msg("no end of the answer \"%s\"", buf_text(out));
		n = recv(fd, piece, PIECE, 0);
		out->len += n > 0 ? (size_t)n : 0;
	}
	buf_add_str(out, "");
}

static void parse(struct asker *a, const struct buf *all)
{
	static const char interim[] = "HTTP/1.1 100 Continue\r\n\r\n";
	const char *text = buf_text(all), *lines, *body;

	if (!strncmp(text, interim, strlen(interim)))
		text += strlen(interim);
	lines = strstr(text, "\r\n");
	body = strstr(text, "\r\n\r\n");
	if (strncmp(text, "HTTP/1.1 ", 9) || !body)
		return;
	a->status = (unsigned)strtoul(text + 9, NULL, 10);
	buf_add(&a->head, lines + 2, (size_t)(body - lines));
	body += 4;
	buf_add(&a->body, body, all->len - (size_t)(body - buf_text(all)));
}

void asker_hang_up(struct asker *a, int fd)
{
	struct buf all = BUF_INIT(1 << 24);

	a->status = 0;
	buf_clear(&a->head);
	buf_clear(&a->body);
	read_all(fd, &all);
	close(fd);
	parse(a, &all);
	buf_release(&all);
}

void asker_say(struct asker *a, const char *text)
{
	int fd = asker_dial(a, NULL);

	asker_put(fd, text);
	asker_hang_up(a, fd);
}

static void send_request(int fd, const char *method, const char *path,
			 const struct buf *body)
{
	struct buf request = BUF_INIT(1 << 20);

	buf_addf(&request, "%s %s HTTP/1.1\r\nHost: doorman\r\n", method, path);
	if (body)
		buf_addf(&request, "Content-Length: %zu\r\n", body->len);
	buf_add_str(&request, "\r\n");
	if (body)
		buf_add(&request, body->data, body->len);
	send_all(fd, request.data, request.len);
	buf_release(&request);
}

void asker_post(int fd, const char *path, const struct buf *body)
{
	send_request(fd, "POST", path, body);
}

void asker_by_http(struct asker *a, const char *method, const char *path,
		   const struct buf *body)
{
	int fd = asker_dial(a, NULL);

	send_request(fd, method, path, body);
	asker_hang_up(a, fd);
}
