/* SPDX-License-Identifier: Apache-2.0 */
/* http_server.c - answers HTTP/1.1 within limits; only it knows
 * libmicrohttpd. */
#include "net/http_server.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <microhttpd.h>

#include "base/cleanup.h"
#include "net/rate.h"
#include "net/share.h"
#include "sys/clock.h"
#include "sys/entropy.h"

/*
 * A request is an exchange: made at its headers, filled with its body, and
 * answered when that has ended, or at once when a limit is passed. Meanwhile
 * its connection stands in a list with the time it was opened; a sweep shuts
 * the sockets of those that are too old, and libmicrohttpd clears them away.
 * A socket is closed only after its connection left the list, under the lock,
 * so that a sweep never shuts one that has become another's.
 */
enum {
	HEADERS_MAX = 8 * 1024,
	ANSWER_MAX = 64 * 1024 * 1024,
	RETRY_SECONDS = 5,
	HOST_MAX = 64
};

struct connection {
	int fd;
	uint8_t key[ADDRESS_KEY]; /* of the client */
	int64_t since_us;
	struct connection *next, **link;
};

struct http_server {
	struct MHD_Daemon *daemon;
	struct http_limits limits;
	struct http_events events;
	void *ctx;
	struct rate rate;
	pthread_mutex_t lock; /* of the list */
	struct connection *connections;
};

struct exchange {
	int64_t since_us;
	struct buf body;
	bool answered;
	char peer[INET6_ADDRSTRLEN];
};

void http_header(struct served_answer *answer, const char *name,
		 const char *fmt, ...)
{
	struct http_header *h = &answer->headers[answer->header_count];
	va_list args;

	assert(answer->header_count < HTTP_HEADERS);
	answer->header_count++;
	h->name = name;
	va_start(args, fmt);
	vsnprintf(h->value, sizeof(h->value), fmt, args);
	va_end(args);
}

void http_say(struct served_answer *answer, unsigned status, const char *fmt,
	      ...)
{
	char text[1200];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	answer->status = status;
	answer->type = NULL;
	buf_clear(&answer->body);
	buf_add_str(&answer->body, text);
}

/* ---- connections: their number, and their age ---- */

/* Asked before each connection; no other one opens in between. */
static enum MHD_Result allow_connection(void *ctx, const struct sockaddr *from,
					socklen_t len)
{
	struct http_server *s = ctx;
	unsigned held = 0, used = 0;
	uint8_t key[ADDRESS_KEY];

	(void)len;
	address_key(from, key);
	pthread_mutex_lock(&s->lock);
	for (struct connection *c = s->connections; c; c = c->next) {
		held += !memcmp(c->key, key, ADDRESS_KEY);
		used++;
	}
	pthread_mutex_unlock(&s->lock);
	return share_allows(held, used, s->limits.connections) ? MHD_YES
							       : MHD_NO;
}

static const struct sockaddr *client_of(struct MHD_Connection *c)
{
	return MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS)
		->client_addr;
}

static void connection_opened(struct http_server *s, struct MHD_Connection *c,
			      void **room)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct connection *n = calloc(1, sizeof(*n));

	*room = n;
	if (!n || !info)
		return; /* unwatched, but still cut off when silent */
	n->fd = info->connect_fd;
	address_key(client_of(c), n->key);
	n->since_us = clock_mono_us();
	pthread_mutex_lock(&s->lock);
	n->next = s->connections;
	n->link = &s->connections;
	if (n->next)
		n->next->link = &n->next;
	s->connections = n;
	pthread_mutex_unlock(&s->lock);
}

static void connection_closed(struct http_server *s, void **room)
{
	struct connection *n = *room;

	*room = NULL;
	if (n && n->link) {
		pthread_mutex_lock(&s->lock);
		*n->link = n->next;
		if (n->next)
			n->next->link = n->link;
		pthread_mutex_unlock(&s->lock);
	}
	free(n);
}

static void on_connection(void *ctx, struct MHD_Connection *c, void **room,
			  enum MHD_ConnectionNotificationCode what)
{
	if (what == MHD_CONNECTION_NOTIFY_STARTED)
		connection_opened(ctx, c, room);
	else
		connection_closed(ctx, room);
}

void http_server_sweep(struct http_server *s)
{
	int64_t oldest = clock_mono_us() - (int64_t)s->limits.seconds * 1000000;

	pthread_mutex_lock(&s->lock);
	for (struct connection *c = s->connections; c; c = c->next)
		if (c->since_us < oldest)
			shutdown(c->fd, SHUT_RDWR);
	pthread_mutex_unlock(&s->lock);
}

