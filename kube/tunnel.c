/* SPDX-License-Identifier: Apache-2.0 */
/* tunnel.c - a WebSocket connection, and its messages in both directions. */
#include "kube/tunnel.h"

#include <assert.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "corda/digest.h"
#include "data/base64.h"
#include "kube/status.h"
#include "proto/websocket.h"
#include "sys/clock.h"
#include "sys/entropy.h"
#include "sys/interrupt.h"
#include "sys/wait.h"

enum {
	OUT_MAX = 8 * (TUNNEL_CHUNK + WEBSOCKET_HEAD + 1),
	MESSAGE_MAX = 1024 * 1024,
	IN_MAX = MESSAGE_MAX + 2 * TUNNEL_CHUNK,
	HEAD_MAX = 64 * 1024,
	UPGRADE_MS = 30 * 1000
};

struct tunnel {
	struct http_raw *raw;
	int64_t deadline_us; /* of the answer to the upgrade */
	struct buf in, out;
	size_t taken; /* bytes of `in` that the last message was */
	char accept[64]; /* what the server must answer to our key */
	char protocol[64];
};

void tunnel_free(struct tunnel *t)
{
	if (!t)
		return;
	http_raw_free(t->raw);
	buf_release(&t->in);
	buf_release(&t->out);
	free(t);
}

int tunnel_fd(const struct tunnel *t)
{
	return http_raw_fd(t->raw);
}

const char *tunnel_protocol(const struct tunnel *t)
{
	return t->protocol;
}

bool tunnel_has_room(const struct tunnel *t)
{
	return t->out.len + TUNNEL_CHUNK + 1 + WEBSOCKET_HEAD <= OUT_MAX;
}

bool tunnel_has_unsent(const struct tunnel *t)
{
	return t->out.len > 0;
}

static int write_frame(struct tunnel *t, enum websocket_opcode opcode,
		       const struct tunnel_message *m, size_t first,
		       struct error *err)
{
	uint8_t mask[4];

	if (random_bytes(mask, sizeof(mask), err) < 0)
		return -1;
	websocket_write(&t->out, opcode, mask, &m->channel, first, m->bytes,
			m->len);
	return buf_check(&t->out, err);
}

int tunnel_write(struct tunnel *t, uint8_t channel, const void *bytes,
		 size_t len, struct error *err)
{
	struct tunnel_message m = { channel, bytes, len };

	assert(len <= TUNNEL_CHUNK && tunnel_has_room(t));
	return write_frame(t, WEBSOCKET_BINARY, &m, 1, err);
}

int tunnel_flush(struct tunnel *t, struct error *err)
{
	size_t sent = 0;
	int n = 1;

	while (n > 0 && sent < t->out.len) {
		n = http_raw_send(t->raw, t->out.data + sent, t->out.len - sent,
				  err);
		if (n > 0)
			sent += (size_t)n;
	}
	buf_consume(&t->out, sent);
	return n < 0 ? -1 : 0;
}

/* Takes in what is there: > 0 when there was something. */
static int fill(struct tunnel *t, struct error *err)
{
	uint8_t *room = buf_reserve(&t->in, TUNNEL_CHUNK);
	int n;

	if (!room)
		return buf_check(&t->in, err);
	n = http_raw_receive(t->raw, room, TUNNEL_CHUNK, err);
	if (n > 0)
		t->in.len += (size_t)n;
	t->in.data[t->in.len] = 0; /* the head of the answer is read as text */
	return n;
}

/* Waits until the socket can be used, no longer than the deadline. */
static int wait_raw(struct tunnel *t, short events, struct error *err)
{
	if (wait_fd(tunnel_fd(t), events, t->deadline_us))
		return 0;
	if (interrupt_check(err) < 0)
		return -1;
	return error_set(err, ERROR_DEPLOY,
			 "the API server has not answered the upgrade to "
			 "WebSocket within %d s",
			 UPGRADE_MS / 1000);
}

/* Takes in what is there. 1: so many bytes are (0: a whole head); 0: not yet.
 */
static int receive(struct tunnel *t, size_t len, struct error *err)
{
	while (len ? t->in.len < len : !strstr(buf_text(&t->in), "\r\n\r\n")) {
		int n = fill(t, err);

		if (n <= 0)
			return n;
		if (t->in.len > HEAD_MAX)
			return error_set(
				err, ERROR_DEPLOY,
				"the header of the answer is too long");
	}
	return 1;
}

/* The value of a header line, or NULL; ends with "\r\n". */
static const char *header(const char *head, const char *name)
{
	const char *p = strcasestr(head, name);

	return p ? p + strlen(name) + strspn(p + strlen(name), " ") : NULL;
}

