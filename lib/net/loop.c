/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loop.c - one thread's events: timers and TCP streams, through libuv.
 *
 * A stream's happy path: stream_open() looks the host up (an address is taken
 * as it is, without a thread), connects to its addresses in turn until one
 * answers, on_connected; then it reads into the
 * loop's one buffer and hands the bytes to on_bytes, and writes what
 * stream_write() was given. While one write is under way new bytes gather in
 * `waiting`; when it ends they go as one write, so that many small frames
 * cost few system calls. stream_close() ends it, on_closed is the last call.
 *
 * What goes wrong: the lookup or the connection to the last address fails, or
 * the deadline passes first: on_failed. Each address has its share of the time
 * that is left, so that a silent one does not take all of it. The peer ends or
 * resets the connection, or a write fails: on_failed, once, whichever comes
 * first; later callbacks of libuv see the state and stay silent. The peer reads
 * no more: bytes gather up to STREAM_QUEUE_MAX, then stream_write() says so.
 * stream_close() at any moment cancels what is under way: libuv still calls
 * back with ECANCELED, which is why the memory goes only when the last of
 * handles and lookup is done.
 */
#include "net/loop.h"

#include <assert.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "base/buf.h"

struct loop {
	uv_loop_t uv;
	char input[64 * 1024]; /* of whichever stream reads just now */
};

int loop_new(struct loop **ret, struct error *err)
{
	struct loop *loop = calloc(1, sizeof(*loop));
	int rc;

	if (!loop)
		return error_nomem(err);
	/* libuv writes without MSG_NOSIGNAL: a peer that has gone is to fail
	 * the write, not to end the process. */
	signal(SIGPIPE, SIG_IGN);
	rc = uv_loop_init(&loop->uv);
	if (rc < 0) {
		free(loop);
		return error_set(err, ERROR_INTERNAL, "no event loop: %s",
				 uv_strerror(rc));
	}
	*ret = loop;
	return 0;
}

void loop_free(struct loop *loop)
{
	int rc;

	if (!loop)
		return;
	uv_run(&loop->uv, UV_RUN_DEFAULT);
	rc = uv_loop_close(&loop->uv);
	assert(rc == 0);
	(void)rc;
	free(loop);
}

void loop_run(struct loop *loop)
{
	uv_run(&loop->uv, UV_RUN_DEFAULT);
}

void loop_stop(struct loop *loop)
{
	uv_stop(&loop->uv);
}

struct timer {
	uv_timer_t uv;
	timer_fn fn;
	void *ctx;
};

static void on_tick(uv_timer_t *uv)
{
	struct timer *timer = uv->data;

	timer->fn(timer->ctx);
}

int timer_open(struct loop *loop, int every_ms, timer_fn fn, void *ctx,
	       struct timer **ret, struct error *err)
{
	struct timer *timer = calloc(1, sizeof(*timer));

	if (!timer)
		return error_nomem(err);
	timer->fn = fn;
	timer->ctx = ctx;
	timer->uv.data = timer;
	uv_timer_init(&loop->uv, &timer->uv);
	uv_timer_start(&timer->uv, on_tick, every_ms, every_ms);
	*ret = timer;
	return 0;
}

static void on_timer_closed(uv_handle_t *uv)
{
	free(uv->data);
}

void timer_close(struct timer *timer)
{
	if (timer)
		uv_close((uv_handle_t *)&timer->uv, on_timer_closed);
}

enum stream_state {
	STREAM_LOOKING_UP, /* the host's address */
	STREAM_CONNECTING,
	STREAM_OPEN,
	STREAM_FAILED, /* on_failed was called; waits to be closed */
	STREAM_CLOSING, /* stream_close() was called */
	STREAM_STATES
};

/* By state: the states that may follow. */
static const unsigned successors[STREAM_STATES] = {
	[STREAM_LOOKING_UP] = 1 << STREAM_CONNECTING | 1 << STREAM_FAILED |
			      1 << STREAM_CLOSING,
	[STREAM_CONNECTING] = 1 << STREAM_CONNECTING | 1 << STREAM_OPEN |
			      1 << STREAM_FAILED | 1 << STREAM_CLOSING,
	[STREAM_OPEN] = 1 << STREAM_FAILED | 1 << STREAM_CLOSING,
	[STREAM_FAILED] = 1 << STREAM_CLOSING,
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
	bool writing; /* `flying` belongs to libuv */
	struct buf flying, waiting;
	unsigned holders; /* handles and lookup that still call back */
};

