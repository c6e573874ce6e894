/* SPDX-License-Identifier: Apache-2.0 */
/* loop.h - one thread's events: timers, TCP, descriptors, ends of processes. */
#ifndef NET_LOOP_H
#define NET_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "sys/process.h"

/*
 * Everything here belongs to the thread that runs its loop, but for
 * loop_post(). An asynchronous object is closed once, by its owner; it calls
 * nobody before the call that started it has returned, and nobody after it was
 * closed: a stream calls on_closed once more, when its memory goes.
 */
struct loop;

/* From here on the process ignores SIGPIPE. */
int loop_new(struct loop **ret, struct error *err);
/* All objects of the loop must be closed before (their on_closed may still be
 * outstanding: it is called from here), and nobody may post any more; posts
 * that wait are called, too. NULL is fine. */
void loop_free(struct loop *loop);
DEFINE_FREEP(struct loop, loop)
/* Until loop_stop(), or until there is nothing left to wait for. */
void loop_run(struct loop *loop);
void loop_stop(struct loop *loop);
/* Waits up to `ms` for something to happen, calls back, and returns: for code
 * that does one thing after the other and looks at the time in between. As in
 * sys/wait.h it returns at once when medley is interrupted, and as long as it
 * is. Not from a callback. */
void loop_step(struct loop *loop, int ms);

/* ---- from other threads ---- */

/* The caller's memory, until fn is called; fn may free it or post it again. */
struct post {
	void (*fn)(void *ctx);
	void *ctx;
	struct post *next; /* the loop's */
};

/* From any thread: has the loop's thread call it. Posts of one thread are
 * called in their order. Never fails, as nothing is allocated. */
void loop_post(struct loop *loop, struct post *post);
/* Whether loop_run() goes on while there is nothing to wait for but posts; at
 * first it does not. */
void loop_keep(struct loop *loop, bool keep);

/* ---- timers ---- */

struct timer;
typedef void (*timer_fn)(void *ctx);
/*
 * Calls fn in `after_us`, and then each `every_us`, or once (0). Times that
 * were missed, since a callback took long, are left out. Timers that are due at
 * the same microsecond are called in the order in which they were set.
 */
int timer_open(struct loop *loop, int64_t after_us, int64_t every_us,
	       timer_fn fn, void *ctx, struct timer **ret, struct error *err);
/* In place of what was set; cannot fail. */
void timer_set(struct timer *timer, int64_t after_us, int64_t every_us);
/* Until it is set again. */
void timer_stop(struct timer *timer);
void timer_close(struct timer *timer); /* NULL is fine */

/* ---- streams ---- */

struct stream;

struct stream_events {
	void (*on_connected)(void *ctx); /* not of accepted ones */
	/* Bytes as they come, borrowed until it returns. */
	void (*on_bytes)(void *ctx, const uint8_t *bytes, size_t len);
	/* Once, and then nothing but on_closed: no connection (refused, no
	 * such host, deadline), or it ended. The owner closes. */
	void (*on_failed)(void *ctx, const struct error *err);
	void (*on_closed)(void *ctx);
	/* The peer sends nothing more; it may still read. NULL: that is the end
	 * of the connection, on_failed. */
	void (*on_end)(void *ctx);
	/* All that was written is with the kernel. NULL: no matter. */
	void (*on_drained)(void *ctx);
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
/* Bytes that are not yet with the kernel. */
size_t stream_unsent(const struct stream *s);
/* Half-close: the peer reads the end after what was written. Reading goes on,
 * and the owner still closes. Does nothing when not connected. */
void stream_end(struct stream *s);
/* Reads nothing until stream_resume(), not even the end: the peer finds the
 * connection full. For whoever cannot take more bytes now. */
void stream_pause(struct stream *s);
void stream_resume(struct stream *s);
/* Bytes not yet given to the kernel are dropped. */
void stream_close(struct stream *s);

/* ---- listeners ---- */

struct listener;

/* Connections that the kernel keeps until they are accepted. */
enum { LISTENER_BACKLOG = 1024 };

/* Listens at an address, no name; port 0 takes one that is free. Each time that
 * a connection waits, fn is called: it calls listener_accept() once. A
 * connection that fn leaves waits, and no other is announced, until
 * listener_accept() takes it. */
int listener_open(struct loop *loop, const char *host, uint16_t port,
		  void (*fn)(void *ctx), void *ctx, struct listener **ret,
		  struct error *err);
uint16_t listener_port(const struct listener *l);
/* The connection that waits, as a stream that is connected. */
int listener_accept(struct listener *l, const struct stream_events *events,
		    void *ctx, struct stream **ret, struct error *err);
void listener_close(struct listener *l); /* NULL is fine */

/* ---- descriptors of others: libcurl's, libpq's, a pidfd ---- */

struct watch;
enum { WATCH_READ = 1, WATCH_WRITE = 2 };
/* `ready` has WATCH_… bits; both after an error, which the next read or write
 * then tells. */
typedef void (*watch_fn)(void *ctx, unsigned ready);

/*
 * Calls fn each time that the descriptor is ready for one of `events`, as long
 * as it is (level-triggered). It stays the caller's, but becomes non-blocking,
 * and can be watched once in a loop. It is closed after watch_close(): one that
 * is closed before is not reported any more. -1 for what cannot be waited for:
 * a closed descriptor, a regular file.
 */
int loop_watch(struct loop *loop, int fd, unsigned events, watch_fn fn,
	       void *ctx, struct watch **ret, struct error *err);
void watch_set(struct watch *w, unsigned events); /* 0: nothing for now */
void watch_close(struct watch *w); /* NULL is fine */

/* ---- ends of child processes ---- */

struct child_watch;
/* `status` as of waitpid(); -1: somebody else has waited for it. */
typedef void (*child_fn)(void *ctx, int status);

/* Calls fn once, when the process has ended and was waited for. `process` must
 * stay where it is; to end it is its owner's business. */
int loop_child(struct loop *loop, struct process *process, child_fn fn,
	       void *ctx, struct child_watch **ret, struct error *err);
/* NULL is fine. The process goes on. */
void child_watch_close(struct child_watch *c);

#endif