/* The server has refused: its words follow the head. They are waited for, but
 * not for longer than the answer itself; 0: they are on their way. */
static int refused(struct tunnel *t, const struct tunnel_request *request,
		   size_t head, int status, struct error *err)
{
	const char *size = header(buf_text(&t->in), "\r\nContent-Length:");
	size_t len = size ? strtoul(size, NULL, 10) : 0;

	if (len && len < HEAD_MAX && receive(t, head + len, NULL) == 0 &&
	    clock_mono_us() < t->deadline_us)
		return 0;
	buf_consume(&t->in, head);
	return kube_status_error(request->verb, request->what, status, &t->in,
				 err);
}

static int check_accepted(struct tunnel *t, const char *end, struct error *err)
{
	const char *accept =
		header(buf_text(&t->in), "\r\nSec-WebSocket-Accept:");
	const char *protocol =
		header(buf_text(&t->in), "\r\nSec-WebSocket-Protocol:");

	if (!accept || accept >= end ||
	    strncmp(accept, t->accept, strlen(t->accept)) != 0)
		return error_set(err, ERROR_DEPLOY,
				 "the answer does not belong to this upgrade "
				 "to WebSocket");
	if (protocol && protocol < end)
		snprintf(t->protocol, sizeof(t->protocol), "%.*s",
			 (int)strcspn(protocol, "\r"), protocol);
	return 0;
}

static int receive_head(struct tunnel *t, struct error *err)
{
	int n = receive(t, 0, err);

	if (n == 0 && clock_mono_us() >= t->deadline_us)
		return error_set(err, ERROR_DEPLOY,
				 "the API server has not answered the upgrade "
				 "to WebSocket within %d s",
				 UPGRADE_MS / 1000);
	return n;
}

int tunnel_answer(struct tunnel *t, const struct tunnel_request *request,
		  int *ret_status, struct error *err)
{
	const char *text, *end;
	int status = 0, n = receive_head(t, err);

	if (n < 0)
		return error_wrap(err, "%s %s", request->verb, request->what);
	if (n == 0)
		return 0;
	text = buf_text(&t->in);
	end = strstr(text, "\r\n\r\n") + 4;
	if (sscanf(text, "HTTP/1.1 %3d", &status) != 1)
		return error_set(err, ERROR_DEPLOY,
				 "%s %s: the answer is not HTTP/1.1",
				 request->verb, request->what);
	if (status != 101) {
		*ret_status = status;
		return refused(t, request, (size_t)(end - text), status, err);
	}
	if (check_accepted(t, end, err) < 0)
		return error_wrap(err, "%s %s", request->verb, request->what);
	buf_consume(&t->in, (size_t)(end - text));
	return 1;
}

int64_t tunnel_deadline(const struct tunnel *t)
{
	return t->deadline_us;
}

/* Adds the key to the request; remembers what the answer to it must be. */
static int add_key(struct tunnel *t, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(256);
	uint8_t key[16], hash[DIGEST_MAX];

	if (random_bytes(key, sizeof(key), err) < 0)
		return -1;
	base64_encode(key, sizeof(key), &text);
	buf_addf(&t->out, "Sec-WebSocket-Key: %s\r\n", buf_text(&text));
	buf_add_str(&text, WEBSOCKET_GUID);
	digest_bytes(DIGEST_SHA1, text.data, text.len, hash);
	buf_clear(&text);
	base64_encode(hash, digest_size(DIGEST_SHA1), &text);
	snprintf(t->accept, sizeof(t->accept), "%s", buf_text(&text));
	return buf_check(&text, err);
}

/* "https://host:port/prefix": where its parts begin. */
static const char *after_scheme(const char *server)
{
	const char *p = strstr(server, "://");

	return p ? p + 3 : server;
}

static int add_request(struct tunnel *t, const char *server,
		       const struct tunnel_request *request,
		       const struct buf *who, struct error *err)
{
	const char *host = after_scheme(server);
	const char *prefix = host + strcspn(host, "/");

	buf_addf(&t->out,
		 "GET %s%s HTTP/1.1\r\nHost: %.*s\r\n"
		 "Connection: Upgrade\r\nUpgrade: websocket\r\n"
		 "Sec-WebSocket-Version: 13\r\n"
		 "Sec-WebSocket-Protocol: %s\r\n",
		 prefix, request->path, (int)(prefix - host), host,
		 request->protocols);
	if (add_key(t, err) < 0)
		return -1;
	buf_add(&t->out, who->data, who->len);
	buf_add_str(&t->out, "\r\n");
	return buf_check(&t->out, err);
}

static int send_request(struct tunnel *t, struct error *err)
{
	for (;;) {
		if (tunnel_flush(t, err) < 0)
			return -1;
		if (!tunnel_has_unsent(t))
			return 0;
		if (wait_raw(t, POLLOUT, err) < 0)
			return -1;
	}
}

