/* SPDX-License-Identifier: Apache-2.0 */
/* reach.c - does anybody listen there? */
#include "net/reach.h"

#include <netdb.h>
#include <sys/socket.h>

#include "net/loop.h"

struct visit {
	struct stream *stream;
	struct error *err;
	int rc;
};

static void leave(struct visit *v, int rc)
{
	v->rc = rc;
	stream_close(v->stream);
}

static void on_connected(void *ctx)
{
	leave(ctx, 0);
}

static void on_bytes(void *ctx, const uint8_t *bytes, size_t len)
{
	(void)ctx, (void)bytes, (void)len;
}

static void on_failed(void *ctx, const struct error *why)
{
	struct visit *v = ctx;

	error_set(v->err, why->kind, "%s", why->text);
	leave(v, -1);
}

static void on_closed(void *ctx)
{
	(void)ctx;
}

int reach(const char *host, uint16_t port, int timeout_ms, struct error *err)
{
	static const struct stream_events events = { .on_connected =
							     on_connected,
						     .on_bytes = on_bytes,
						     .on_failed = on_failed,
						     .on_closed = on_closed };
	cleanup(loop_freep) struct loop *loop = NULL;
	struct visit v = { .err = err, .rc = -1 };

	if (loop_new(&loop, err) < 0 ||
	    stream_open(loop, host, port, timeout_ms, &events, &v, &v.stream,
			err) < 0)
		return -1;
	loop_run(loop);
	return v.rc;
}

bool reach_nowhere(const char *host)
{
	static const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	int rc = getaddrinfo(host, NULL, &hints, &found);

	if (found)
		freeaddrinfo(found);
	return rc == EAI_NONAME || rc == EAI_NODATA;
}
