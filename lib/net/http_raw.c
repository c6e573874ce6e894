/* SPDX-License-Identifier: Apache-2.0 */
/* http_raw.c - a raw connection, for what begins with an HTTP upgrade. */
#include "net/http.h"

#include "net/http_easy.h"
#include "sys/interrupt.h"

enum { STEP_MS = 200 };

/*
 * Its connection lies in a multi handle of its own: in that of the exchanges
 * libcurl would take it for idle, and close it for another.
 */
struct http_raw {
	struct http_multi multi;
	CURL *easy;
	struct curl_slist *connect_to;
	curl_socket_t fd;
	http_raw_fn fn;
	void *ctx;
	char why[CURL_ERROR_SIZE];
};

void http_raw_free(struct http_raw *raw)
{
	if (!raw)
		return;
	if (raw->easy && raw->multi.curl)
		curl_multi_remove_handle(raw->multi.curl, raw->easy);
	if (raw->easy)
		curl_easy_cleanup(raw->easy);
	http_multi_close(&raw->multi);
	curl_slist_free_all(raw->connect_to);
	free(raw);
}

static int raw_check(struct http_raw *raw, CURLcode code, struct error *err)
{
	if (!code)
		code = curl_easy_getinfo(raw->easy, CURLINFO_ACTIVESOCKET,
					 &raw->fd);
	if (code == CURLE_OUT_OF_MEMORY)
		return error_nomem(err);
	if (code)
		return error_set(err, ERROR_DEPLOY, "%s",
				 raw->why[0] ? raw->why
					     : curl_easy_strerror(code));
	return 0;
}

static void on_moved(void *ctx)
{
	struct http_raw *raw = ctx;
	CURLcode code = CURLE_OUT_OF_MEMORY;
	struct error err;
	CURLMsg *msg;
	int left, rc;

	msg = curl_multi_info_read(raw->multi.curl, &left);
	if (msg)
		code = msg->data.result;
	else if (!raw->multi.blind)
		return;
	/* The descriptor is the caller's to wait for, on any thread. */
	http_multi_leave(&raw->multi);
	rc = raw_check(raw, code, &err);
	raw->fn(raw->ctx, rc < 0 ? &err : NULL);
}

static void set_raw(struct http_raw *raw, int timeout_ms)
{
	curl_easy_setopt(raw->easy, CURLOPT_ERRORBUFFER, raw->why);
	/* An upgrade is a thing of HTTP/1.1: nothing else is offered. */
	curl_easy_setopt(raw->easy, CURLOPT_HTTP_VERSION,
			 (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(raw->easy, CURLOPT_CONNECT_ONLY, 1L);
	/* Also to a server without TLS: the bytes are for the server alone. */
	curl_easy_setopt(raw->easy, CURLOPT_HTTPPROXYTUNNEL, 1L);
	curl_easy_setopt(raw->easy, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
}

int http_raw_start(const struct http *h, struct loop *loop, const char *url,
		   int timeout_ms, http_raw_fn fn, void *ctx,
		   struct http_raw **ret, struct error *err)
{
	cleanup(http_raw_freep) struct http_raw *raw = calloc(1, sizeof(*raw));

	if (!raw)
		return error_nomem(err);
	raw->fn = fn;
	raw->ctx = ctx;
	raw->easy = curl_easy_init();
	if (!raw->easy)
		return error_nomem(err);
	if (http_easy_set(h, raw->easy, url, &raw->connect_to, err) < 0 ||
	    http_multi_open(&raw->multi, loop, on_moved, raw, err) < 0)
		return -1;
	set_raw(raw, timeout_ms);
	if (curl_multi_add_handle(raw->multi.curl, raw->easy))
		return error_nomem(err);
	*ret = steal(raw);
	return 0;
}

/* ---- waited for ---- */

struct opening {
	bool done;
	int rc;
	struct error err;
};

static void on_opened(void *ctx, const struct error *err)
{
	struct opening *o = ctx;

	o->done = true;
	o->rc = err ? -1 : 0;
	if (err)
		o->err = *err;
}

int http_raw_open(const struct http *h, const char *url, int timeout_ms,
		  struct http_raw **ret, struct error *err)
{
	cleanup(http_raw_freep) struct http_raw *raw = NULL;
	struct opening o = { 0 };

	if (http_raw_start(h, h->loop, url, timeout_ms, on_opened, &o, &raw,
			   err) < 0)
		return -1;
	while (!o.done) {
		if (interrupt_check(err) < 0)
			return -1;
		loop_step(h->loop, STEP_MS);
	}
	if (o.rc < 0) {
		if (err)
			*err = o.err;
		return -1;
	}
	*ret = steal(raw);
	return 0;
}

int http_raw_fd(const struct http_raw *raw)
{
	return (int)raw->fd;
}

static int raw_result(CURLcode code, size_t moved, struct error *err)
{
	if (code == CURLE_AGAIN)
		return 0;
	if (code)
		return error_set(err, ERROR_DEPLOY, "%s",
				 curl_easy_strerror(code));
	return (int)moved;
}

int http_raw_send(struct http_raw *raw, const void *bytes, size_t len,
		  struct error *err)
{
	size_t moved = 0;
	CURLcode code = curl_easy_send(raw->easy, bytes, len, &moved);

	return raw_result(code, moved, err);
}

int http_raw_receive(struct http_raw *raw, void *ret, size_t room,
		     struct error *err)
{
	size_t moved = 0;
	CURLcode code = curl_easy_recv(raw->easy, ret, room, &moved);

	if (!code && !moved)
		return error_set(err, ERROR_DEPLOY,
				 "the peer has closed the connection");
	return raw_result(code, moved, err);
}