static struct tunnel *tunnel_new(struct error *err)
{
	struct tunnel *t = calloc(1, sizeof(*t));

	if (!t) {
		error_nomem(err);
		return NULL;
	}
	t->deadline_us = clock_mono_us() + UPGRADE_MS * 1000LL;
	buf_init(&t->in, IN_MAX);
	buf_init(&t->out, OUT_MAX);
	return t;
}

int tunnel_start(struct kube *k, struct loop *loop,
		 const struct tunnel_request *request, http_raw_fn fn,
		 void *ctx, struct tunnel **ret, struct error *err)
{
	cleanup(tunnel_freep) struct tunnel *t = tunnel_new(err);
	cleanup(buf_release) struct buf who = BUF_INIT(HEAD_MAX);

	if (!t)
		return -1;
	if (kube_raw_start(k, loop, fn, ctx, &t->raw, &who, err) < 0 ||
	    add_request(t, kube_config(k)->server, request, &who, err) < 0)
		return error_wrap(err, "%s %s", request->verb, request->what);
	*ret = steal(t);
	return 0;
}

/* Connects and sends the request. `again`: the credentials were refused, and
 * are to be renewed. */
static int begin(struct kube *k, const struct tunnel_request *request,
		 bool again, struct tunnel **ret, struct error *err)
{
	cleanup(tunnel_freep) struct tunnel *t = tunnel_new(err);
	cleanup(buf_release) struct buf who = BUF_INIT(HEAD_MAX);

	if (!t)
		return -1;
	if (kube_raw(k, again, &t->raw, &who, err) < 0 ||
	    add_request(t, kube_config(k)->server, request, &who, err) < 0 ||
	    send_request(t, err) < 0)
		return error_wrap(err, "%s %s", request->verb, request->what);
	*ret = steal(t);
	return 0;
}

static int open_once(struct kube *k, const struct tunnel_request *request,
		     bool again, struct tunnel **ret, int *ret_status,
		     struct error *err)
{
	cleanup(tunnel_freep) struct tunnel *t = NULL;
	int n;

	if (begin(k, request, again, &t, err) < 0)
		return -1;
	while ((n = tunnel_answer(t, request, ret_status, err)) == 0)
		if (wait_raw(t, POLLIN, NULL) < 0 && interrupt_check(err) < 0)
			return error_wrap(err, "%s %s", request->verb,
					  request->what);
	if (n < 0)
		return -1;
	*ret = steal(t);
	return 0;
}

int tunnel_open(struct kube *k, const struct tunnel_request *request,
		struct tunnel **ret, int *ret_status, struct error *err)
{
	int status = 0;
	int rc = open_once(k, request, false, ret, &status, err);

	if (rc < 0 && status == TUNNEL_UNAUTHORIZED) {
		status = 0;
		rc = open_once(k, request, true, ret, &status, err);
	}
	if (ret_status)
		*ret_status = status;
	return rc;
}

/* What the frame means: a message, the end, or nothing to the caller. */
static int take(struct tunnel *t, const struct websocket_frame *f,
		struct tunnel_message *ret, struct error *err)
{
	struct tunnel_message pong = { 0, f->payload, f->len };

	t->taken = f->size;
	switch (f->opcode) {
	case WEBSOCKET_CLOSE:
		return TUNNEL_CLOSED;
	case WEBSOCKET_PING:
		if (!tunnel_has_room(t))
			return TUNNEL_EMPTY;
		return write_frame(t, WEBSOCKET_PONG, &pong, 0, err);
	case WEBSOCKET_PONG:
		return TUNNEL_EMPTY;
	default:
		break;
	}
	if (!f->final || f->opcode == WEBSOCKET_MORE)
		return error_set(err, ERROR_DEPLOY,
				 "the API server sent a message in fragments, "
				 "which medley does not support");
	if (!f->len)
		return TUNNEL_EMPTY;
	*ret = (struct tunnel_message){ f->payload[0], f->payload + 1,
					f->len - 1 };
	return TUNNEL_MESSAGE;
}

int tunnel_read(struct tunnel *t, struct tunnel_message *ret, struct error *err)
{
	struct websocket_frame f;

	for (;;) {
		int n;

		buf_consume(&t->in, t->taken);
		t->taken = 0;
		n = websocket_read(t->in.data, t->in.len, MESSAGE_MAX, &f, err);
		if (n > 0) {
			n = take(t, &f, ret, err);
			if (n != TUNNEL_EMPTY)
				return n;
			continue;
		}
		if (n == 0)
			n = fill(t, err);
		if (n <= 0)
			return n < 0 ? -1 : TUNNEL_EMPTY;
	}
}