/* ---- requests ---- */

static struct exchange *exchange_new(const struct http_server *s,
				     const struct sockaddr *from)
{
	struct exchange *x = calloc(1, sizeof(*x));

	if (!x)
		return NULL;
	x->since_us = clock_mono_us();
	buf_init(&x->body, s->limits.body_max);
	if (from->sa_family == AF_INET)
		inet_ntop(AF_INET,
			  &((const struct sockaddr_in *)(const void *)from)
				   ->sin_addr,
			  x->peer, sizeof(x->peer));
	else
		inet_ntop(AF_INET6,
			  &((const struct sockaddr_in6 *)(const void *)from)
				   ->sin6_addr,
			  x->peer, sizeof(x->peer));
	return x;
}

static struct MHD_Response *make_response(const struct served_answer *answer)
{
	struct MHD_Response *r = MHD_create_response_from_buffer(
		answer->body.len, (void *)(uintptr_t)buf_text(&answer->body),
		MHD_RESPMEM_MUST_COPY);

	if (!r)
		return NULL;
	MHD_add_response_header(r, "Connection", "close");
	MHD_add_response_header(r, "Content-Type",
				answer->type ? answer->type
					     : "text/plain; charset=utf-8");
	for (unsigned i = 0; i < answer->header_count; i++)
		MHD_add_response_header(r, answer->headers[i].name,
					answer->headers[i].value);
	return r;
}

static enum MHD_Result give(struct http_server *s, struct exchange *x,
			    struct MHD_Connection *c, const char *method,
			    const char *path,
			    const struct served_answer *answer)
{
	struct MHD_Response *r = make_response(answer);
	enum MHD_Result rc;

	if (!r)
		return MHD_NO;
	rc = MHD_queue_response(c, answer->status, r);
	MHD_destroy_response(r);
	x->answered = true;
	if (s->events.on_done)
		s->events.on_done(s->ctx, x->peer, method, path, answer,
				  clock_mono_us() - x->since_us);
	return rc;
}

static void answer_release(struct served_answer *answer)
{
	buf_release(&answer->body);
}

static enum MHD_Result refuse(struct http_server *s, struct exchange *x,
			      struct MHD_Connection *c, const char *method,
			      const char *path, unsigned status,
			      const char *text)
{
	cleanup(answer_release) struct served_answer answer = {
		.body = BUF_INIT(4096)
	};

	http_say(&answer, status, "%s", text);
	if (status == MHD_HTTP_SERVICE_UNAVAILABLE)
		http_header(&answer, "Retry-After", "%d", RETRY_SECONDS);
	return give(s, x, c, method, path, &answer);
}

static enum MHD_Result answer_whole(struct http_server *s, struct exchange *x,
				    struct MHD_Connection *c,
				    const char *method, const char *path)
{
	cleanup(answer_release) struct served_answer answer = {
		.body = BUF_INIT(ANSWER_MAX)
	};
	const struct served_request request = { .method = method,
						.path = path,
						.peer = x->peer,
						.body = x->body.data,
						.body_len = x->body.len };

	s->events.answer(s->ctx, &request, &answer);
	if (answer.body.failed)
		return refuse(s, x, c, method, path,
			      MHD_HTTP_INTERNAL_SERVER_ERROR,
			      "the answer is too large");
	return give(s, x, c, method, path, &answer);
}

static bool announces_too_much(const struct http_server *s,
			       struct MHD_Connection *c)
{
	const char *len = MHD_lookup_connection_value(
		c, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);

	return len && strtoull(len, NULL, 10) > s->limits.body_max;
}

/* Called at the headers (no exchange yet), for each piece of the body, and at
 * its end (a piece of no bytes). */
static enum MHD_Result on_request(void *ctx, struct MHD_Connection *c,
				  const char *path, const char *method,
				  const char *version, const char *piece,
				  size_t *len, void **room)
{
	struct http_server *s = ctx;
	struct exchange *x = *room;

	(void)version;
	if (!x) {
		const struct sockaddr *from = client_of(c);

		x = *room = exchange_new(s, from);
		if (!x)
			return MHD_NO;
		if (!rate_allow(&s->rate, from, x->since_us))
			return refuse(s, x, c, method, path,
				      MHD_HTTP_SERVICE_UNAVAILABLE,
				      "too many requests, try again");
		if (announces_too_much(s, c))
			return refuse(s, x, c, method, path,
				      MHD_HTTP_CONTENT_TOO_LARGE,
				      "the body is too large");
		return MHD_YES;
	}
	if (x->answered)
		*len = 0;
	if (*len) {
		buf_add(&x->body, piece, *len);
		*len = 0;
		return MHD_YES;
	}
	if (x->body.failed)
		return refuse(s, x, c, method, path, MHD_HTTP_CONTENT_TOO_LARGE,
			      "the body is too large");
	return x->answered ? MHD_YES : answer_whole(s, x, c, method, path);
}

