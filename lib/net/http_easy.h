/* SPDX-License-Identifier: Apache-2.0 */
/* http_easy.h - what the files of HTTP share: libcurl, and the peer. */
#ifndef NET_HTTP_EASY_H
#define NET_HTTP_EASY_H

#include <curl/curl.h>

#include "net/http.h"

/* A multi handle of libcurl, whose waiting the loop does. */
struct http_multi {
	CURLM *curl;
	struct loop *loop; /* NULL: it has been left */
	struct timer *timer; /* when libcurl wants to be called next */
	struct http_socket *sockets; /* that libcurl waits for */
	bool blind; /* one of them cannot be watched */
	/* libcurl has moved bytes, and has returned. */
	void (*moved)(void *ctx);
	void *ctx;
};

int http_multi_open(struct http_multi *m, struct loop *loop,
		    void (*moved)(void *ctx), void *ctx, struct error *err);
/* The loop waits for it no more; its connections stay open. */
void http_multi_leave(struct http_multi *m);
/* Of one that was never opened, does nothing. */
void http_multi_close(struct http_multi *m);

struct http {
	struct loop *loop;
	struct http_multi multi;
	struct http_exchange *exchanges; /* all that are not freed */
	bool calling; /* back: no exchange is freed meanwhile */
	/* Owned copies of struct http_peer. */
	char *ca_pem, *cert_pem, *key_pem, *server_name, *proxy;
	bool insecure;
};

/* Prepares a handle to speak to `url` by the trust and identity of `h`.
 * *connect_to is to be freed after the handle. */
int http_easy_set(const struct http *h, CURL *easy, const char *url,
		  struct curl_slist **connect_to, struct error *err);

#endif
