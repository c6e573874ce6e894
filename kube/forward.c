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

#include "kube/forward_connection.h"

/*
 * All of it belongs to the background's loop. Only a plugin that is asked for
 * credentials blocks: it has a thread for as long as it takes. A forward begins
 * one tunnel at a time, and accepts nothing meanwhile. Refused credentials are
 * renewed once, by another beginning.
 */
void forward_remember(struct kube_forward *f, const struct error *err)
{
	pthread_mutex_lock(&f->lock);
	f->why = *err;
	pthread_mutex_unlock(&f->lock);
}

struct tunnel_request forward_request(const struct kube_forward *f)
{
	return (struct tunnel_request){ .verb = "forward",
					.what = f->what,
					.path = f->path,
					.protocols = "v4.channel.k8s.io" };
}

/* ---- the beginning of a tunnel ---- */

static void give_up_beginning(struct kube_forward *f, const struct error *why)
{
	f->beginning.going = false;
	forward_remember(f, why);
	connection_free(steal(f->beginning.connection), true);
	forward_begin_next(f);
}

/* It is connected: its first turn sends the request. */
static void on_tunnel(void *ctx, const struct error *why)
{
	struct kube_forward *f = ctx;
	struct loop *loop = background_loop(f->background);
	struct connection *c = f->beginning.connection;
	struct error err;

	if (why) {
		err = *why;
		error_wrap(&err, "forward %s", f->what);
		give_up_beginning(f, &err);
		return;
	}
	if (loop_watch(loop, tunnel_fd(c->tunnel), WATCH_READ,
		       connection_on_pod, c, &c->pod, &err) < 0) {
		give_up_beginning(f, &err);
		return;
	}
	f->beginning.going = false;
	f->connections[f->count++] = steal(f->beginning.connection);
	timer_set(c->turn, 0, 0);
	forward_begin_next(f);
}

static void start_tunnel(struct kube_forward *f)
{
	const struct tunnel_request request = forward_request(f);
	struct connection *c = f->beginning.connection;
	struct error err;

	if (tunnel_start(f->kube, background_loop(f->background), &request,
			 on_tunnel, f, &c->tunnel, &err) < 0)
		give_up_beginning(f, &err);
}

static void *renew(void *ctx)
{
	struct kube_forward *f = ctx;
	struct beginning *b = &f->beginning;

	b->rc = kube_renew(f->kube, b->connection->again, &b->err);
	loop_post(background_loop(f->background), &b->post);
	return NULL;
}

/* On the loop: what the thread has brought. */
static void on_renewed(void *ctx)
{
	struct kube_forward *f = ctx;
	struct beginning *b = &f->beginning;

	if (f->ending) { /* whoever closes waits for the thread */
		b->going = false;
		connection_free(steal(b->connection), true);
		return;
	}
	pthread_join(b->thread, NULL);
	b->threaded = false;
	if (b->rc < 0)
		give_up_beginning(f, &b->err);
	else
		start_tunnel(f);
}

static void renew_by_thread(struct kube_forward *f)
{
	struct error err;
	int failed;

	f->beginning.post = (struct post){ .fn = on_renewed, .ctx = f };
	failed = pthread_create(&f->beginning.thread, NULL, renew, f);
	f->beginning.threaded = !failed;
	if (!failed)
		return;
	error_errno(&err, ERROR_INTERNAL, failed, "starting a thread");
	give_up_beginning(f, &err);
}

/* Takes the connection over. */
static void start_beginning(struct kube_forward *f, struct connection *c)
{
	struct error err;

	f->beginning = (struct beginning){ .going = true, .connection = c };
	if (kube_asks_plugin(f->kube))
		renew_by_thread(f);
	else if (kube_renew(f->kube, c->again, &err) < 0)
		give_up_beginning(f, &err);
	else
		start_tunnel(f);
}

static int connection_new(struct kube_forward *f, int fd,
			  struct connection **ret, struct error *err)
{
	struct loop *loop = background_loop(f->background);
	struct connection *c = calloc(1, sizeof(*c));

	if (!c) {
		close(fd);
		return error_nomem(err);
	}
	*c = (struct connection){ .forward = f,
				  .fd = fd,
				  .port_bytes = { PORT_BYTES, PORT_BYTES },
				  .readable = true };
	buf_init(&c->down, DOWN_MAX);
	if (timer_open(loop, 0, 0, connection_turn, c, &c->turn, err) < 0 ||
	    loop_watch(loop, c->fd, 0, connection_on_client, c, &c->client,
		       err) < 0) {
		connection_free(c, true);
		return -1;
	}
	timer_stop(c->turn);
	*ret = c;
	return 0;
}

static void on_acceptable(void *ctx, unsigned ready)
{
	struct kube_forward *f = ctx;
	struct connection *c = NULL;
	struct error err;
	int fd;

	(void)ready;
	fd = accept4(f->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd >= 0 && connection_new(f, fd, &c, &err) < 0)
		forward_remember(f, &err);
	else if (fd >= 0)
		start_beginning(f, c);
	forward_begin_next(f);
}

/* A connection whose credentials were refused comes first; else another one may
 * be accepted. */
void forward_begin_next(struct kube_forward *f)
{
	for (unsigned i = 0; i < f->count && !f->beginning.going; i++) {
		struct connection *c = f->connections[i];

		if (c->tunnel)
			continue;
		f->connections[i] = f->connections[--f->count];
		start_beginning(f, c);
	}
	watch_set(f->accepting,
		  !f->beginning.going && f->count < FORWARD_CONNECTIONS
			  ? WATCH_READ
			  : 0);
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
	f->ends_beginning = f->beginning.threaded;
	watch_close(f->accepting);
	f->accepting = NULL;
	while (f->count)
		connection_free(f->connections[--f->count], true);
	if (!f->beginning.threaded)
		connection_free(steal(f->beginning.connection), true);
}

/* What the thread has posted comes before it. */
static void after_beginning(void *ctx)
{
	struct kube_forward *f = ctx;

	assert(!f->beginning.going);
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
				   "opening a port on 127.0.0.1");
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
	if (f->ends_beginning) {
		pthread_join(f->beginning.thread, NULL);
		background_call(f->background, after_beginning, f);
	}
	forward_free(f);
}