static void on_completed(void *ctx, struct MHD_Connection *c, void **room,
			 enum MHD_RequestTerminationCode how)
{
	struct exchange *x = *room;

	(void)ctx, (void)c, (void)how;
	if (x)
		buf_release(&x->body);
	free(x);
	*room = NULL;
}

/* ---- the server ---- */

static int bad_address(const char *address, struct error *err)
{
	return error_set(err, ERROR_INPUT,
			 "\"%s\" is no address to listen at, expected e.g. "
			 "127.0.0.1:8080 or [::1]:8080",
			 address);
}

static int parse_address(const char *address, struct sockaddr_storage *ret,
			 struct error *err)
{
	struct sockaddr_in *v4 = (void *)ret;
	struct sockaddr_in6 *v6 = (void *)ret;
	const char *colon = strrchr(address, ':');
	char host[HOST_MAX] = "", *end;
	size_t len = colon ? (size_t)(colon - address) : 0;
	unsigned long port = colon ? strtoul(colon + 1, &end, 10) : 0;

	if (!len || len >= sizeof(host) || colon[1] < '0' || colon[1] > '9' ||
	    *end || port > UINT16_MAX)
		return bad_address(address, err);
	memset(ret, 0, sizeof(*ret));
	if (address[0] == '[' && colon[-1] == ']') {
		memcpy(host, address + 1, len - 2);
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons((uint16_t)port);
		if (inet_pton(AF_INET6, host, &v6->sin6_addr) == 1)
			return 0;
		return bad_address(address, err);
	}
	memcpy(host, address, len);
	v4->sin_family = AF_INET;
	v4->sin_port = htons((uint16_t)port);
	if (inet_pton(AF_INET, host, &v4->sin_addr) == 1)
		return 0;
	return bad_address(address, err);
}

/* What it says of clients' mistakes is of no interest. */
static void drop_message(void *ctx, const char *fmt, va_list args)
{
	(void)ctx, (void)fmt, (void)args;
}

static struct MHD_Daemon *start_daemon(struct http_server *s,
				       const struct sockaddr_storage *at)
{
	unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_EPOLL |
			 MHD_USE_ERROR_LOG;

	if (at->ss_family == AF_INET6)
		flags |= MHD_USE_IPv6;
	return MHD_start_daemon(
		flags, 0, allow_connection, s, on_request, s,
		MHD_OPTION_EXTERNAL_LOGGER, drop_message, NULL,
		MHD_OPTION_SOCK_ADDR, (const struct sockaddr *)at,
		MHD_OPTION_CONNECTION_LIMIT, s->limits.connections,
		MHD_OPTION_CONNECTION_TIMEOUT, s->limits.seconds,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADERS_MAX,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, s,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, s, MHD_OPTION_END);
}

static void server_free(struct http_server *s)
{
	if (s)
		pthread_mutex_destroy(&s->lock);
	free(s);
}
DEFINE_FREEP(struct http_server, server)

int http_server_start(const char *address, const struct http_limits *limits,
		      const struct http_events *events, void *ctx,
		      struct http_server **ret, struct error *err)
{
	cleanup(server_freep) struct http_server *s = calloc(1, sizeof(*s));
	struct sockaddr_storage at;
	uint64_t seed;

	if (!s)
		return error_nomem(err);
	pthread_mutex_init(&s->lock, NULL);
	s->limits = *limits;
	s->events = *events;
	s->ctx = ctx;
	if (parse_address(address, &at, err) < 0 ||
	    random_bytes(&seed, sizeof(seed), err) < 0)
		return -1;
	rate_init(&s->rate, limits->rate, limits->burst, seed);
	errno = 0;
	s->daemon = start_daemon(s, &at);
	if (!s->daemon)
		return error_errno(err, ERROR_INPUT, errno ? errno : EINVAL,
				   "listening at %s", address);
	*ret = steal(s);
	return 0;
}

uint16_t http_server_port(const struct http_server *s)
{
	return MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

void http_server_stop(struct http_server *s)
{
	if (s)
		MHD_stop_daemon(s->daemon);
	server_free(s);
}
