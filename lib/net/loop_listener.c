/* SPDX-License-Identifier: Apache-2.0 */
/* loop_listener.c - connections from outside become streams. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "net/loop_stream.h"

struct listener {
	struct loop *loop;
	uv_tcp_t tcp;
	void (*on_connection)(void *ctx);
	void *ctx;
};

static void on_listener_closed(uv_handle_t *uv)
{
	free(uv->data);
}

void listener_close(struct listener *l)
{
	if (l)
		uv_close((uv_handle_t *)&l->tcp, on_listener_closed);
}

static void on_connection(uv_stream_t *uv, int status)
{
	struct listener *l = uv->data;

	/* A client that went away again, or no descriptors left: libuv has
	 * dropped the connection. */
	if (status == 0)
		l->on_connection(l->ctx);
}

static int listen_at(struct listener *l, const char *host, uint16_t port)
{
	struct sockaddr_storage at = { 0 };
	int rc = uv_ip4_addr(host, port, (struct sockaddr_in *)&at);

	if (rc < 0)
		rc = uv_ip6_addr(host, port, (struct sockaddr_in6 *)&at);
	if (rc == 0)
		rc = uv_tcp_bind(&l->tcp, (struct sockaddr *)&at, 0);
	if (rc == 0)
		rc = uv_listen((uv_stream_t *)&l->tcp, LISTENER_BACKLOG,
			       on_connection);
	return rc;
}

int listener_open(struct loop *loop, const char *host, uint16_t port,
		  void (*fn)(void *ctx), void *ctx, struct listener **ret,
		  struct error *err)
{
	struct listener *l = calloc(1, sizeof(*l));
	int rc;

	if (!l)
		return error_nomem(err);
	l->loop = loop;
	l->on_connection = fn;
	l->ctx = ctx;
	l->tcp.data = l;
	uv_tcp_init(&loop->uv, &l->tcp);
	rc = listen_at(l, host, port);
	if (rc < 0) {
		listener_close(l);
		return error_set(err, ERROR_INTERNAL, "listening at %s:%u: %s",
				 host, port, uv_strerror(rc));
	}
	*ret = l;
	return 0;
}

uint16_t listener_port(const struct listener *l)
{
	struct sockaddr_storage at = { 0 };
	int len = sizeof(at);

	uv_tcp_getsockname(&l->tcp, (struct sockaddr *)&at, &len);
	return ntohs(at.ss_family == AF_INET6
			     ? ((struct sockaddr_in6 *)&at)->sin6_port
			     : ((struct sockaddr_in *)&at)->sin_port);
}

int listener_accept(struct listener *l, const struct stream_events *events,
		    void *ctx, struct stream **ret, struct error *err)
{
	return stream_accept(l->loop, (uv_stream_t *)&l->tcp, events, ctx, ret,
			     err);
}
