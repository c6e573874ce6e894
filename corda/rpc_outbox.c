/* SPDX-License-Identifier: Apache-2.0 */
/* rpc_outbox.c - the frames that a client sends to a node's RPC. */
#include "corda/rpc_outbox.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "proto/artemis.h"
#include "sys/clock.h"
#include "sys/entropy.h"

enum {
	PING_TTL_MS = 60 * 1000,
	CONSUMER = 0,
	TAG_CALL = 0,
	TAG_OBSERVABLES_DONE = 1,
	DONE_MAX = 200 /* observables told of in one message */
};

static const char address[] = "rpc.server";
static const uint64_t channel = ARTEMIS_CHANNEL_SESSION;

int rpc_outbox_init(struct rpc_outbox *box, const char *user, struct error *err)
{
	uint64_t dice;

	memset(box, 0, sizeof(*box));
	if (random_bytes(box->seed, sizeof(box->seed), err) < 0 ||
	    random_bytes(&dice, sizeof(dice), err) < 0)
		return -1;
	box->seed[6] = 0x40 | (box->seed[6] & 15); /* a UUID of kind 4 */
	box->seed[8] = 0x80 | (box->seed[8] & 63);
	uuid_text(box->session, box->seed);
	/* Calls differ from the session here, and by a counter behind it. */
	box->seed[9] ^= 0xff;
	box->session_ms = clock_wall_us() / 1000;
	/* The broker lets a user listen to queues of such names only. */
	snprintf(box->queue, sizeof(box->queue), "rpc.client.%s.%llu", user,
		 (unsigned long long)(dice >> 1));
	buf_init(&box->out, ARTEMIS_FRAME_MAX);
	buf_init(&box->done, 1 << 20);
	return 0;
}

void rpc_outbox_release(struct rpc_outbox *box)
{
	buf_release(&box->out);
	buf_release(&box->done);
}

void rpc_outbox_greet(struct rpc_outbox *box, const char *user,
		      const char *password)
{
	struct artemis_session_options options = {
		.name = box->session,
		.channel = channel,
		.user = user,
		.password = password,
		.preacknowledge = true,
	};

	buf_add_str(&box->out, ARTEMIS_HELLO);
	artemis_ping(&box->out, PING_TTL_MS);
	artemis_create_session(&box->out, &options);
}

void rpc_outbox_queue(struct rpc_outbox *box)
{
	artemis_create_queue(&box->out, channel, box->queue);
}

void rpc_outbox_consume(struct rpc_outbox *box)
{
	artemis_create_consumer(&box->out, channel, CONSUMER, box->queue);
}

void rpc_outbox_start(struct rpc_outbox *box)
{
	artemis_credit(&box->out, channel, CONSUMER, -1);
	artemis_start(&box->out, channel);
}

void rpc_outbox_ping(struct rpc_outbox *box)
{
	artemis_ping(&box->out, PING_TTL_MS);
}

void rpc_outbox_goodbye(struct rpc_outbox *box)
{
	artemis_consumer_close(&box->out, channel, CONSUMER);
	artemis_session_close(&box->out, channel);
}

static void next_id(struct rpc_outbox *box, char room[FLOW_ID_TEXT])
{
	uint8_t id[16];

	memcpy(id, box->seed, sizeof(id));
	box->calls++;
	for (int i = 0; i < 6; i++)
		id[15 - i] = box->calls >> 8 * i;
	uuid_text(room, id);
}

static void send_message(struct rpc_outbox *box, struct artemis_outgoing *m,
			 int64_t now_ms)
{
	m->address = address;
	m->timestamp_ms = now_ms;
	artemis_send(&box->out, channel, m);
	box->sequence++;
}

void rpc_outbox_call(struct rpc_outbox *box, const char *method,
		     const void *body, size_t len, char ret_id[FLOW_ID_TEXT])
{
	const enum artemis_property_type text = ARTEMIS_PROPERTY_TEXT,
					 number = ARTEMIS_PROPERTY_LONG;
	int64_t now = clock_wall_us() / 1000;
	/* A node leaves a call unanswered that lacks any of these. */
	const struct artemis_property properties[] = {
		{ "JMSReplyTo", text, 0, box->queue },
		{ "tag", ARTEMIS_PROPERTY_INT, TAG_CALL, NULL },
		{ "method-name", text, 0, method },
		{ "rpc-id", text, 0, ret_id },
		{ "rpc-id-timestamp", number, now, NULL },
		{ "rpc-session-id", text, 0, box->session },
		{ "rpc-session-id-timestamp", number, box->session_ms, NULL },
		{ "deduplication-sequence-number", number, box->sequence,
		  NULL },
	};
	struct artemis_outgoing m = { .properties = properties,
				      .property_count = ARRAY_SIZE(properties),
				      .body = body,
				      .len = len };

	next_id(box, ret_id);
	send_message(box, &m, now);
}

void rpc_outbox_done(struct rpc_outbox *box, const char *id, int64_t ms)
{
	buf_add_be32(&box->done, strlen(id));
	buf_add_be16(&box->done, strlen(id));
	buf_add_str(&box->done, id);
	buf_add_be64(&box->done, ms);
	if (++box->done_count >= DONE_MAX)
		rpc_outbox_tell_done(box);
}

void rpc_outbox_tell_done(struct rpc_outbox *box)
{
	const struct artemis_property properties[] = {
		{ "tag", ARTEMIS_PROPERTY_INT, TAG_OBSERVABLES_DONE, NULL },
		{ "deduplication-sequence-number", ARTEMIS_PROPERTY_LONG,
		  box->sequence, NULL },
	};
	const uint8_t count[4] = {
		[2] = box->done_count >> 8, [3] = box->done_count
	};
	struct artemis_outgoing m = { .properties = properties,
				      .property_count =
					      ARRAY_SIZE(properties) };

	if (!box->done_count)
		return;
	buf_splice(&box->done, 0, 0, count, sizeof(count));
	m.body = box->done.data;
	m.len = box->done.len;
	/* The node would keep for ever what it is not told of. */
	box->out.failed |= box->done.failed;
	box->out.no_memory |= box->done.no_memory;
	send_message(box, &m, clock_wall_us() / 1000);
	box->done_count = 0;
	buf_clear(&box->done);
}
