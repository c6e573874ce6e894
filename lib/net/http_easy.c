/* SPDX-License-Identifier: Apache-2.0 */
/* http_easy.c - whom a curl handle trusts, who it is, and how it connects. */
#include "net/http_easy.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

enum { CONNECT_MS = 5000, SILENT_PEER_MS = 15000 };

static int on_socket(void *ctx, curl_socket_t fd, curlsocktype purpose)
{
	unsigned ms = SILENT_PEER_MS;

	(void)ctx;
	(void)purpose;
	setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, sizeof(ms));
	return CURL_SOCKOPT_OK;
}

static void set_pem(CURL *easy, CURLoption option, const char *pem)
{
	struct curl_blob blob = { .data = (void *)pem,
				  .flags = CURL_BLOB_COPY };

	if (!pem)
		return;
	blob.len = strlen(pem);
	curl_easy_setopt(easy, option, &blob);
}

/* Whether the URL's host is this machine. */
static bool is_loopback(CURLU *url)
{
	char *host = NULL;
	bool yes;

	if (curl_url_get(url, CURLUPART_HOST, &host, 0))
		return false;
	yes = !strncmp(host, "127.", 4) || !strcmp(host, "[::1]") ||
	      !strcasecmp(host, "localhost");
	curl_free(host);
	return yes;
}

/*
 * Where the certificate has another name than the URL's host, the URL is
 * written with that name, and the connection led to the host: so the name is
 * both asked for (SNI) and checked.
 */
static int lead_to(CURL *easy, CURLU *url, const char *name,
		   struct curl_slist **connect_to)
{
	char *host = NULL, *port = NULL;
	char text[600];

	if (curl_url_get(url, CURLUPART_HOST, &host, 0) ||
	    curl_url_get(url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT))
		return curl_free(host), -1;
	snprintf(text, sizeof(text), "::%s:%s", host, port);
	curl_free(host);
	curl_free(port);
	*connect_to = curl_slist_append(NULL, text);
	if (!*connect_to || curl_url_set(url, CURLUPART_HOST, name, 0))
		return -1;
	curl_easy_setopt(easy, CURLOPT_CONNECT_TO, *connect_to);
	return 0;
}

/* The proxy of this server counts always; the environment's, by curl's own
 * rules, for no server on this machine. */
static void set_proxy(const struct http *h, CURL *easy, CURLU *url)
{
	if (h->proxy) {
		curl_easy_setopt(easy, CURLOPT_PROXY, h->proxy);
		curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
	} else if (is_loopback(url)) {
		curl_easy_setopt(easy, CURLOPT_PROXY, "");
	}
}

static int parse_url(CURLU *url, const char *text, struct error *err)
{
	CURLUcode code = curl_url_set(url, CURLUPART_URL, text, 0);

	if (code == CURLUE_OUT_OF_MEMORY)
		return error_nomem(err);
	return code ? error_set(err, ERROR_INPUT, "bad URL: %s", text) : 0;
}

static int set_url(const struct http *h, CURL *easy, const char *text,
		   struct curl_slist **connect_to, struct error *err)
{
	CURLU *url = curl_url();
	char *whole = NULL;
	int rc = -1;

	if (!url)
		return error_nomem(err);
	if (parse_url(url, text, err) < 0)
		goto out;
	set_proxy(h, easy, url);
	if (h->server_name &&
	    lead_to(easy, url, h->server_name, connect_to) < 0) {
		error_set(err, ERROR_INPUT, "%s: bad server name: %s", text,
			  h->server_name);
		goto out;
	}
	if (curl_url_get(url, CURLUPART_URL, &whole, 0)) {
		error_nomem(err);
		goto out;
	}
	curl_easy_setopt(easy, CURLOPT_URL, whole);
	curl_free(whole);
	rc = 0;
out:
	curl_url_cleanup(url);
	return rc;
}

int http_easy_set(const struct http *h, CURL *easy, const char *url,
		  struct curl_slist **connect_to, struct error *err)
{
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPIDLE, 10L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPINTVL, 5L);
	curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, on_socket);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, h->insecure ? 0L : 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, h->insecure ? 0L : 2L);
	set_pem(easy, CURLOPT_CAINFO_BLOB, h->ca_pem);
	set_pem(easy, CURLOPT_SSLCERT_BLOB, h->cert_pem);
	set_pem(easy, CURLOPT_SSLKEY_BLOB, h->key_pem);
	return set_url(h, easy, url, connect_to, err);
}
