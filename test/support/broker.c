/* SPDX-License-Identifier: Apache-2.0 */
/* broker.c - a small RPC broker for tests, that says what nodes said. */
#include "test/support/broker.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "corda/call.h"
#include "proto/artemis.h"
#include "test/support/test.h"

static void send_bytes(struct broker *b, const struct buf *frame)
{
	size_t at = 0;

	while (at < frame->len) {
		ssize_t n = send(b->fd, frame->data + at, frame->len - at,
				 MSG_NOSIGNAL);

		if (n <= 0)
			return; /* the client has gone: reading will tell */
		at += n;
	}
}

/* A message as the broker delivers it: that of a client, another tail. */
static void deliver(struct broker *b, const struct buf *body,
		    const struct artemis_property *properties, size_t count)
{
	struct buf frame = BUF_INIT(1 << 20);
	struct artemis_outgoing m = { .address = "rpc.client.u.1",
				      .properties = properties,
				      .property_count = count,
				      .body = body->data,
				      .len = body->len };

	artemis_send(&frame, ARTEMIS_CHANNEL_SESSION, &m);
	frame.len--; /* "answer, please" */
	buf_add_be64(&frame, 0); /* consumer */
	buf_add_be32(&frame, 1); /* delivery count */
	buf_put_be32(&frame, 0, frame.len - 4);
	frame.data[4] = ARTEMIS_RECEIVE;
	send_bytes(b, &frame);
	buf_release(&frame);
}

static void deliver_file(struct broker *b, const char *name,
			 const struct artemis_property *properties)
{
	char path[PATH_ROOM];
	struct buf body =
		test_vector(path_printf(path, "rpc/4.8/%s.bin", name));

	deliver(b, &body, properties, 2);
	buf_release(&body);
}

/* What the vault holds: the captured sums, or another. */
static void answer_query(struct broker *b, const struct artemis_property *reply)
{
	static const char captured[] = "\x81\0\0\0\0\0\x09\x25\xcc";
	struct buf body =
		test_vector("rpc/4.8/vaultQueryBy-sumByCurrency.reply.bin");
	uint8_t *at;

	b->queries++;
	at = memmem(body.data, body.len, captured, sizeof(captured) - 1);
	for (int i = 0; (b->holds || b->penniless) && i < 8; i++)
		at[1 + i] = (uint8_t)(b->holds >> (56 - 8 * i));
	if (b->query_answer)
		deliver_file(b, b->query_answer, reply);
	else
		deliver(b, &body, reply, 2);
	buf_release(&body);
}

/* The captured handle, with an observable of the flow's own. */
static void answer_with_handle(struct broker *b,
			       const struct artemis_property *reply,
			       char observable[64])
{
	struct buf body = test_vector("rpc/4.8/pay.reply.bin");
	struct arena a = ARENA_INIT(1 << 24);
	struct call_reply handle;
	struct call_flow flow;
	char old[64];
	uint8_t *at;

	if (call_reply_read(body.data, body.len, &a, &handle, NULL) < 0 ||
	    call_flow_read(handle.value, &a, &flow, NULL) < 0)
		abort();
	snprintf(old, sizeof(old), "%s", flow.observable);
	snprintf(observable, 64, "%.28s%08x", old, b->flows);
	at = memmem(body.data, body.len, old, 36);
	memcpy(at, observable, 36);
	deliver(b, &body, reply, 2);
	arena_release(&a);
	buf_release(&body);
}

static void answer_flow(struct broker *b, const struct artemis_message *m,
			const struct artemis_property *reply)
{
	bool issue = memmem(m->body, m->len, "CashIssueFlow", 13) != NULL;
	char observable[64];
	const struct artemis_property p[] = {
		{ "tag", ARTEMIS_PROPERTY_INT, 1, NULL },
		{ "observable-id", ARTEMIS_PROPERTY_TEXT, 0, observable }
	};
	bool fails = !issue && b->payments < b->poor;

	b->flows++;
	if (issue)
		b->issues++;
	else
		b->payments++;
	if (b->hang_up_after && b->flows > b->hang_up_after) {
		b->over = 1;
		shutdown(b->fd, SHUT_RDWR);
		return;
	}
	if (b->deaf || (b->deaf_after && b->flows > b->deaf_after))
		return;
	answer_with_handle(b, reply, observable);
	deliver_file(b,
		     fails   ? "pay-insufficient.return-0-OnError"
		     : issue ? "issue.return-0-OnNext"
			     : "pay.return-0-OnNext",
		     p);
	if (!fails)
		deliver_file(b, "pay.return-1-OnCompleted", p);
}

