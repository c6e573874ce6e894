/* SPDX-License-Identifier: Apache-2.0 */
/* http_server.h - answers HTTP/1.1 within limits, through libmicrohttpd. */
#ifndef NET_HTTP_SERVER_H
#define NET_HTTP_SERVER_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

/*
 * One thread serves all connections, so handlers run one after the other and
 * need no locks among themselves. A connection carries one request and is
 * closed after its answer; so the age of a connection is that of its request,
 * and a client that is slow on purpose is cut off.
 */
struct http_limits {
	size_t body_max; /* bytes; beyond: 413 */
	unsigned connections; /* of all; an address has a share, see share.h */
	unsigned seconds; /* of a whole request */
	unsigned rate, burst; /* requests a second of an address; then 503 */
};

struct served_request {
	const char *method;
	const char *path; /* decoded, without the query */
	const char *peer; /* address */
	const uint8_t *body;
	size_t body_len;
};

enum { HTTP_HEADERS = 4, HTTP_HEADER_TEXT = 64 };

struct served_answer {
	unsigned status;
	const char *type; /* NULL: text/plain */
	struct buf body; /* the server's */
	unsigned header_count;
	struct http_header {
		const char *name;
		char value[HTTP_HEADER_TEXT];
	} headers[HTTP_HEADERS];
};

void http_header(struct served_answer *answer, const char *name,
		 const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* Status and one line of text, in place of what was there. */
void http_say(struct served_answer *answer, unsigned status, const char *fmt,
	      ...) __attribute__((format(printf, 3, 4)));

/* Both are called on the server's thread. */
struct http_events {
	void (*answer)(void *ctx, const struct served_request *request,
		       struct served_answer *answer);
	/* After each answer, also those of the server itself (413, 503). */
	void (*on_done)(void *ctx, const char *peer, const char *method,
			const char *path, const struct served_answer *answer,
			int64_t took_us);
};

struct http_server;

/* `address` is "HOST:PORT" or "[HOST]:PORT", host an address; port 0 takes one
 * that is free. ERROR_INPUT when it is none or cannot be had. */
int http_server_start(const char *address, const struct http_limits *limits,
		      const struct http_events *events, void *ctx,
		      struct http_server **ret, struct error *err);
uint16_t http_server_port(const struct http_server *server);
/* Cuts off requests that are over their time; to be called twice a second. */
void http_server_sweep(struct http_server *server);
/* Ends every connection; no callback after that. NULL is fine. */
void http_server_stop(struct http_server *server);

#endif
