/* SPDX-License-Identifier: Apache-2.0 */
/* proto_fault_test.c - what nodes wrote and are to read, without memory. */
#include "base/cleanup.h"
#include "proto/amqp.h"
#include "proto/amqp_writer.h"
#include "proto/artemis.h"
#include "proto/snappy.h"
#include "proto/websocket.h"
#include "test/support/fault_loop.h"
#include "test/support/test.h"

enum { ROOM = 16 * 1024 * 1024 };

/* Input, and what becomes of it. */
struct codec {
	struct buf in;
	struct arena arena;
	const struct amqp_value *value;
	struct buf out;
	size_t schema; /* a byte of the schema that may be any letter */
	unsigned turn;
};

static void begin(struct codec *c, const char *vector)
{
	*c = (struct codec){ .arena = ARENA_INIT(ROOM), .out = BUF_INIT(ROOM) };
	if (vector)
		c->in = test_vector(vector);
}

static void end(struct codec *c)
{
	buf_release(&c->in);
}

static void release(void *ctx)
{
	struct codec *c = ctx;

	arena_release(&c->arena);
	buf_release(&c->out);
	c->value = NULL;
}

/* ---- reading ---- */

static void show_value(const struct amqp_value *v, struct buf *out)
{
	buf_addf(out, "%d %d %lld %g ", v->type, v->boolean,
		 (long long)v->integer, v->real);
	if (v->type == AMQP_OBJECT)
		buf_add(out, v->cls->name, v->cls->name_len);
	buf_add(out, v->bytes, v->len);
	buf_add_str(out, "(");
	for (size_t i = 0; i < v->count; i++) {
		if (v->type == AMQP_OBJECT && v->cls->kind == AMQP_COMPOSITE)
			buf_add(out, v->cls->fields[i].name,
				v->cls->fields[i].name_len);
		show_value(v->items[i], out);
	}
	buf_add_str(out, ")");
}

static void show_read(void *ctx, struct buf *out)
{
	struct codec *c = ctx;

	if (c->value)
		show_value(c->value, out);
}

static int read_amqp(void *ctx, struct error *err)
{
	struct codec *c = ctx;

	return amqp_read(c->in.data, c->in.len, &c->arena, &c->value, err);
}

static void values_are_read_or_not(void **state)
{
	static const char *const vectors[] = {
		"rpc/4.8/networkMapSnapshot.reply.bin",
		"rpc/4.5/pay-insufficient.return-0-OnError.bin",
		"vault/signatures/signed-transaction-sha256.bin",
	};
	struct fault_story story = {
		.kinds = FAULTS_MEMORY,
		.run = read_amqp,
		.show = show_read,
		.release = release,
	};
	struct codec c;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(vectors); i++) {
		story.name = vectors[i];
		begin(&c, vectors[i]);
		fault_loop(&story, &c);
		end(&c);
	}
}

/* A schema is kept once it was read: each time it must be another one. */
static void new_schema(void *ctx)
{
	struct codec *c = ctx;

	c->in.data[c->schema] = (uint8_t)('A' + c->turn % 26);
	c->in.data[c->schema + 1] = (uint8_t)('A' + c->turn / 26 % 26);
	c->turn++;
}

static void a_new_schema_is_kept_or_not(void **state)
{
	struct fault_story story = {
		.name = "amqp_read with a new schema",
		.kinds = FAULTS_MEMORY,
		.prepare = new_schema,
		.run = read_amqp,
		.show = show_read,
		.release = release,
		.keeps_memory = true,
	};
	struct codec c;
	uint8_t *at;

	(void)state;
	begin(&c, "rpc/4.8/getProtocolVersion.reply.bin");
	at = memmem(c.in.data, c.in.len, "java.lang.Object", 16);
	assert_non_null(at);
	c.schema = (size_t)(at - c.in.data);
	fault_loop(&story, &c);
	end(&c);
}

static int unpack(void *ctx, struct error *err)
{
	struct codec *c = ctx;
	struct buf room = BUF_INIT(ROOM);
	const uint8_t *bytes;
	size_t len;

	if (storage_unpack(c->in.data, c->in.len, &room, &bytes, &len, err) <
	    0) {
		buf_release(&room);
		return -1;
	}
	buf_release(&c->out);
	c->out = room;
	return 0;
}

