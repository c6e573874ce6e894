/* SPDX-License-Identifier: Apache-2.0 */
/* forward.c - listens, and moves bytes to and from a pod, on the loop. */
#include "kube/forward.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "kube/tunnel.h"
#include "net/background.h"
#include "sys/clock.h"

/*
 * A connection lives from accept() to the first of: the pod's end, an error on
 * either side, close. What the pod sends is kept in `down` until the client
 * takes it, and the tunnel is not read meanwhile; the client is not read while
 * the tunnel has no room. TLS may hold bytes that the descriptor does not tell
 * of: so the tunnel is read until it is empty, and the connection has its next
 * turn at once while it is not (`readable`).
 *
 * All of it belongs to the background's loop, but for tunnel_open(), which
 * blocks: it has a thread for as long as it takes. A forward opens one tunnel
 * at a time, and accepts nothing meanwhile.
 */
enum { DATA = 0, TROUBLE = 1, CHANNELS = 2, PORT_BYTES = 2 };
enum { DOWN_MAX = 2 * 1024 * 1024, DOWN_FULL = 256 * 1024 };

struct connection {
	struct kube_forward *forward;
	int fd;
	struct tunnel *tunnel;
	struct watch *client, *pod; /* of fd, of the tunnel's */
	struct timer *turn; /* its next turn: at once, or when it lingered */
	struct buf down;
	unsigned port_bytes[CHANNELS]; /* of the head that is yet to come */
	bool readable; /* the tunnel may have more */
	bool remote_done, local_done;
	int64_t linger_us; /* the end of it once local_done */
};

struct kube_forward {
	struct background *background;
	struct kube *kube; /* the opening thread's, while there is one */
	char *path, *what;
	int listener;
	struct watch *accepting;
	pthread_mutex_t lock; /* of why */
	struct error why;
	struct connection *connections[FORWARD_CONNECTIONS];
	unsigned count;
	struct opening {
		bool going;
		pthread_t thread;
		struct post post;
		struct connection *connection; /* owned */
		int rc;
		struct error err;
	} opening;
	bool ending, ends_opening; /* close() waits for the opening thread */
	int rc; /* of the beginning, and why */
	struct error *err;
};

static void connection_free(struct connection *c, bool reset)
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

static void accept_more(struct kube_forward *f);

static void remember(struct kube_forward *f, const struct error *err)
{
	pthread_mutex_lock(&f->lock);
	f->why = *err;
	pthread_mutex_unlock(&f->lock);
}