static void stream_move(struct stream *s, enum stream_state next)
{
	assert(successors[s->state] & 1u << next);
	s->state = next;
}

static bool stream_live(const struct stream *s)
{
	return s->state < STREAM_FAILED;
}

static void stream_fail(struct stream *s, const char *what, const char *why)
{
	struct error err;

	if (!stream_live(s))
		return;
	stream_move(s, STREAM_FAILED);
	uv_timer_stop(&s->deadline);
	if (s->attempt)
		uv_read_stop((uv_stream_t *)&s->attempt->tcp);
	error_set(&err, ERROR_INTERNAL, "%s %s:%u: %s", what, s->host, s->port,
		  why);
	s->events->on_failed(s->ctx, &err);
}

static void stream_drop(struct stream *s)
{
	if (--s->holders)
		return;
	s->events->on_closed(s->ctx);
	buf_release(&s->flying);
	buf_release(&s->waiting);
	uv_freeaddrinfo(s->found);
	free(s);
}

static void on_timer_gone(uv_handle_t *uv)
{
	stream_drop(uv->data);
}

static void on_attempt_closed(uv_handle_t *uv)
{
	struct attempt *a = uv->data;

	stream_drop(a->stream);
	free(a);
}

static void attempt_close(struct attempt *a)
{
	if (a)
		uv_close((uv_handle_t *)&a->tcp, on_attempt_closed);
}

static void on_room(uv_handle_t *uv, size_t wanted, uv_buf_t *ret)
{
	struct attempt *a = uv->data;
	struct stream *s = a->stream;

	(void)wanted;
	*ret = uv_buf_init(s->loop->input, sizeof(s->loop->input));
}

static void on_read(uv_stream_t *uv, ssize_t n, const uv_buf_t *b)
{
	struct attempt *a = uv->data;
	struct stream *s = a->stream;

	if (!stream_live(s) || n == 0)
		return;
	if (n < 0)
		stream_fail(s, "connection to",
			    n == UV_EOF ? "the peer closed it"
					: uv_strerror((int)n));
	else
		s->events->on_bytes(s->ctx, (uint8_t *)b->base, (size_t)n);
}

static int try_addresses(struct stream *s, int status);

static void on_connect(uv_connect_t *request, int status)
{
	struct attempt *a = request->data;
	struct stream *s = a->stream;

	/* An attempt that was given up ends here, too. */
	if (!stream_live(s) || s->attempt != a)
		return;
	if (status < 0) {
		status = try_addresses(s, status);
		if (status < 0)
			stream_fail(s, "connecting to", uv_strerror(status));
		return;
	}
	status = uv_read_start((uv_stream_t *)&a->tcp, on_room, on_read);
	if (status < 0) {
		stream_fail(s, "connecting to", uv_strerror(status));
		return;
	}
	stream_move(s, STREAM_OPEN);
	uv_timer_stop(&s->deadline);
	uv_tcp_nodelay(&a->tcp, 1);
	s->events->on_connected(s->ctx);
}

static int stream_connect(struct stream *s, const struct sockaddr *address)
{
	struct attempt *a = calloc(1, sizeof(*a));

	if (!a)
		return UV_ENOMEM;
	stream_move(s, STREAM_CONNECTING);
	attempt_close(s->attempt);
	a->stream = s;
	a->tcp.data = a->connect.data = a;
	uv_tcp_init(&s->loop->uv, &a->tcp);
	s->attempt = a;
	s->holders++;
	return uv_tcp_connect(&a->connect, &a->tcp, address, on_connect);
}

static void on_deadline(uv_timer_t *uv)
{
	struct stream *s = uv->data;
	int status = UV_ETIMEDOUT;

	if (stream_live(s) && s->next)
		status = try_addresses(s, status);
	if (status < 0)
		stream_fail(s, "connecting to", "no answer in time");
}

/* Starts to connect to the next address. Where the last one has failed, too,
 * returns why; where there is none, `status`. */
static int try_addresses(struct stream *s, int status)
{
	while (s->next) {
		const struct addrinfo *at = s->next;
		uint64_t now = uv_now(&s->loop->uv), left = 1, shares = 1;

		s->next = at->ai_next;
		for (const struct addrinfo *i = s->next; i; i = i->ai_next)
			shares++;
		if (s->until_ms > now)
			left = s->until_ms - now;
		uv_timer_start(&s->deadline, on_deadline, left / shares, 0);
		status = stream_connect(s, at->ai_addr);
		if (status == 0)
			return 0;
	}
	return status;
}

