/* SPDX-License-Identifier: Apache-2.0 */
/* loop.h - one thread's events: timers and TCP streams, through libuv. */
#ifndef NET_LOOP_H
#define NET_LOOP_H

#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"

/*
 * Everything here belongs to the thread that runs its loop. An asynchronous
 * object is closed once, by its owner; it calls nobody before the call that
 * started it has returned, and nobody after on_closed, when its memory goes.
 */
struct loop;

/* From here on the process ignores SIGPIPE. */
int loop_new(struct loop **ret, struct error *err);
/* All timers and streams must be closed before (their on_closed may still be
 * outstanding: it is called from here). NULL is fine. */
void loop_free(struct loop *loop);
DEFINE_FREEP(struct loop, loop)
/* Until loop_stop(), or until there is nothing left to wait for. */
void loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

/* Calls fn every `every_ms` until it is closed; closing frees. */
struct timer;
typedef void (*timer_fn)(void *ctx);
int timer_open(struct loop *loop, int every_ms, timer_fn fn, void *ctx,
	       struct timer **ret, struct error *err);
void timer_close(struct timer *timer); /* NULL is fine */

struct stream;

struct stream_events {
	void (*on_connected)(void *ctx);
	/* Bytes as they come, borrowed until it returns. */
	void (*on_bytes)(void *ctx, const uint8_t *bytes, size_t len);
	/* Once, and then nothing but on_closed: no connection (refused, no
	 * such host, deadline), or it ended. The owner closes. */
	void (*on_failed)(void *ctx, const struct error *err);
	void (*on_closed)(void *ctx);
};

/* What may wait to be written; a peer that reads no more is a failure. */
enum { STREAM_QUEUE_MAX = 32 * 1024 * 1024 };

/* Starts to connect. `host` is an address or a name, whose addresses are tried
 * one after the other; the deadline covers all of it, and looking them up.
 * `events` must outlive the stream. */
int stream_open(struct loop *loop, const char *host, uint16_t port,
		int timeout_ms, const struct stream_events *events, void *ctx,
		struct stream **ret, struct error *err);
/* Copies the bytes. -1 when not connected or when the queue is full. */
int stream_write(struct stream *s, const void *bytes, size_t len,
		 struct error *err);
/* Bytes not yet given to the kernel are dropped. */
void stream_close(struct stream *s);

#endif