static void show_bytes(void *ctx, struct buf *out)
{
	struct codec *c = ctx;

	buf_add(out, c->out.data, c->out.len);
}

static void blobs_are_unpacked_or_not(void **state)
{
	struct fault_story story = {
		.name = "storage_unpack",
		.kinds = FAULTS_MEMORY | FAULTS_LIBRARY,
		.run = unpack,
		.show = show_bytes,
		.release = release,
	};
	struct codec c;

	(void)state;
	begin(&c, "workloads/tx.exit.made-by-4.10.stored-by-4.10.bin");
	fault_loop(&story, &c);
	end(&c);
}

/* ---- writing ---- */

/* Adds something; failures stick to the buffer. */
typedef void add_fn(struct buf *out);

struct writing {
	add_fn *add;
	struct buf out;
};

static int write_all(void *ctx, struct error *err)
{
	struct writing *w = ctx;

	buf_clear(&w->out);
	w->add(&w->out);
	return buf_check(&w->out, err);
}

static void show_written(void *ctx, struct buf *out)
{
	struct writing *w = ctx;

	if (!w->out.failed)
		buf_add(out, w->out.data, w->out.len);
}

static void release_written(void *ctx)
{
	struct writing *w = ctx;

	buf_release(&w->out);
}

/* Lists of both forms, in each other. */
static void add_amqp(struct buf *out)
{
	struct amqp_writer w;

	amqp_writer_init(&w, out);
	amqp_envelope_begin(&w);
	for (int i = 0; i < 20; i++) {
		amqp_object_begin(&w, "net.corda:outer");
		amqp_object_begin(&w, "net.corda:inner");
		amqp_write_string(&w, "a text of some length");
		amqp_write_long(&w, INT64_C(1) << i * 3);
		amqp_list_end(&w);
		amqp_map_begin(&w);
		amqp_write_symbol(&w, "key");
		amqp_write_bool(&w, true);
		amqp_list_end(&w);
		amqp_list_begin(&w);
		amqp_list_end(&w);
		amqp_list_end(&w);
	}
	amqp_list_end(&w);
}

static void add_frames(struct buf *out)
{
	static const struct artemis_session_options options = {
		.name = "00000000-0000-0000-0000-000000000000",
		.channel = ARTEMIS_CHANNEL_SESSION,
		.user = "user",
		.password = "not-a-secret",
	};
	static const struct artemis_property properties[] = {
		{ "number", ARTEMIS_PROPERTY_INT, 7, NULL },
		{ "text", ARTEMIS_PROPERTY_TEXT, 0, "a text of some length" },
	};
	static const struct artemis_outgoing message = {
		.address = "rpc.server",
		.properties = properties,
		.property_count = ARRAY_SIZE(properties),
		.body = "body",
		.len = 4,
	};

	artemis_create_session(out, &options);
	artemis_create_queue(out, ARTEMIS_CHANNEL_SESSION, "queue");
	artemis_create_consumer(out, ARTEMIS_CHANNEL_SESSION, 0, "queue");
	for (int i = 0; i < 20; i++)
		artemis_send(out, ARTEMIS_CHANNEL_SESSION, &message);
	artemis_session_close(out, ARTEMIS_CHANNEL_SESSION);
}

static void add_websocket(struct buf *out)
{
	static const uint8_t mask[4] = { 1, 2, 3, 4 };
	static const char text[1000] = "text";

	for (int i = 0; i < 20; i++)
		websocket_write(out, WEBSOCKET_BINARY, mask, "first", 5, text,
				sizeof(text));
}

static void bytes_are_written_or_not(void **state)
{
	static const struct {
		const char *name;
		add_fn *add;
	} all[] = {
		{ "amqp_writer", add_amqp },
		{ "artemis", add_frames },
		{ "websocket_write", add_websocket },
	};
	struct fault_story story = {
		.kinds = FAULTS_MEMORY,
		.run = write_all,
		.show = show_written,
		.release = release_written,
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		struct writing w = { .add = all[i].add, .out = BUF_INIT(ROOM) };

		story.name = all[i].name;
		fault_loop(&story, &w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_read_or_not),
		cmocka_unit_test(a_new_schema_is_kept_or_not),
		cmocka_unit_test(blobs_are_unpacked_or_not),
		cmocka_unit_test(bytes_are_written_or_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