static void on_lookup(uv_getaddrinfo_t *request, int status,
		      struct addrinfo *found)
{
	struct stream *s = request->data;

	s->found = found;
	s->next = found;
	if (stream_live(s)) {
		if (status == 0)
			status = try_addresses(s, UV_EAI_NONAME);
		if (status < 0)
			stream_fail(s, "connecting to", uv_strerror(status));
	}
	stream_drop(s);
}

static int stream_look_up(struct stream *s)
{
	static const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	char port[8];
	int rc;

	snprintf(port, sizeof(port), "%u", s->port);
	s->lookup.data = s;
	rc = uv_getaddrinfo(&s->loop->uv, &s->lookup, on_lookup, s->host, port,
			    &hints);
	if (rc == 0)
		s->holders++;
	return rc;
}

static int stream_start(struct stream *s)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (uv_ip4_addr(s->host, s->port, &v4) == 0)
		return stream_connect(s, (struct sockaddr *)&v4);
	if (uv_ip6_addr(s->host, s->port, &v6) == 0)
		return stream_connect(s, (struct sockaddr *)&v6);
	return stream_look_up(s);
}

static void on_discarded(void *ctx)
{
	(void)ctx;
}

/* For a stream that never came to be: nobody hears of its end. */
static const struct stream_events no_events = { .on_closed = on_discarded };

int stream_open(struct loop *loop, const char *host, uint16_t port,
		int timeout_ms, const struct stream_events *events, void *ctx,
		struct stream **ret, struct error *err)
{
	struct stream *s = calloc(1, sizeof(*s));
	int rc;

	if (!s)
		return error_nomem(err);
	s->loop = loop;
	s->events = events;
	s->ctx = ctx;
	s->port = port;
	snprintf(s->host, sizeof(s->host), "%s", host);
	buf_init(&s->flying, STREAM_QUEUE_MAX);
	buf_init(&s->waiting, STREAM_QUEUE_MAX);
	uv_timer_init(&loop->uv, &s->deadline);
	s->deadline.data = s;
	s->holders = 1;
	s->until_ms = uv_now(&loop->uv) + (uint64_t)timeout_ms;
	uv_timer_start(&s->deadline, on_deadline, timeout_ms, 0);
	rc = stream_start(s);
	if (rc < 0) {
		s->events = &no_events;
		stream_close(s);
		return error_set(err, ERROR_INTERNAL, "connecting to %s:%u: %s",
				 host, port, uv_strerror(rc));
	}
	*ret = s;
	return 0;
}

static void stream_flush(struct stream *s);

static void on_written(uv_write_t *request, int status)
{
	struct stream *s = request->data;

	s->writing = false;
	buf_clear(&s->flying);
	if (!stream_live(s))
		return;
	if (status < 0)
		stream_fail(s, "writing to", uv_strerror(status));
	else
		stream_flush(s);
}

static void stream_flush(struct stream *s)
{
	struct buf empty = s->flying;
	uv_buf_t bytes;
	int rc;

	if (s->writing || !s->waiting.len)
		return;
	s->flying = s->waiting;
	s->waiting = empty;
	bytes = uv_buf_init((char *)s->flying.data, s->flying.len);
	s->write.data = s;
	s->writing = true;
	rc = uv_write(&s->write, (uv_stream_t *)&s->attempt->tcp, &bytes, 1,
		      on_written);
	/* Only for a handle that cannot be written at all, which on_read
	 * reports: callbacks do not come from inside a call. */
	s->writing = rc == 0;
}

int stream_write(struct stream *s, const void *bytes, size_t len,
		 struct error *err)
{
	if (s->state != STREAM_OPEN)
		return error_set(err, ERROR_INTERNAL, "%s:%u is not connected",
				 s->host, s->port);
	buf_add(&s->waiting, bytes, len);
	if (s->waiting.failed) {
		s->waiting.failed = false;
		return error_set(err, ERROR_INTERNAL,
				 "%s:%u reads too slowly: %zu bytes wait",
				 s->host, s->port, s->waiting.len);
	}
	stream_flush(s);
	return 0;
}

void stream_close(struct stream *s)
{
	stream_move(s, STREAM_CLOSING);
	uv_cancel((uv_req_t *)&s->lookup);
	attempt_close(s->attempt);
	uv_close((uv_handle_t *)&s->deadline, on_timer_gone);
}
