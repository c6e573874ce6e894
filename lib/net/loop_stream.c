/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loop_stream.c - TCP connections, made or accepted, through libuv.
 *
 * A stream's happy path: stream_open() has loop_connect.c connect to one of
 * the host's addresses, on_connected; then it reads into the loop's one buffer
 * and hands the bytes to on_bytes, and writes what stream_write() was given.
 * While one write is under way new bytes gather in `waiting`; when it ends they
 * go as one write, so that many small frames cost few system calls.
 * stream_end() has the peer read the end after the last of them. stream_close()
 * ends it, on_closed is the last call. A stream from listener_accept() begins
 * where the connection is open.
 *
 * What goes wrong: there is no connection: on_failed. The peer ends or
 * resets the connection, or a write fails: on_failed, once, whichever comes
 * first; later callbacks of libuv see the state and stay silent. The peer reads
 * no more: bytes gather up to STREAM_QUEUE_MAX, then stream_write() says so.
 * stream_close() at any moment cancels what is under way: libuv still calls
 * back with ECANCELED, which is why the memory goes only when the last of
 * handles and lookup is done.
 */
#include "net/loop_stream.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* By state: the states that may follow. */
static const unsigned successors[STREAM_STATES] = {
	[STREAM_LOOKING_UP] = 1 << STREAM_CONNECTING | 1 << STREAM_FAILED |
			      1 << STREAM_CLOSING,
	[STREAM_CONNECTING] = 1 << STREAM_CONNECTING | 1 << STREAM_OPEN |
			      1 << STREAM_FAILED | 1 << STREAM_CLOSING,
	[STREAM_OPEN] = 1 << STREAM_FAILED | 1 << STREAM_CLOSING,
	[STREAM_FAILED] = 1 << STREAM_CLOSING,
};

void stream_move(struct stream *s, enum stream_state next)
{
	assert(successors[s->state] & 1u << next);
	s->state = next;
}

bool stream_live(const struct stream *s)
{
	return s->state < STREAM_FAILED;
}

void stream_fail(struct stream *s, const char *what, const char *why)
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

void stream_drop(struct stream *s)
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

/* Takes the place of the attempt before it. */
struct attempt *attempt_begin(struct stream *s)
{
	struct attempt *a = calloc(1, sizeof(*a));

	if (!a)
		return NULL;
	stream_move(s, STREAM_CONNECTING);
	attempt_close(s->attempt);
	a->stream = s;
	a->tcp.data = a->connect.data = a;
	uv_tcp_init(&s->loop->uv, &a->tcp);
	s->attempt = a;
	s->holders++;
	return a;
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
	s->ended = n == UV_EOF;
	if (n == UV_EOF && s->events->on_end)
		s->events->on_end(s->ctx);
	else if (n < 0)
		stream_fail(s, "connection to",
			    n == UV_EOF ? "the peer closed it"
					: uv_strerror((int)n));
	else
		s->events->on_bytes(s->ctx, (uint8_t *)b->base, (size_t)n);
}

/* Not while the stream is paused, nor after the peer's end. */
static int stream_read(struct stream *s)
{
	uv_stream_t *uv = (uv_stream_t *)&s->attempt->tcp;

	return s->paused || s->ended ? 0 : uv_read_start(uv, on_room, on_read);
}

/* The connection is there: reading begins. */
int stream_opened(struct stream *s)
{
	int rc;

	stream_move(s, STREAM_OPEN);
	uv_timer_stop(&s->deadline);
	rc = stream_read(s);
	if (rc == 0)
		uv_tcp_nodelay(&s->attempt->tcp, 1);
	return rc;
}

static void on_discarded(void *ctx)
{
	(void)ctx;
}

/* For a stream that never came to be: nobody hears of its end. */
static const struct stream_events no_events = { .on_closed = on_discarded };

static struct stream *stream_new(struct loop *loop,
				 const struct stream_events *events, void *ctx)
{
	struct stream *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->loop = loop;
	s->events = events;
	s->ctx = ctx;
	buf_init(&s->flying, STREAM_QUEUE_MAX);
	buf_init(&s->waiting, STREAM_QUEUE_MAX);
	uv_timer_init(&loop->uv, &s->deadline);
	s->deadline.data = s;
	s->holders = 1;
	return s;
}