static void answer_call(struct broker *b, const struct artemis_message *m)
{
	char id[64] = "", method[64] = "", file[100];
	const struct artemis_property p[] = {
		{ "tag", ARTEMIS_PROPERTY_INT, 0, NULL },
		{ "rpc-id", ARTEMIS_PROPERTY_TEXT, 0, id }
	};

	artemis_property_text(m, "rpc-id", id, sizeof(id));
	artemis_property_text(m, "method-name", method, sizeof(method));
	snprintf(file, sizeof(file), "%s.reply", method);
	if (strcmp(method, "startFlowDynamic") == 0)
		answer_flow(b, m, p);
	else if (strcmp(method, "vaultQueryBy") == 0)
		answer_query(b, p);
	else
		deliver_file(b, file, p);
}

static void on_send(struct broker *b, const struct artemis_message *m)
{
	if (artemis_property_number(m, "tag", -1) == 1) {
		b->observables_closed++;
		return;
	}
	b->calls++;
	if (b->mood == BROKER_ANSWERS)
		answer_call(b, m);
	else if (b->mood == BROKER_HANGS_UP)
		shutdown(b->fd, SHUT_RDWR);
}

/* An answer of the broker itself, with these fields. */
static void say(struct broker *b, int type, uint64_t channel,
		const char *fields, size_t len)
{
	struct buf frame = BUF_INIT(1024);

	buf_add_be32(&frame, 9 + len);
	buf_add_u8(&frame, type);
	buf_add_be64(&frame, channel);
	buf_add(&frame, fields, len);
	send_bytes(b, &frame);
	buf_release(&frame);
}

static void on_packet(struct broker *b, const struct artemis_packet *p)
{
	switch ((int)p->type) {
	case ARTEMIS_CREATE_SESSION:
		if (b->mood == BROKER_REFUSES)
			say(b, ARTEMIS_EXCEPTION, 1,
			    "\0\0\0\x69\1\0\0\0\2\0n\0o", 13);
		else
			say(b, ARTEMIS_SESSION_CREATED, 1, "\0\0\0\x81", 4);
		break;
	case ARTEMIS_CREATE_QUEUE:
		say(b, ARTEMIS_DONE, 10, NULL, 0);
		break;
	case ARTEMIS_CREATE_CONSUMER:
		say(b, ARTEMIS_QUEUE_ANSWER, 10, "\xff\0", 2);
		break;
	case ARTEMIS_SEND:
		on_send(b, &p->message);
		break;
	case ARTEMIS_CONSUMER_CLOSE:
	case ARTEMIS_SESSION_CLOSE:
		b->goodbyes++;
		say(b, ARTEMIS_DONE, 10, NULL, 0);
		break;
	}
}

static void serve_client(struct broker *b)
{
	struct buf in = BUF_INIT(1 << 20);
	struct artemis_packet p;
	size_t used, skip = strlen(ARTEMIS_HELLO);
	char chunk[1000]; /* cuts frames anywhere */
	ssize_t n;

	while ((n = read(b->fd, chunk, sizeof(chunk))) > 0) {
		buf_add(&in, chunk, n);
		if (b->mood == BROKER_MUTE || in.len < skip)
			continue;
		buf_consume(&in, skip);
		skip = 0;
		while (artemis_next(in.data, in.len, &p, &used, NULL) == 1) {
			on_packet(b, &p);
			buf_consume(&in, used);
		}
	}
	buf_release(&in);
}

static void *serve(void *ctx)
{
	struct broker *b = ctx;

	while (!b->over) {
		int fd = accept(b->listener, NULL, NULL);

		if (fd < 0)
			break;
		b->fd = fd;
		b->clients++;
		serve_client(b);
		close(fd);
	}
	close(b->listener);
	return NULL;
}

void broker_start(struct broker *b)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t len = sizeof(a);

	b->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	b->fd = -1;
	if (bind(b->listener, (struct sockaddr *)&a, len) < 0 ||
	    listen(b->listener, 8) < 0 ||
	    getsockname(b->listener, (struct sockaddr *)&a, &len) < 0 ||
	    pthread_create(&b->thread, NULL, serve, b) != 0)
		fail_msg("no broker");
	b->port = ntohs(a.sin_port);
}

void broker_stop(struct broker *b)
{
	if (!b->over)
		shutdown(b->listener, SHUT_RDWR); /* ends accept() */
	b->over = 1;
	pthread_join(b->thread, NULL);
}
