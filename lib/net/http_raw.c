/* SPDX-License-Identifier: Apache-2.0 */
/* http_raw.c - a raw connection, for what begins with an HTTP upgrade. */
#include "net/http.h"

#include "net/http_easy.h"

struct http_raw {
	CURL *easy;
	struct curl_slist *connect_to;
	curl_socket_t fd;
};

void http_raw_free(struct http_raw *raw)
{
	if (!raw)
		return;
	if (raw->easy)
		curl_easy_cleanup(raw->easy);
	curl_slist_free_all(raw->connect_to);
	free(raw);
}

int http_raw_open(const struct http *h, const char *url, int timeout_ms,
		  struct http_raw **ret, struct error *err)
{
	cleanup(http_raw_freep) struct http_raw *raw = calloc(1, sizeof(*raw));
	char why[CURL_ERROR_SIZE] = "";
	CURLcode code;

	if (!raw)
		return error_nomem(err);
	raw->easy = curl_easy_init();
	if (!raw->easy)
		return error_nomem(err);
	if (http_easy_set(h, raw->easy, url, &raw->connect_to, err) < 0)
		return -1;
	curl_easy_setopt(raw->easy, CURLOPT_ERRORBUFFER, why);
	/* An upgrade is a thing of HTTP/1.1: nothing else is offered. */
	curl_easy_setopt(raw->easy, CURLOPT_HTTP_VERSION,
			 (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(raw->easy, CURLOPT_CONNECT_ONLY, 1L);
	/* Also to a server without TLS: the bytes are for the server alone. */
	curl_easy_setopt(raw->easy, CURLOPT_HTTPPROXYTUNNEL, 1L);
	curl_easy_setopt(raw->easy, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
	code = curl_easy_perform(raw->easy);
	if (!code)
		code = curl_easy_getinfo(raw->easy, CURLINFO_ACTIVESOCKET,
					 &raw->fd);
	curl_easy_setopt(raw->easy, CURLOPT_ERRORBUFFER, NULL);
	if (code)
		return error_set(err, ERROR_DEPLOY, "%s",
				 why[0] ? why : curl_easy_strerror(code));
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
