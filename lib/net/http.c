/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http.c - many HTTP exchanges at once on a loop, through libcurl.
 *
 * The happy path: http_start() makes a curl handle and gives it to the multi
 * handle; the loop lets libcurl move bytes (http_sockets.c), and only when
 * libcurl has returned are gathered bytes handed to on_bytes and ended
 * exchanges to on_done, so that callbacks may start and cancel exchanges as
 * they like.
 *
 * What goes wrong ends the exchange: a server that cannot be reached, a
 * connection that breaks, a passed bound, a body over its ceiling. A peer
 * that vanished without a word is noticed by keep-alive probes and, where
 * bytes are under way, by TCP_USER_TIMEOUT. An exchange that is cancelled
 * from a callback keeps its memory until all have been called back.
 */
#include "net/http.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "net/http_easy.h"

enum { CONNECTIONS_MAX = 4, STREAMS_MAX = 100, HEADERS_MAX = 128 };

struct http_exchange {
	struct http *http;
	struct http_exchange *next, **link;
	CURL *easy; /* NULL once it is over */
	struct curl_slist *headers, *connect_to;
	struct buf body;
	bool overflow, no_memory, dead;
	int status;
	http_bytes_fn on_bytes;
	http_done_fn on_done;
	void *ctx;
	char why[CURL_ERROR_SIZE];
};

static int copy_text(char **ret, const char *text, struct error *err)
{
	if (!text)
		return 0;
	*ret = strdup(text);
	return *ret ? 0 : error_nomem(err);
}

/* A SOCKS proxy looks names up itself: it may stand where they mean something
 * else, or anything at all. */
static int copy_proxy(char **ret, const char *proxy, struct error *err)
{
	static const char socks[] = "socks5://";

	if (!proxy || strncasecmp(proxy, socks, strlen(socks)) != 0)
		return copy_text(ret, proxy, err);
	if (asprintf(ret, "socks5h://%s", proxy + strlen(socks)) < 0) {
		*ret = NULL;
		return error_nomem(err);
	}
	return 0;
}

static void call_back(void *ctx);

static void curl_begin(void)
{
	curl_global_init(CURL_GLOBAL_ALL);
}

int http_new(struct loop *loop, const struct http_peer *peer, struct http **ret,
	     struct error *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	cleanup(http_freep) struct http *h = calloc(1, sizeof(*h));

	pthread_once(&once, curl_begin);
	if (!h)
		return error_nomem(err);
	h->loop = loop;
	h->insecure = peer->insecure;
	if (copy_text(&h->ca_pem, peer->ca_pem, err) < 0 ||
	    copy_text(&h->cert_pem, peer->cert_pem, err) < 0 ||
	    copy_text(&h->key_pem, peer->key_pem, err) < 0 ||
	    copy_text(&h->server_name, peer->server_name, err) < 0 ||
	    copy_proxy(&h->proxy, peer->proxy, err) < 0)
		return -1;
	if (http_multi_open(&h->multi, loop, call_back, h, err) < 0)
		return -1;
	curl_multi_setopt(h->multi.curl, CURLMOPT_MAX_HOST_CONNECTIONS,
			  (long)CONNECTIONS_MAX);
	curl_multi_setopt(h->multi.curl, CURLMOPT_MAX_CONCURRENT_STREAMS,
			  (long)STREAMS_MAX);
	*ret = steal(h);
	return 0;
}

/* Takes the exchange away from libcurl. */
static void exchange_end(struct http_exchange *x)
{
	if (!x->easy)
		return;
	curl_multi_remove_handle(x->http->multi.curl, x->easy);
	curl_easy_cleanup(x->easy);
	x->easy = NULL;
	x->dead = true;
}

static void exchange_free(struct http_exchange *x)
{
	exchange_end(x);
	if (x->link)
		*x->link = x->next;
	if (x->next)
		x->next->link = x->link;
	curl_slist_free_all(x->headers);
	curl_slist_free_all(x->connect_to);
	buf_release(&x->body);
	free(x);
}

void http_free(struct http *h)
{
	if (!h)
		return;
	assert(!h->calling);
	while (h->exchanges)
		exchange_free(h->exchanges);
	http_multi_close(&h->multi);
	if (h->key_pem)
		explicit_bzero(h->key_pem, strlen(h->key_pem));
	free(h->ca_pem);
	free(h->cert_pem);
	free(h->key_pem);
	free(h->server_name);
	free(h->proxy);
	free(h);
}

void http_cancel(struct http_exchange *x)
{
	if (!x)
		return;
	exchange_end(x);
	if (!x->http->calling)
		exchange_free(x);
}

static size_t on_write(char *bytes, size_t one, size_t len, void *ctx)
{
	struct http_exchange *x = ctx;

	(void)one;
	buf_add(&x->body, bytes, len);
	x->no_memory = x->body.no_memory;
	x->overflow = x->body.failed && !x->no_memory;
	return x->body.failed ? 0 : len;
}

static int set_headers(struct http_exchange *x, const char *const *headers,
		       struct error *err)
{
	struct curl_slist *list;

	/* Without this libcurl waits for a 100 before a larger body. */
	x->headers = curl_slist_append(NULL, "Expect:");
	for (size_t i = 0; x->headers && headers && headers[i]; i++) {
		if (i == HEADERS_MAX)
			return error_set(err, ERROR_INTERNAL,
					 "too many headers");
		list = curl_slist_append(x->headers, headers[i]);
		if (!list)
			return error_nomem(err);
		x->headers = list;
	}
	if (!x->headers)
		return error_nomem(err);
	curl_easy_setopt(x->easy, CURLOPT_HTTPHEADER, x->headers);
	return 0;
}

