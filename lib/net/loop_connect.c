/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loop_connect.c - a stream's way to a connection: lookup, addresses in turn.
 *
 * An address is taken as it is, without a thread. Each address of a name has
 * its share of the time that is left, so that a silent one does not take all
 * of it. The lookup or the connection to the last address fails, or the
 * deadline passes first: the stream fails.
 */
#include <stdio.h>
#include <stdlib.h>

#include "net/loop_stream.h"

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
	status = stream_opened(s);
	if (status < 0)
		stream_fail(s, "connecting to", uv_strerror(status));
	else
		s->events->on_connected(s->ctx);
}

static int attempt_connect(struct stream *s, const struct sockaddr *address)
{
	struct attempt *a = attempt_begin(s);

	return a ? uv_tcp_connect(&a->connect, &a->tcp, address, on_connect)
		 : UV_ENOMEM;
}

void stream_late(uv_timer_t *uv)
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
		uv_timer_start(&s->deadline, stream_late, left / shares, 0);
		status = attempt_connect(s, at->ai_addr);
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

int stream_connect(struct stream *s)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (uv_ip4_addr(s->host, s->port, &v4) == 0)
		return attempt_connect(s, (struct sockaddr *)&v4);
	if (uv_ip6_addr(s->host, s->port, &v6) == 0)
		return attempt_connect(s, (struct sockaddr *)&v6);
	return stream_look_up(s);
}