int stream_open(struct loop *loop, const char *host, uint16_t port,
		int timeout_ms, const struct stream_events *events, void *ctx,
		struct stream **ret, struct error *err)
{
	struct stream *s = stream_new(loop, events, ctx);
	int rc;

	if (!s)
		return error_nomem(err);
	s->port = port;
	snprintf(s->host, sizeof(s->host), "%s", host);
	s->until_ms = uv_now(&loop->uv) + (uint64_t)timeout_ms;
	uv_timer_start(&s->deadline, stream_late, timeout_ms, 0);
	rc = stream_connect(s);
	if (rc < 0) {
		s->events = &no_events;
		stream_close(s);
		return error_set(err, ERROR_INTERNAL, "connecting to %s:%u: %s",
				 host, port, uv_strerror(rc));
	}
	*ret = s;
	return 0;
}

/* ---- accepted ones ---- */

static void name_peer(struct stream *s)
{
	struct sockaddr_storage at = { 0 };
	int len = sizeof(at);

	if (uv_tcp_getpeername(&s->attempt->tcp, (struct sockaddr *)&at, &len) <
	    0)
		return;
	if (at.ss_family == AF_INET6) {
		const struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&at;

		uv_ip6_name(v6, s->host, sizeof(s->host));
		s->port = ntohs(v6->sin6_port);
	} else {
		const struct sockaddr_in *v4 = (struct sockaddr_in *)&at;

		uv_ip4_name(v4, s->host, sizeof(s->host));
		s->port = ntohs(v4->sin_port);
	}
}

int stream_accept(struct loop *loop, uv_stream_t *listener,
		  const struct stream_events *events, void *ctx,
		  struct stream **ret, struct error *err)
{
	struct stream *s = stream_new(loop, events, ctx);
	int rc = UV_ENOMEM;

	if (!s)
		return error_nomem(err);
	if (attempt_begin(s))
		rc = uv_accept(listener, (uv_stream_t *)&s->attempt->tcp);
	if (rc == 0)
		rc = stream_opened(s);
	if (rc < 0) {
		s->events = &no_events;
		stream_close(s);
		return uv_error(err, rc, "accepting a connection");
	}
	name_peer(s);
	*ret = s;
	return 0;
}

/* ---- writing ---- */

static void stream_flush(struct stream *s);

static void on_written(uv_write_t *request, int status)
{
	struct stream *s = request->data;

	s->writing = false;
	buf_clear(&s->flying);
	if (!stream_live(s))
		return;
	if (status < 0) {
		stream_fail(s, "writing to", uv_strerror(status));
		return;
	}
	stream_flush(s);
	if (!s->writing && s->events->on_drained)
		s->events->on_drained(s->ctx);
}

static void on_shutdown(uv_shutdown_t *request, int status)
{
	/* That the peer has gone is told by reading. */
	(void)request, (void)status;
}

static void stream_flush(struct stream *s)
{
	struct buf empty = s->flying;
	uv_buf_t bytes;
	int rc;

	if (s->writing)
		return;
	if (!s->waiting.len) {
		if (s->ending)
			uv_shutdown(&s->shutdown,
				    (uv_stream_t *)&s->attempt->tcp,
				    on_shutdown);
		return;
	}
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
	if (s->state != STREAM_OPEN || s->ending)
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

size_t stream_unsent(const struct stream *s)
{
	return s->flying.len + s->waiting.len;
}

void stream_end(struct stream *s)
{
	if (s->state != STREAM_OPEN || s->ending)
		return;
	s->ending = true;
	stream_flush(s);
}

void stream_pause(struct stream *s)
{
	if (s->state == STREAM_OPEN && !s->paused)
		uv_read_stop((uv_stream_t *)&s->attempt->tcp);
	s->paused = true;
}

void stream_resume(struct stream *s)
{
	bool was_paused = s->paused;
	int rc = 0;

	s->paused = false;
	if (s->state == STREAM_OPEN && was_paused)
		rc = stream_read(s);
	/* libuv refuses this for a stream that is being closed only. */
	assert(rc == 0);
	(void)rc;
}

void stream_close(struct stream *s)
{
	stream_move(s, STREAM_CLOSING);
	uv_cancel((uv_req_t *)&s->lookup);
	attempt_close(s->attempt);
	uv_close((uv_handle_t *)&s->deadline, on_timer_gone);
}
