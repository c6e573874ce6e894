/* SPDX-License-Identifier: Apache-2.0 */
/* http_easy.h - what http.c and http_raw.c share: libcurl, and the peer. */
#ifndef NET_HTTP_EASY_H
#define NET_HTTP_EASY_H

#include <curl/curl.h>

#include "net/http.h"

struct http {
	CURLM *multi;
	struct http_exchange *exchanges; /* all that are not freed */
	bool stepping;
	/* Owned copies of struct http_peer. */
	char *ca_pem, *cert_pem, *key_pem, *server_name, *proxy;
	bool insecure;
};

/* Prepares a handle to speak to `url` by the trust and identity of `h`.
 * *connect_to is to be freed after the handle. */
int http_easy_set(const struct http *h, CURL *easy, const char *url,
		  struct curl_slist **connect_to, struct error *err);

#endif
