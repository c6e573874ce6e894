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
	bool done; /* connected, or not: `code` tells */
	CURLcode code;
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

static void on_moved(void *ctx)
{
	struct http_raw *raw = ctx;
	CURLMsg *msg;
	int left;

	while ((msg = curl_multi_info_read(raw->multi.curl, &left))) {
		raw->done = true;
		raw->code = msg->data.result;
	}
	if (raw->multi.blind && !raw->done) {
		raw->done = true;
		raw->code = CURLE_OUT_OF_MEMORY;
	}
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

static int raw_connect(struct http_raw *raw, struct loop *loop,
		       struct error *err)
{
	if (http_multi_open(&raw->multi, loop, on_moved, raw, err) < 0)
		return -1;
	if (curl_multi_add_handle(raw->multi.curl, raw->easy))
		return error_nomem(err);
	while (!raw->done) {
		if (interrupt_check(err) < 0)
			return -1;
		loop_step(loop, STEP_MS);
	}
	/* The descriptor is the caller's to wait for, on any thread. */
	http_multi_leave(&raw->multi);
	if (!raw->code)
		raw->code = curl_easy_getinfo(raw->easy, CURLINFO_ACTIVESOCKET,
					      &raw->fd);
	if (!raw->code)
		return 0;
	if (raw->code == CURLE_OUT_OF_MEMORY)
		return error_nomem(err);
	return error_set(err, ERROR_DEPLOY, "%s",
			 raw->why[0] ? raw->why
				     : curl_easy_strerror(raw->code));
}

int http_raw_open(const struct http *h, const char *url, int timeout_ms,
		  struct http_raw **ret, struct error *err)
{
	cleanup(http_raw_freep) struct http_raw *raw = calloc(1, sizeof(*raw));

	if (!raw)
		return error_nomem(err);
	raw->easy = curl_easy_init();
	if (!raw->easy)
		return error_nomem(err);
	if (http_easy_set(h, raw->easy, url, &raw->connect_to, err) < 0)
		return -1;
	set_raw(raw, timeout_ms);
	if (raw_connect(raw, h->loop, err) < 0)
		return -1;
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
		return error_set(err, ERROR_DEPLOY, "the peer has closed");
	return raw_result(code, moved, err);
}
