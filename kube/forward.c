/* SPDX-License-Identifier: Apache-2.0 */
/* forward.c - one thread that listens, and moves bytes to and from a pod. */
#include "kube/forward.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include "kube/tunnel.h"
#include "sys/clock.h"

/*
 * A connection lives from accept() to the first of: the pod's end, an error on
 * either side, close. What the pod sends is kept in `down` until the client
 * takes it, and the tunnel is not read meanwhile; the client is not read while
 * the tunnel has no room. TLS may hold bytes that poll() does not see: so the
 * tunnel is read until it is empty, and the thread does not sleep while one is
 * not (`readable`).
 */
enum { DATA = 0, TROUBLE = 1, CHANNELS = 2, PORT_BYTES = 2 };
enum { DOWN_MAX = 2 * 1024 * 1024, DOWN_FULL = 256 * 1024 };

struct connection {
	int fd;
	struct tunnel *tunnel;
	struct buf down;
	unsigned port_bytes[CHANNELS]; /* of the head that is yet to come */
	bool readable; /* the tunnel may have more */
	bool remote_done, local_done;
	int64_t linger_us; /* the end of it once local_done */
};

struct kube_forward {
	struct kube *kube;
	char *path, *what;
	int listener, stop;
	pthread_t thread;
	pthread_mutex_t lock; /* of why */
	struct error why;
	struct connection connections[FORWARD_CONNECTIONS];
	unsigned count;
};

static void connection_end(struct connection *c, bool reset)
{
	struct linger now = { .l_onoff = 1 };

	if (reset)
		setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	close(c->fd);
	tunnel_free(c->tunnel);
	buf_release(&c->down);
}

static void connection_accept(struct kube_forward *f, struct error *err)
{
	struct connection c = { .port_bytes = { PORT_BYTES, PORT_BYTES },
				.readable = true };
	const struct tunnel_request request = { .verb = "forward",
						.what = f->what,
						.path = f->path,
						.protocols =
							"v4.channel.k8s.io" };

	c.fd = accept4(f->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (c.fd < 0)
		return;
	buf_init(&c.down, DOWN_MAX);
	if (tunnel_open(f->kube, &request, &c.tunnel, NULL, err) < 0) {
		connection_end(&c, true);
		return;
	}
	f->connections[f->count++] = c;
}

/* A message of the pod: its channel's first two bytes are the port. */
static int take(struct connection *c, const struct tunnel_message *m,
		struct error *err)
{
	const uint8_t *p = m->bytes;
	size_t len = m->len;

	if (m->channel >= CHANNELS)
		return error_set(err, ERROR_DEPLOY, "an unknown channel, %u",
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
				 "the pod has ended with bytes on their way");
	if (c->remote_done && !c->down.len)
		return 1;
	return c->local_done && clock_mono_us() >= c->linger_us ? 1 : 0;
}

static void remember(struct kube_forward *f, const struct error *err)
{
	pthread_mutex_lock(&f->lock);
	f->why = *err;
	pthread_mutex_unlock(&f->lock);
}

static void forward_move(struct kube_forward *f)
{
	for (unsigned i = f->count; i-- > 0;) {
		struct error err = { 0 };
		int end = connection_move(&f->connections[i], &err);

		if (!end)
			continue;
		connection_end(&f->connections[i], end < 0);
		f->connections[i] = f->connections[--f->count];
		if (end < 0) {
			error_wrap(&err, "forward %s", f->what);
			remember(f, &err);
		}
	}
}

/* What a connection waits for; false: it need not wait. */
static bool connection_wants(const struct connection *c, struct pollfd p[2])
{
	bool full = c->down.len >= DOWN_FULL;
	bool up =
		!c->local_done && !c->remote_done && tunnel_has_room(c->tunnel);

	p[0] = (struct pollfd){ c->fd, 0, 0 };
	p[1] = (struct pollfd){ tunnel_fd(c->tunnel), 0, 0 };
	if (up)
		p[0].events |= POLLIN;
	if (c->down.len)
		p[0].events |= POLLOUT;
	if (!full && !c->remote_done)
		p[1].events |= POLLIN;
	if (!c->remote_done && tunnel_has_unsent(c->tunnel))
		p[1].events |= POLLOUT;
	for (int i = 0; i < 2; i++)
		if (!p[i].events)
			p[i].fd = -1;
	return full || c->remote_done || !c->readable;
}

/* Sleeps until something can be moved. false: the forward is closed. */
static bool forward_wait(struct kube_forward *f, bool *ret_accept)
{
	struct pollfd p[2 + 2 * FORWARD_CONNECTIONS];
	bool full = f->count == FORWARD_CONNECTIONS;
	int ms = 1000;

	p[0] = (struct pollfd){ f->stop, POLLIN, 0 };
	p[1] = (struct pollfd){ full ? -1 : f->listener, POLLIN, 0 };
	for (unsigned i = 0; i < f->count; i++)
		if (!connection_wants(&f->connections[i], p + 2 + 2 * i))
			ms = 0;
	if (poll(p, 2 + 2 * f->count, ms) < 0)
		return errno == EINTR;
	for (unsigned i = 0; i < f->count; i++)
		if (p[2 + 2 * i + 1].revents)
			f->connections[i].readable = true;
	*ret_accept = p[1].revents & POLLIN;
	return !p[0].revents;
}

static void *forward_run(void *ctx)
{
	struct kube_forward *f = ctx;
	bool accept = false;

	while (forward_wait(f, &accept)) {
		struct error err = { 0 };

		if (accept)
			connection_accept(f, &err);
		if (err.kind)
			remember(f, &err);
		accept = false;
		forward_move(f);
	}
	while (f->count)
		connection_end(&f->connections[--f->count], true);
	return NULL;
}

static void forward_free(struct kube_forward *f)
{
	if (f->listener >= 0)
		close(f->listener);
	if (f->stop >= 0)
		close(f->stop);
	kube_free(f->kube);
	free(f->path);
	free(f->what);
	free(f);
}

static int listen_local(struct kube_forward *f, uint16_t *ret_port,
			struct error *err)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof(at);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	f->stop = eventfd(0, EFD_CLOEXEC);
	f->listener =
		socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (f->stop < 0 || f->listener < 0 ||
	    bind(f->listener, (struct sockaddr *)&at, len) < 0 ||
	    listen(f->listener, FORWARD_CONNECTIONS) < 0 ||
	    getsockname(f->listener, (struct sockaddr *)&at, &len) < 0)
		return error_errno(err, ERROR_DEPLOY, errno,
				   "a port on 127.0.0.1");
	*ret_port = ntohs(at.sin_port);
	return 0;
}

