/* SPDX-License-Identifier: Apache-2.0 */
/* http.h - many HTTP exchanges at once on a loop, through libcurl. */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "net/loop.h"

/*
 * A `struct http` holds what the connections to one server have in common:
 * whom they trust, who they are. Connections are kept and shared; over HTTP/2
 * many exchanges share one. It belongs to the thread of its loop, which moves
 * the bytes and from where all callbacks come.
 *
 * Nothing is tried again here: who asked knows what may be repeated.
 */
struct http;

/* PEM texts, copied by http_new(); NULL where there is none. */
struct http_peer {
	const char *ca_pem; /* NULL: the system's authorities */
	const char *cert_pem, *key_pem; /* the client's own */
	bool insecure; /* takes any certificate of the server */
	const char *server_name; /* in its certificate; NULL: the URL's host */
	/* The way to this server, whatever its address is: "http://…",
	 * "https://…" or "socks5://…". NULL: as the environment says, but none
	 * for a server on this machine. */
	const char *proxy;
};

/* The loop must outlive it. */
int http_new(struct loop *loop, const struct http_peer *peer, struct http **ret,
	     struct error *err);
/* Drops what is under way; no callback is called. Not from within one. NULL is
 * fine. */
void http_free(struct http *h);
DEFINE_FREEP(struct http, http)

/* How an exchange ended. */
enum http_end {
	HTTP_ANSWERED, /* a whole answer, of whatever status */
	HTTP_UNREACHABLE, /* no connection: the server saw nothing of it */
	HTTP_BROKEN, /* the connection broke: nobody knows how far it got */
	HTTP_TIMEOUT, /* the bound passed */
	HTTP_TOO_LARGE, /* the answer is larger than max */
	HTTP_REFUSED /* TLS: a certificate that is not trusted; a bad URL */
};

struct http_answer {
	enum http_end end;
	int status; /* 200…; 0 without one */
	int retry_after; /* seconds, as the server asks; 0: nothing said */
	const struct buf *body; /* borrowed; empty when it was streamed */
	const char *why; /* one line when end is not HTTP_ANSWERED */
};

/* Bytes of a streamed body, borrowed until it returns. Only bodies of 2xx
 * are streamed; that of an error is gathered for the answer. */
typedef void (*http_bytes_fn)(void *ctx, const uint8_t *bytes, size_t len);
/* Once, the last call of an exchange. */
typedef void (*http_done_fn)(void *ctx, const struct http_answer *answer);

struct http_request {
	const char *method; /* "GET" */
	const char *url; /* copied */
	const char *const *headers; /* "Name: value", NULL-terminated; copied */
	const void *body; /* borrowed until the exchange is done; or NULL */
	size_t body_len;
	int timeout_ms; /* of all of it; 0 for a stream with idle_ms */
	int idle_ms; /* longest silence of the server; 0: no bound */
	size_t max; /* bytes of the body, or of what a stream gathers */
	bool fresh; /* on a connection of its own: the old one may hang */
	http_bytes_fn on_bytes; /* NULL: the body is gathered */
	http_done_fn on_done;
	void *ctx;
};

struct http_exchange;

/* Starts; ret_exchange may be NULL. */
int http_start(struct http *h, const struct http_request *request,
	       struct http_exchange **ret_exchange, struct error *err);
/* Ends it without a further callback; not after on_done. NULL is fine. */
void http_cancel(struct http_exchange *x);
/* Nothing is under way. */
bool http_idle(const struct http *h);

/*
 * A raw connection by the same trust and identity, for protocols that begin
 * with an HTTP upgrade. Bytes are sent and received without blocking; fd is
 * there to poll.
 */
struct http_raw;

/* Once: it is connected, or why not. May free it. */
typedef void (*http_raw_fn)(void *ctx, const struct error *err);

/* Starts to connect (and shake hands) to the host of `url`, on a loop that need
 * not be that of `h`. Once it is connected it has no more to do with that loop.
 */
int http_raw_start(const struct http *h, struct loop *loop, const char *url,
		   int timeout_ms, http_raw_fn fn, void *ctx,
		   struct http_raw **ret, struct error *err);
/* The same, waited for: takes steps of the loop of `h`, until the bound has
 * passed or medley is interrupted. */
int http_raw_open(const struct http *h, const char *url, int timeout_ms,
		  struct http_raw **ret, struct error *err);
void http_raw_free(struct http_raw *raw);
DEFINE_FREEP(struct http_raw, http_raw)
int http_raw_fd(const struct http_raw *raw);
/* Bytes moved; 0: would block; -1: ended or broken. */
int http_raw_send(struct http_raw *raw, const void *bytes, size_t len,
		  struct error *err);
int http_raw_receive(struct http_raw *raw, void *ret, size_t room,
		     struct error *err);

#endif