static void connection_remove(struct connection *c, bool reset)
{
	struct kube_forward *f = c->forward;
	unsigned i = 0;

	while (f->connections[i] != c)
		i++;
	f->connections[i] = f->connections[--f->count];
	connection_free(c, reset);
	accept_more(f);
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

static void connection_turn(void *ctx)
{
	struct connection *c = ctx;
	struct error err = { 0 };
	int end = connection_move(c, &err);

	if (!end) {
		connection_wait(c);
		return;
	}
	if (end < 0) {
		error_wrap(&err, "forward %s", c->forward->what);
		remember(c->forward, &err);
	}
	connection_remove(c, end < 0);
}

static void on_client(void *ctx, unsigned ready)
{
	(void)ready;
	connection_turn(ctx);
}

static void on_pod(void *ctx, unsigned ready)
{
	struct connection *c = ctx;

	(void)ready;
	c->readable = true;
	connection_turn(c);
}

/* The tunnel is open: the connection has its first turn. */
static int connection_begin(struct connection *c, struct error *err)
{
	struct loop *loop = background_loop(c->forward->background);

	if (timer_open(loop, 0, 0, connection_turn, c, &c->turn, err) < 0 ||
	    loop_watch(loop, c->fd, 0, on_client, c, &c->client, err) < 0)
		return -1;
	return loop_watch(loop, tunnel_fd(c->tunnel), 0, on_pod, c, &c->pod,
			  err);
}

/* ---- opening a tunnel ---- */

static void *open_tunnel(void *ctx)
{
	struct kube_forward *f = ctx;
	struct opening *o = &f->opening;
	const struct tunnel_request request = { .verb = "forward",
						.what = f->what,
						.path = f->path,
						.protocols =
							"v4.channel.k8s.io" };

	o->rc = tunnel_open(f->kube, &request, &o->connection->tunnel, NULL,
			    &o->err);
	loop_post(background_loop(f->background), &o->post);
	return NULL;
}

/* On the loop: what the thread has brought. */
static void on_opened(void *ctx)
{
	struct kube_forward *f = ctx;
	struct opening *o = &f->opening;
	struct connection *c = steal(o->connection);

	o->going = false;
	if (f->ending) { /* whoever closes waits for the thread */
		connection_free(c, true);
		return;
	}
	pthread_join(o->thread, NULL);
	if (o->rc == 0)
		o->rc = connection_begin(c, &o->err);
	if (o->rc < 0) {
		remember(f, &o->err);
		connection_free(c, true);
	} else {
		f->connections[f->count++] = c;
	}
	accept_more(f);
}

static int start_opening(struct kube_forward *f, int fd, struct error *err)
{
	struct connection *c = calloc(1, sizeof(*c));
	int failed;

	if (!c) {
		close(fd);
		return error_nomem(err);
	}
	*c = (struct connection){ .forward = f,
				  .fd = fd,
				  .port_bytes = { PORT_BYTES, PORT_BYTES },
				  .readable = true };
	buf_init(&c->down, DOWN_MAX);
	f->opening = (struct opening){
		.going = true,
		.connection = c,
		.post = { .fn = on_opened, .ctx = f },
	};
	failed = pthread_create(&f->opening.thread, NULL, open_tunnel, f);
	if (!failed)
		return 0;
	f->opening.going = false;
	connection_free(steal(f->opening.connection), true);
	return error_errno(err, ERROR_INTERNAL, failed, "a thread");
}

static void on_acceptable(void *ctx, unsigned ready)
{
	struct kube_forward *f = ctx;
	struct error err = { 0 };
	int fd;

	(void)ready;
	fd = accept4(f->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd >= 0 && start_opening(f, fd, &err) < 0)
		remember(f, &err);
	accept_more(f);
}

static void accept_more(struct kube_forward *f)
{
	bool may = !f->opening.going && f->count < FORWARD_CONNECTIONS;

	if (f->accepting)
		watch_set(f->accepting, may ? WATCH_READ : 0);
}

/* ---- its life ---- */

static void begin(void *ctx)
{
	struct kube_forward *f = ctx;

	f->rc = loop_watch(background_loop(f->background), f->listener,
			   WATCH_READ, on_acceptable, f, &f->accepting, f->err);
}

static void end(void *ctx)
{
	struct kube_forward *f = ctx;

	f->ending = true;
	f->ends_opening = f->opening.going;
	watch_close(f->accepting);
	f->accepting = NULL;
	while (f->count)
		connection_free(f->connections[--f->count], true);
}

/* What the opening thread has posted comes before it. */
static void after_opening(void *ctx)
{
	struct kube_forward *f = ctx;

	assert(!f->opening.going);
}

static void forward_free(struct kube_forward *f)
{
	background_leave(f->background);
	if (f->listener >= 0)
		close(f->listener);
	kube_free(f->kube);
	pthread_mutex_destroy(&f->lock);
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
	f->listener =
		socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (f->listener < 0 ||
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

	if (!f)
		return error_nomem(err);
	f->listener = -1;
	f->err = err;
	pthread_mutex_init(&f->lock, NULL);
	if (name_it(f, namespace, pod, port, err) < 0 ||
	    kube_open(where, &f->kube, err) < 0 ||
	    listen_local(f, &local, err) < 0 ||
	    background_join(&f->background, err) < 0) {
		forward_free(f);
		return -1;
	}
	background_call(f->background, begin, f);
	if (f->rc < 0) {
		forward_free(f);
		return -1;
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
	background_call(f->background, end, f);
	if (f->ends_opening) {
		pthread_join(f->opening.thread, NULL);
		background_call(f->background, after_opening, f);
	}
	forward_free(f);
}