static int name_it(struct kube_forward *f, const char *namespace,
		   const char *pod, uint16_t port, struct error *err)
{
	cleanup(buf_release) struct buf path = BUF_INIT(900);
	cleanup(buf_release) struct buf what = BUF_INIT(600);

	buf_addf(&path, "/api/v1/namespaces/%s/pods/%s/portforward?ports=%u",
		 namespace, pod, port);
	buf_addf(&what, "Pod %s/%s port %u", namespace, pod, port);
	f->path = buf_steal_text(&path);
	f->what = buf_steal_text(&what);
	return f->path && f->what ? 0 : error_nomem(err);
}

int kube_forward_open(const struct kubeconfig *where, const char *namespace,
		      const char *pod, uint16_t port, uint16_t *ret_local_port,
		      struct kube_forward **ret, struct error *err)
{
	struct kube_forward *f = calloc(1, sizeof(*f));
	uint16_t local = 0;
	int failed;

	if (!f)
		return error_nomem(err);
	f->listener = f->stop = -1;
	pthread_mutex_init(&f->lock, NULL);
	if (name_it(f, namespace, pod, port, err) < 0 ||
	    kube_open(where, &f->kube, err) < 0 ||
	    listen_local(f, &local, err) < 0) {
		forward_free(f);
		return -1;
	}
	failed = pthread_create(&f->thread, NULL, forward_run, f);
	if (failed) {
		forward_free(f);
		return error_errno(err, ERROR_INTERNAL, failed, "a thread");
	}
	*ret_local_port = local;
	*ret = f;
	return 0;
}

void kube_forward_why(struct kube_forward *f, struct error *ret)
{
	pthread_mutex_lock(&f->lock);
	*ret = f->why;
	pthread_mutex_unlock(&f->lock);
}

void kube_forward_close(struct kube_forward *f)
{
	if (!f)
		return;
	eventfd_write(f->stop, 1);
	pthread_join(f->thread, NULL);
	pthread_mutex_destroy(&f->lock);
	forward_free(f);
}
