/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http_sockets.c - libcurl's descriptors and its time, on the loop.
 *
 * libcurl says which descriptors it waits for, and for what, and when it wants
 * to be called next at the latest. The loop watches these descriptors and keeps
 * one timer; when either reports, libcurl moves what can be moved, and then the
 * exchanges call back. A descriptor that cannot be watched ends all exchanges:
 * nobody would report what they wait for.
 */
#include <assert.h>
#include <stdlib.h>

#include "net/http_easy.h"

struct http_socket {
	struct http *http;
	struct http_socket *next, **link;
	curl_socket_t fd;
	struct watch *watch;
};

static void move_bytes(struct http *h, curl_socket_t fd, int ready)
{
	int running;

	curl_multi_socket_action(h->multi, fd, ready, &running);
	http_call_back(h);
}

static void on_ready(void *ctx, unsigned ready)
{
	struct http_socket *s = ctx;
	int bits = 0;

	if (ready & WATCH_READ)
		bits |= CURL_CSELECT_IN;
	if (ready & WATCH_WRITE)
		bits |= CURL_CSELECT_OUT;
	move_bytes(s->http, s->fd, bits);
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

static int socket_new(struct http *h, curl_socket_t fd, unsigned events,
		      struct http_socket **ret)
{
	struct http_socket *s = calloc(1, sizeof(*s));

	if (!s)
		return -1;
	s->http = h;
	s->fd = fd;
	if (loop_watch(h->loop, fd, events, on_ready, s, &s->watch, NULL) < 0) {
		free(s);
		return -1;
	}
	s->next = h->sockets;
	s->link = &h->sockets;
	if (s->next)
		s->next->link = &s->next;
	h->sockets = s;
	*ret = s;
	return 0;
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *ctx,
		     void *own)
{
	struct http *h = ctx;
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
	} else if (socket_new(h, fd, events, &s) == 0) {
		curl_multi_assign(h->multi, fd, s);
	} else {
		h->blind = true;
		timer_set(h->timer, 0, 0);
	}
	return 0;
}

static int on_timer(CURLM *multi, long ms, void *ctx)
{
	struct http *h = ctx;

	(void)multi;
	if (ms < 0)
		timer_stop(h->timer);
	else
		timer_set(h->timer, ms * 1000LL, 0);
	return 0;
}

int http_sockets_open(struct http *h, struct error *err)
{
	if (timer_open(h->loop, 0, 0, on_time, h, &h->timer, err) < 0)
		return -1;
	timer_stop(h->timer);
	curl_multi_setopt(h->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(h->multi, CURLMOPT_SOCKETDATA, h);
	curl_multi_setopt(h->multi, CURLMOPT_TIMERFUNCTION, on_timer);
	curl_multi_setopt(h->multi, CURLMOPT_TIMERDATA, h);
	return 0;
}

/* libcurl closes its connections after this, and says no more of them. */
void http_sockets_close(struct http *h)
{
	curl_multi_setopt(h->multi, CURLMOPT_SOCKETFUNCTION, NULL);
	curl_multi_setopt(h->multi, CURLMOPT_TIMERFUNCTION, NULL);
	while (h->sockets)
		socket_free(h->sockets);
	timer_close(h->timer);
}
