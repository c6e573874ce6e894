/* SPDX-License-Identifier: Apache-2.0 */
/* artemis_test.c - our frames are those of captured sessions, byte for byte. */
#include "proto/artemis.h"

#include <stdlib.h>

#include "proto/artemis_text.h"
#include "test/support/test.h"

static const char *const versions[] = { "4.0", "4.5", "4.8", "4.10" };

/* The lines of a capture: "C" or "S", a blank, hex. */
struct line {
	char side;
	struct buf bytes;
};

static unsigned nibble(char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

static size_t capture_read(const char *version, const char *file,
			   struct line lines[64])
{
	char name[100];
	size_t n = 0;
	char *save = NULL;

	snprintf(name, sizeof(name), "rpc/%s/%s.frames.txt", version, file);
	struct buf text = test_vector(name);
	for (char *l = strtok_r((char *)text.data, "\n", &save); l;
	     l = strtok_r(NULL, "\n", &save), n++) {
		assert_true(n < 64);
		lines[n].side = l[0];
		buf_init(&lines[n].bytes, 1 << 20);
		for (char *h = l + 2; h[0] && h[1]; h += 2)
			buf_add_u8(&lines[n].bytes,
				   nibble(h[0]) << 4 | nibble(h[1]));
	}
	buf_release(&text);
	return n;
}

static void capture_free(struct line *lines, size_t n)
{
	while (n--)
		buf_release(&lines[n].bytes);
}

static struct artemis_packet packet_of(const struct line *l)
{
	struct artemis_packet p;
	struct error err = { 0 };
	size_t used;

	assert_int_equal(
		artemis_next(l->bytes.data, l->bytes.len, &p, &used, &err), 1);
	assert_int_equal(used, l->bytes.len);
	return p;
}

static void again_session(struct buf *out, struct cursor c)
{
	struct artemis_session_options o = { 0 };
	char name[64], user[64], password[64];

	artemis_take_string(&c, name, sizeof(name));
	o.channel = cursor_be64(&c);
	cursor_take(&c, 5);
	artemis_take_string(&c, user, sizeof(user));
	cursor_u8(&c);
	artemis_take_string(&c, password, sizeof(password));
	o.name = name;
	o.user = user;
	o.password = password;
	artemis_create_session(out, &o);
}

static void again_send(struct buf *out, const struct artemis_packet *p)
{
	static const char *const keys[] = { "JMSReplyTo",
					    "tag",
					    "method-name",
					    "rpc-id",
					    "rpc-id-timestamp",
					    "rpc-session-id",
					    "rpc-session-id-timestamp",
					    "deduplication-sequence-number" };
	struct artemis_property properties[8];
	char texts[8][100];
	struct artemis_outgoing m = { .address = "rpc.server",
				      .timestamp_ms = p->message.timestamp_ms,
				      .properties = properties,
				      .body = p->message.body,
				      .len = p->message.len };

	for (int i = 0; i < 8; i++) {
		struct artemis_property *q = &properties[m.property_count];

		q->key = keys[i];
		q->number = artemis_property_number(&p->message, keys[i], -7);
		q->text = artemis_property_text(&p->message, keys[i], texts[i],
						sizeof(texts[i]));
		q->type = q->text  ? ARTEMIS_PROPERTY_TEXT
			  : i == 1 ? ARTEMIS_PROPERTY_INT
				   : ARTEMIS_PROPERTY_LONG;
		m.property_count += q->text || q->number != -7;
	}
	assert_int_equal(m.property_count, p->message.property_count);
	artemis_send(out, p->channel, &m);
}

/* Writes the packet once more with our own encoder. */
static void again(struct buf *out, const struct line *l)
{
	struct artemis_packet p = packet_of(l);
	struct cursor c = cursor_over(l->bytes.data + 13, l->bytes.len - 13);
	char queue[200];

	switch ((int)p.type) {
	case ARTEMIS_PING:
		artemis_ping(out, p.ttl_ms);
		break;
	case ARTEMIS_CREATE_SESSION:
		again_session(out, c);
		break;
	case ARTEMIS_CREATE_QUEUE:
		artemis_simple_text(artemis_take_simple(&c), queue,
				    sizeof(queue));
		artemis_create_queue(out, p.channel, queue);
		break;
	case ARTEMIS_CREATE_CONSUMER:
		cursor_be64(&c);
		artemis_simple_text(artemis_take_simple(&c), queue,
				    sizeof(queue));
		artemis_create_consumer(out, p.channel, p.consumer, queue);
		break;
	case ARTEMIS_CREDIT:
		artemis_credit(out, p.channel, p.consumer, 1 << 20);
		break;
	case ARTEMIS_START:
		artemis_start(out, p.channel);
		break;
	case ARTEMIS_SEND:
		again_send(out, &p);
		break;
	case ARTEMIS_ACKNOWLEDGE:
		cursor_be64(&c);
		artemis_acknowledge(out, p.channel, p.consumer,
				    cursor_be64(&c));
		break;
	case ARTEMIS_CONSUMER_CLOSE:
		artemis_consumer_close(out, p.channel, p.consumer);
		break;
	case ARTEMIS_SESSION_CLOSE:
		artemis_session_close(out, p.channel);
		break;
	default:
		fail_msg("a client does not send type %d", p.type);
	}
}

static void writes_what_the_captured_client_wrote(void **state)
{
	(void)state;
	for (size_t v = 0; v < 8; v++) {
		struct line lines[64];
		size_t n =
			capture_read(versions[v % 4],
				     v < 4 ? "session" : "bad-password", lines);

		assert_memory_equal(lines[0].bytes.data, ARTEMIS_HELLO, 7);
		for (size_t i = 1; i < n; i++) {
			struct buf out = BUF_INIT(1 << 20);

			if (lines[i].side != 'C')
				continue;
			again(&out, &lines[i]);
			assert_false(out.failed);
			assert_int_equal(out.len, lines[i].bytes.len);
			assert_memory_equal(out.data, lines[i].bytes.data,
					    out.len);
			buf_release(&out);
		}
		capture_free(lines, n);
	}
}

static void reads_a_whole_session_cut_anywhere(void **state)
{
	(void)state;
	for (size_t v = 0; v < 4; v++) {
		struct line lines[64];
		struct buf all = BUF_INIT(1 << 22);
		struct error err = { 0 };
		struct artemis_packet p;
		size_t n = capture_read(versions[v], "session", lines);
		size_t used, at = 0, have = 0, server = 0, seen = 0;

		for (size_t i = 0; i < n; i++)
			if (lines[i].side == 'S' && ++server)
				buf_add(&all, lines[i].bytes.data,
					lines[i].bytes.len);
		/* 101 bytes at a time */
		for (; have < all.len + 101; have += 101) {
			size_t end = have < all.len ? have : all.len;
			int rc;

			while ((rc = artemis_next(all.data + at, end - at, &p,
						  &used, &err)) == 1) {
				at += used;
				seen++;
				if (p.type == ARTEMIS_RECEIVE)
					assert_memory_equal(p.message.body,
							    "corda\1", 6);
			}
			assert_ok(rc, err);
		}
		assert_int_equal(at, all.len);
		assert_int_equal(seen, server);
		buf_release(&all);
		capture_free(lines, n);
	}
}

static void reads_the_properties_of_replies(void **state)
{
	struct line lines[64];
	size_t n = capture_read("4.8", "session", lines);
	char room[64];
	struct artemis_packet p = packet_of(&lines[12]);

	(void)state;
	assert_int_equal(p.type, ARTEMIS_RECEIVE);
	assert_int_equal(p.channel, ARTEMIS_CHANNEL_SESSION);
	assert_int_equal(p.message.len, 241);
	assert_int_equal(p.message.id, 0x7cdc);
	assert_int_equal(artemis_property_number(&p.message, "tag", -1), 0);
	assert_string_equal(artemis_property_text(&p.message, "rpc-id", room,
						  sizeof(room)),
			    "93bb2e4a-60d4-4f7d-b0c3-78c04fc881c0");
	assert_int_equal(artemis_property_number(&p.message, "rpc-id-timestamp",
						 -1),
			 0x1a1fcd43a68);
	assert_null(artemis_property_text(&p.message, "observable-id", room,
					  sizeof(room)));
	assert_string_equal(
		artemis_property_text(&p.message, "rpc-id", room, 5), "93bb");
	capture_free(lines, n);
}

static void names_a_refused_password(void **state)
{
	(void)state;
	for (size_t v = 0; v < 4; v++) {
		struct line lines[64];
		size_t n = capture_read(versions[v], "bad-password", lines);
		struct artemis_packet p = packet_of(&lines[n - 1]);

		assert_int_equal(p.type, ARTEMIS_EXCEPTION);
		assert_int_equal(p.channel, ARTEMIS_CHANNEL_CREATE);
		assert_int_equal(p.code, ARTEMIS_SECURITY);
		assert_non_null(strstr(p.text, "Unable to validate user"));
		capture_free(lines, n);
	}
}

static void refuses_what_is_no_frame(void **state)
{
	struct artemis_packet p;
	struct error err = { 0 };
	size_t used;

	(void)state;
	assert_error(artemis_next("HTTP/1.1 400", 12, &p, &used, &err), err,
		     "is not an Artemis broker");
	assert_error(artemis_next("\0\0\0\1\n", 5, &p, &used, &err), err,
		     "a frame of 1 bytes");
	assert_error(artemis_next("\0\0\0\x0a\x0a\0\0\0\0\0\0\0\0\1", 14, &p,
				  &used, &err),
		     err, "ends early");
	assert_int_equal(artemis_next("\0\0\0", 3, &p, &used, &err), 0);
}

static void carries_text_of_any_language(void **state)
{
	static const char *const texts[] = { "",
					     "u",
					     "Zürich",
					     "日本語",
					     "größe und länge",
					     "a😀b",
					     "long enough 😀 to be UTF-8" };
	char room[100];

	(void)state;
	for (size_t i = 0; i < 7; i++) {
		struct buf b = BUF_INIT(1000);
		struct cursor c;

		artemis_put_simple(&b, texts[i]);
		c = cursor_over(b.data, b.len);
		artemis_simple_text(artemis_take_simple(&c), room,
				    sizeof(room));
		assert_string_equal(room, texts[i]);
		buf_clear(&b);
		artemis_put_string(&b, texts[i]);
		c = cursor_over(b.data, b.len);
		artemis_take_string(&c, room, sizeof(room));
		assert_false(c.failed);
		/* modified UTF-8 cuts a pair in two, which we do not mend */
		if (i != 6)
			assert_string_equal(room, texts[i]);
		buf_release(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_what_the_captured_client_wrote),
		cmocka_unit_test(reads_a_whole_session_cut_anywhere),
		cmocka_unit_test(reads_the_properties_of_replies),
		cmocka_unit_test(names_a_refused_password),
		cmocka_unit_test(refuses_what_is_no_frame),
		cmocka_unit_test(carries_text_of_any_language),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
