/* SPDX-License-Identifier: Apache-2.0 */
/* web.h - a small HTTP/1.1 server for tests, that can behave badly. */
#ifndef TEST_SUPPORT_WEB_H
#define TEST_SUPPORT_WEB_H

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* Answers one request on `fd`, the `n`-th from 0, by writing what it likes;
 * then the connection is closed. Runs on the server's thread. */
struct web;
typedef void (*web_fn)(struct web *w, int fd, unsigned n, const char *request);

struct web {
	web_fn answer;
	void *ctx;
	uint16_t port;
	_Atomic unsigned seen; /* requests */
	/* Its own. */
	int listener;
	_Atomic int over;
	pthread_t thread;
};

/* Listens on 127.0.0.1. */
void web_start(struct web *w);
void web_stop(struct web *w);
/* A whole answer: "200 OK", headers that end with "\r\n" or "", a body. */
void web_send(int fd, const char *status, const char *headers,
	      const char *body);
/* Only these bytes. */
void web_send_part(int fd, const char *bytes);

/* Accepts the request's upgrade to a websocket, by that protocol (or NULL), and
 * sends the frames behind. */
void web_upgrade(int fd, const char *request, const char *protocol,
		 const void *frames, size_t len);

#endif
