/* SPDX-License-Identifier: Apache-2.0 */
/* loop_stream.h - a stream from inside, for the files that connect, accept,
 * read and write. */
#ifndef NET_LOOP_STREAM_H
#define NET_LOOP_STREAM_H

#include "base/buf.h"
#include "net/loop_uv.h"

enum stream_state {
	STREAM_LOOKING_UP, /* the host's address */
	STREAM_CONNECTING,
	STREAM_OPEN,
	STREAM_FAILED, /* on_failed was called; waits to be closed */
	STREAM_CLOSING, /* stream_close() was called */
	STREAM_STATES
};

/* A connection to one address; the stream's, or on its way out. */
struct attempt {
	struct stream *stream;
	uv_tcp_t tcp;
	uv_connect_t connect;
};

struct stream {
	struct loop *loop;
	enum stream_state state;
	const struct stream_events *events;
	void *ctx;
	char host[256];
	uint16_t port;
	struct attempt *attempt; /* owned; NULL while looking up */
	struct addrinfo *found; /* all addresses; owned */
	const struct addrinfo *next; /* the ones not tried yet */
	uint64_t until_ms; /* uv_now() when no connection is too late */
	uv_timer_t deadline;
	uv_getaddrinfo_t lookup;
	uv_write_t write;
	uv_shutdown_t shutdown;
	bool writing; /* `flying` belongs to libuv */
	bool ending; /* stream_end() was called */
	bool paused; /* by stream_pause() */
	bool ended; /* the peer's end was read */
	struct buf flying, waiting;
	unsigned holders; /* handles and lookup that still call back */
};

void stream_move(struct stream *s, enum stream_state next);
/* Neither failed nor being closed. */
bool stream_live(const struct stream *s);
/* Calls on_failed, if the stream is live. */
void stream_fail(struct stream *s, const char *what, const char *why);
/* A handle or the lookup has called back for the last time. */
void stream_drop(struct stream *s);
/* The attempt that takes the place of the one before it; NULL: no memory. */
struct attempt *attempt_begin(struct stream *s);
/* The attempt is connected: reading begins. libuv's negative code if not. */
int stream_opened(struct stream *s);

/* Begins to look up and to connect; libuv's negative code if it cannot. */
int stream_connect(struct stream *s);
/* The deadline of connecting has passed. */
void stream_late(uv_timer_t *uv);

/* What waits to be accepted, as a stream. */
int stream_accept(struct loop *loop, uv_stream_t *listener,
		  const struct stream_events *events, void *ctx,
		  struct stream **ret, struct error *err);

#endif