static void set_request(struct http_exchange *x, const struct http_request *r)
{
	curl_easy_setopt(x->easy, CURLOPT_PRIVATE, x);
	curl_easy_setopt(x->easy, CURLOPT_ERRORBUFFER, x->why);
	curl_easy_setopt(x->easy, CURLOPT_WRITEFUNCTION, on_write);
	curl_easy_setopt(x->easy, CURLOPT_WRITEDATA, x);
	curl_easy_setopt(x->easy, CURLOPT_PIPEWAIT, 1L);
	curl_easy_setopt(x->easy, CURLOPT_TIMEOUT_MS, (long)r->timeout_ms);
	curl_easy_setopt(x->easy, CURLOPT_FRESH_CONNECT, r->fresh ? 1L : 0L);
	if (r->idle_ms) {
		curl_easy_setopt(x->easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
		curl_easy_setopt(x->easy, CURLOPT_LOW_SPEED_TIME,
				 (long)(r->idle_ms + 999) / 1000);
	}
	if (r->body) {
		curl_easy_setopt(x->easy, CURLOPT_POSTFIELDSIZE_LARGE,
				 (curl_off_t)r->body_len);
		curl_easy_setopt(x->easy, CURLOPT_POSTFIELDS, r->body);
	}
	curl_easy_setopt(x->easy, CURLOPT_CUSTOMREQUEST, r->method);
}

static void exchange_freep(struct http_exchange **x)
{
	if (*x)
		exchange_free(*x);
}

int http_start(struct http *h, const struct http_request *r,
	       struct http_exchange **ret_exchange, struct error *err)
{
	cleanup(exchange_freep) struct http_exchange *x = calloc(1, sizeof(*x));

	if (!x)
		return error_nomem(err);
	x->http = h;
	x->on_bytes = r->on_bytes;
	x->on_done = r->on_done;
	x->ctx = r->ctx;
	buf_init(&x->body, r->max);
	x->easy = curl_easy_init();
	if (!x->easy)
		return error_nomem(err);
	if (http_easy_set(h, x->easy, r->url, &x->connect_to, err) < 0 ||
	    set_headers(x, r->headers, err) < 0)
		return -1;
	set_request(x, r);
	if (curl_multi_add_handle(h->multi.curl, x->easy))
		return error_nomem(err);
	x->next = h->exchanges;
	x->link = &h->exchanges;
	if (x->next)
		x->next->link = &x->next;
	h->exchanges = x;
	if (ret_exchange)
		*ret_exchange = x;
	(void)steal(x);
	return 0;
}

static enum http_end end_of(CURLcode code, const struct http_exchange *x)
{
	if (x->overflow)
		return HTTP_TOO_LARGE;
	switch (code) {
	case CURLE_OK:
		return HTTP_ANSWERED;
	case CURLE_COULDNT_CONNECT:
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
		return HTTP_UNREACHABLE;
	case CURLE_OPERATION_TIMEDOUT:
		return HTTP_TIMEOUT;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_URL_MALFORMAT:
		return HTTP_REFUSED;
	default:
		return HTTP_BROKEN;
	}
}

/* 2xx bodies go to on_bytes as they come; those of errors wait for on_done. */
static bool is_deliverable(const struct http_exchange *x)
{
	long status = 0;

	if (x->dead || !x->on_bytes || !x->body.len)
		return false;
	curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &status);
	return status >= 200 && status <= 299;
}

static void exchange_deliver(struct http_exchange *x)
{
	if (!is_deliverable(x))
		return;
	x->on_bytes(x->ctx, x->body.data, x->body.len);
	buf_clear(&x->body);
}

static void exchange_done(struct http_exchange *x, CURLcode code)
{
	struct http_answer answer = { .body = &x->body, .why = x->why };
	long status = 0;
	curl_off_t after = 0;

	exchange_deliver(x);
	if (x->dead)
		return;
	curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(x->easy, CURLINFO_RETRY_AFTER, &after);
	answer.end = end_of(code, x);
	answer.status = (int)status;
	answer.retry_after = after > 3600 ? 3600 : (int)after;
	if (answer.end == HTTP_TOO_LARGE)
		answer.why = "the answer is too large";
	else if (x->no_memory)
		answer.why = "out of memory";
	else if (!x->why[0])
		answer.why = curl_easy_strerror(code);
	exchange_end(x);
	x->on_done(x->ctx, &answer);
}

static void collect_done(struct http *h)
{
	struct http_exchange *x;
	CURLcode code;
	CURLMsg *msg;
	int left;

	while ((msg = curl_multi_info_read(h->multi.curl, &left))) {
		if (msg->msg != CURLMSG_DONE)
			continue;
		code = msg->data.result;
		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &x);
		exchange_done(x, code);
	}
}

/* Nothing more would be heard of them. */
static void fail_all(struct http *h)
{
	h->multi.blind = false;
	for (struct http_exchange *x = h->exchanges; x; x = x->next) {
		if (x->dead)
			continue;
		snprintf(x->why, sizeof(x->why), "out of memory");
		exchange_done(x, CURLE_OUT_OF_MEMORY);
	}
}

/* After libcurl has moved bytes: hands on what came, and what ended. */
static void call_back(void *ctx)
{
	struct http *h = ctx;
	struct http_exchange *x, *next;

	h->calling = true;
	for (x = h->exchanges; x; x = x->next)
		exchange_deliver(x);
	collect_done(h);
	if (h->multi.blind)
		fail_all(h);
	h->calling = false;
	for (x = h->exchanges; x; x = next) {
		next = x->next;
		if (x->dead)
			exchange_free(x);
	}
}

bool http_idle(const struct http *h)
{
	return !h->exchanges;
}
