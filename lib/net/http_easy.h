/* SPDX-License-Identifier: Apache-2.0 */
/* http_easy.h - what the files of HTTP share: libcurl, and the peer. */
#ifndef NET_HTTP_EASY_H
#define NET_HTTP_EASY_H

#include <curl/curl.h>

#include "net/http.h"

struct http {
	struct loop *loop;
	CURLM *multi;
	struct timer *timer; /* when libcurl wants to be called next */
	struct http_socket *sockets; /* that libcurl waits for */
	struct http_exchange *exchanges; /* all that are not freed */
	bool blind; /* one of them cannot be watched */
	bool calling; /* back: no exchange is freed meanwhile */
	/* Owned copies of struct http_peer. */
	char *ca_pem, *cert_pem, *key_pem, *server_name, *proxy;
	bool insecure;
};

/* Prepares a handle to speak to `url` by the trust and identity of `h`.
 * *connect_to is to be freed after the handle. */
int http_easy_set(const struct http *h, CURL *easy, const char *url,
		  struct curl_slist **connect_to, struct error *err);

/* Has the loop wait for what libcurl waits for. */
int http_sockets_open(struct http *h, struct error *err);
void http_sockets_close(struct http *h);
/* After libcurl has moved bytes: hands on what came, and what ended. */
void http_call_back(struct http *h);

#endif
