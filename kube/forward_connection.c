/* SPDX-License-Identifier: Apache-2.0 */
/* forward_connection.c - moves bytes between a client and a pod, on the loop.
 */
#include "kube/forward_connection.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/clock.h"

/*
 * A connection lives from accept() to the first of: the pod's end, an error on
 * either side, close. What the pod sends is kept in `down` until the client
 * takes it, and the tunnel is not read meanwhile; the client is not read while
 * the tunnel has no room. TLS may hold bytes that the descriptor does not tell
 * of: so the tunnel is read until it is empty, and the connection has its next
 * turn at once while it is not (`readable`).
 */
enum { DATA = 0, TROUBLE = 1 };
enum { DOWN_FULL = 256 * 1024 };

void connection_free(struct connection *c, bool reset)
{
	struct linger now = { .l_onoff = 1 };

	if (!c)
		return;
	timer_close(c->turn);
	watch_close(c->client);
	watch_close(c->pod);
	if (reset)
		setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	close(c->fd);
	tunnel_free(c->tunnel);
	buf_release(&c->down);
	free(c);
}

/* A message of the pod: its channel's first two bytes are the port. */
static int take(struct connection *c, const struct tunnel_message *m,
		struct error *err)
{
	const uint8_t *p = m->bytes;
	size_t len = m->len;

	if (m->channel >= FORWARD_CHANNELS)
		return error_set(
			err, ERROR_DEPLOY,
			"the API server sent bytes of an unknown channel (%u)",
			m->channel);
	for (; len && c->port_bytes[m->channel]; p++, len--)
		c->port_bytes[m->channel]--;
	if (m->channel == TROUBLE && len) {
		while (len && (p[len - 1] == '\n' || p[len - 1] == ' '))
			len--;
		return error_set(err, ERROR_DEPLOY, "%.*s", (int)len,
				 (const char *)p);
	}
	buf_add(&c->down, p, len);
	return buf_check(&c->down, err);
}

static int send_down(struct connection *c, struct error *err)
{
	ssize_t n;

	if (!c->down.len)
		return 0;
	n = send(c->fd, c->down.data, c->down.len, MSG_NOSIGNAL);
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		return error_errno(err, ERROR_DEPLOY, errno, "the client");
	if (n > 0)
		buf_consume(&c->down, (size_t)n);
	return 0;
}

static int move_down(struct connection *c, struct error *err)
{
	struct tunnel_message m;

	while (c->readable && !c->remote_done && c->down.len < DOWN_FULL) {
		int n = tunnel_read(c->tunnel, &m, err);

		if (n < 0 || (n == TUNNEL_MESSAGE && take(c, &m, err) < 0))
			return -1;
		c->readable = n != TUNNEL_EMPTY;
		c->remote_done = n == TUNNEL_CLOSED;
		if (n == TUNNEL_MESSAGE && c->local_done)
			c->linger_us =
				clock_mono_us() + FORWARD_LINGER_S * 1000000LL;
	}
	return send_down(c, err);
}

static int move_up(struct connection *c, struct error *err)
{
	uint8_t bytes[TUNNEL_CHUNK];

	while (!c->local_done && tunnel_has_room(c->tunnel)) {
		ssize_t n = recv(c->fd, bytes, sizeof(bytes), 0);

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			break;
		if (n < 0)
			return error_errno(err, ERROR_DEPLOY, errno,
					   "the client");
		c->local_done = n == 0;
		c->linger_us = clock_mono_us() + FORWARD_LINGER_S * 1000000LL;
		if (n > 0 &&
		    tunnel_write(c->tunnel, DATA, bytes, (size_t)n, err) < 0)
			return -1;
	}
	return tunnel_flush(c->tunnel, err);
}

/* Moves what can be moved. 1: it is done; -1: it is to be reset. */
static int connection_move(struct connection *c, struct error *err)
{
	if (!c->remote_done && move_up(c, err) < 0)
		return -1;
	if (move_down(c, err) < 0)
		return -1;
	if (c->remote_done && !c->down.len && tunnel_has_unsent(c->tunnel))
		return error_set(err, ERROR_DEPLOY,
				 "the pod ended before it received all bytes");
	if (c->remote_done && !c->down.len)
		return 1;
	return c->local_done && clock_mono_us() >= c->linger_us ? 1 : 0;
}

static void connection_remove(struct connection *c, bool reset)
{
	struct kube_forward *f = c->forward;
	unsigned i = 0;

	while (f->connections[i] != c)
		i++;
	f->connections[i] = f->connections[--f->count];
	connection_free(c, reset);
	forward_begin_next(f);
}

/* What a connection waits for. */
static void connection_wait(struct connection *c)
{
	bool full = c->down.len >= DOWN_FULL;
	bool up =
		!c->local_done && !c->remote_done && tunnel_has_room(c->tunnel);
	unsigned client = 0, pod = 0;

	if (up)
		client |= WATCH_READ;
	if (c->down.len)
		client |= WATCH_WRITE;
	if (!full && !c->remote_done)
		pod |= WATCH_READ;
	if (!c->remote_done && tunnel_has_unsent(c->tunnel))
		pod |= WATCH_WRITE;
	watch_set(c->client, client);
	watch_set(c->pod, pod);
	if (c->readable && !full && !c->remote_done)
		timer_set(c->turn, 0, 0);
	else if (c->local_done)
		timer_set(c->turn, c->linger_us - clock_mono_us(), 0);
}

/* Takes what belongs to the tunnel away, for another one. */
static void tunnel_drop(struct connection *c)
{
	watch_close(c->pod);
	tunnel_free(c->tunnel);
	c->pod = NULL;
	c->tunnel = NULL;
}

/* Sends the request, and looks for its answer: 1, 0 and -1 as tunnel_answer().
 */
static int connection_open(struct connection *c, struct error *err)
{
	const struct tunnel_request request = forward_request(c->forward);
	int64_t left = tunnel_deadline(c->tunnel) - clock_mono_us();
	int status = 0, n = tunnel_flush(c->tunnel, err);

	if (n < 0)
		return error_wrap(err, "forward %s", c->forward->what);
	watch_set(c->pod, tunnel_has_unsent(c->tunnel)
				  ? WATCH_READ | WATCH_WRITE
				  : WATCH_READ);
	n = tunnel_answer(c->tunnel, &request, &status, err);
	c->open = n > 0;
	if (n == 0)
		timer_set(c->turn, left > 0 ? left : 0, 0);
	if (n == 0 || status != TUNNEL_UNAUTHORIZED || c->again)
		return n;
	c->again = true;
	timer_stop(c->turn);
	tunnel_drop(c);
	forward_begin_next(c->forward);
	return 0;
}

/* Ends a connection: `end` as connection_move() says. */
static void connection_end(struct connection *c, int end, struct error *err)
{
	if (end < 0)
		forward_remember(c->forward, err);
	connection_remove(c, end < 0);
}

void connection_turn(void *ctx)
{
	struct connection *c = ctx;
	struct error err = { 0 };
	int end = c->open ? 1 : connection_open(c, &err);

	if (end < 0) {
		connection_end(c, end, &err);
	} else if (end > 0) {
		end = connection_move(c, &err);
		if (end < 0)
			error_wrap(&err, "forward %s", c->forward->what);
		if (end)
			connection_end(c, end, &err);
		else
			connection_wait(c);
	}
}

void connection_on_client(void *ctx, unsigned ready)
{
	(void)ready;
	connection_turn(ctx);
}

void connection_on_pod(void *ctx, unsigned ready)
{
	struct connection *c = ctx;

	(void)ready;
	c->readable = true;
	connection_turn(c);
}
