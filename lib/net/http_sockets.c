/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http_sockets.c - libcurl's descriptors and its time, on the loop.
 *
 * libcurl says which descriptors it waits for, and for what, and when it wants
 * to be called next at the latest. The loop watches these descriptors and keeps
 * one timer; when either reports, libcurl moves what can be moved, and then
 * its owner is told. A descriptor that cannot be watched is the end of all that
 * the owner has under way: nobody would report what it waits for.
 */
#include <stdlib.h>

#include "net/http_easy.h"

struct http_socket {
	struct http_multi *multi;
	struct http_socket *next, **link;
	curl_socket_t fd;
	struct watch *watch;
};

static void move_bytes(struct http_multi *m, curl_socket_t fd, int ready)
{
	int running;

	curl_multi_socket_action(m->curl, fd, ready, &running);
	m->moved(m->ctx);
}

static void on_ready(void *ctx, unsigned ready)
{
	struct http_socket *s = ctx;
	int bits = 0;

	if (ready & WATCH_READ)
		bits |= CURL_CSELECT_IN;
	if (ready & WATCH_WRITE)
		bits |= CURL_CSELECT_OUT;
	move_bytes(s->multi, s->fd, bits);
}

static void on_time(void *ctx)
{
	move_bytes(ctx, CURL_SOCKET_TIMEOUT, 0);
}

static void socket_free(struct http_socket *s)
{
	if (!s)
		return;
	watch_close(s->watch);
	*s->link = s->next;
	if (s->next)
		s->next->link = s->link;
	free(s);
}

static int socket_new(struct http_multi *m, curl_socket_t fd, unsigned events,
		      struct http_socket **ret)
{
	struct http_socket *s = calloc(1, sizeof(*s));

	if (!s)
		return -1;
	s->multi = m;
	s->fd = fd;
	if (loop_watch(m->loop, fd, events, on_ready, s, &s->watch, NULL) < 0) {
		free(s);
		return -1;
	}
	s->next = m->sockets;
	s->link = &m->sockets;
	if (s->next)
		s->next->link = &s->next;
	m->sockets = s;
	*ret = s;
	return 0;
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *ctx,
		     void *own)
{
	struct http_multi *m = ctx;
	struct http_socket *s = own;
	unsigned events = 0;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		socket_free(s);
		return 0;
	}
	if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
		events |= WATCH_READ;
	if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
		events |= WATCH_WRITE;
	if (s) {
		watch_set(s->watch, events);
	} else if (socket_new(m, fd, events, &s) == 0) {
		curl_multi_assign(m->curl, fd, s);
	} else {
		m->blind = true;
		timer_set(m->timer, 0, 0);
	}
	return 0;
}

static int on_timer(CURLM *curl, long ms, void *ctx)
{
	struct http_multi *m = ctx;

	(void)curl;
	if (ms < 0)
		timer_stop(m->timer);
	else
		timer_set(m->timer, ms * 1000LL, 0);
	return 0;
}

int http_multi_open(struct http_multi *m, struct loop *loop,
		    void (*moved)(void *ctx), void *ctx, struct error *err)
{
	*m = (struct http_multi){ .loop = loop, .moved = moved, .ctx = ctx };
	if (timer_open(loop, 0, 0, on_time, m, &m->timer, err) < 0)
		return -1;
	timer_stop(m->timer);
	m->curl = curl_multi_init();
	if (!m->curl)
		return error_nomem(err);
	curl_multi_setopt(m->curl, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(m->curl, CURLMOPT_SOCKETDATA, m);
	curl_multi_setopt(m->curl, CURLMOPT_TIMERFUNCTION, on_timer);
	curl_multi_setopt(m->curl, CURLMOPT_TIMERDATA, m);
	return 0;
}

void http_multi_leave(struct http_multi *m)
{
	if (m->curl) {
		curl_multi_setopt(m->curl, CURLMOPT_SOCKETFUNCTION, NULL);
		curl_multi_setopt(m->curl, CURLMOPT_TIMERFUNCTION, NULL);
	}
	while (m->sockets)
		socket_free(m->sockets);
	timer_close(m->timer);
	m->timer = NULL;
	m->loop = NULL;
}

/* libcurl closes its connections after this, and says no more of them. */
void http_multi_close(struct http_multi *m)
{
	http_multi_leave(m);
	if (m->curl)
		curl_multi_cleanup(m->curl);
	m->curl = NULL;
}
