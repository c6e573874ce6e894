/* SPDX-License-Identifier: Apache-2.0 */
/* websocket_test.c - the examples of RFC 6455, and what is no frame. */
#include "proto/websocket.h"

#include "base/cleanup.h"
#include "test/support/test.h"

enum { MAX = 70000 };

static void reads_the_examples_of_the_rfc(void **state)
{
	static const uint8_t hello[] = "\x81\x05Hello\x01\x03Hel";
	struct websocket_frame f;
	struct error err;

	(void)state;
	assert_int_equal(websocket_read(hello, 12, MAX, &f, &err), 1);
	assert_int_equal(f.opcode, WEBSOCKET_TEXT);
	assert_true(f.final);
	assert_int_equal(f.size, 7);
	assert_int_equal(f.len, 5);
	assert_memory_equal(f.payload, "Hello", 5);
	assert_int_equal(websocket_read(hello + 7, 5, MAX, &f, &err), 1);
	assert_false(f.final);
	assert_memory_equal(f.payload, "Hel", 3);
}

static void waits_for_the_rest(void **state)
{
	static uint8_t frame[10 + 65536] = { 0x82, 127, 0, 0, 0, 0, 0, 1 };
	struct websocket_frame f;
	struct error err;

	(void)state;
	for (size_t n = 0; n < 200; n++)
		assert_int_equal(websocket_read(frame, n, MAX, &f, &err), 0);
	assert_int_equal(websocket_read(frame, sizeof(frame), MAX, &f, &err),
			 1);
	assert_int_equal(f.len, 65536);
}

static void refuses_what_is_no_servers_frame(void **state)
{
	static const struct {
		const char *bytes, *why;
	} bad[] = {
		{ "\xc1\x05Hello", "begins with 0xc1" },
		{ "\x83\x05Hello", "begins with 0x83" },
		{ "\x81\x85Hello", "masked" },
		{ "\x09\x05Hello", "control frame" },
		{ "\x89\x7eHello", "control frame" },
		{ "\x82\x7fHelloHell", "at most 70000" },
	};
	struct websocket_frame f;
	struct error err;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		size_t len = strlen(bad[i].bytes);

		assert_int_equal(
			websocket_read(bad[i].bytes, len, MAX, &f, &err), -1);
		assert_non_null(strstr(err.text, bad[i].why));
	}
}

static void masks_as_the_rfc_does(void **state)
{
	static const uint8_t mask[4] = { 0x37, 0xfa, 0x21, 0x3d };
	cleanup(buf_release) struct buf out = BUF_INIT(256);

	(void)state;
	websocket_write(&out, WEBSOCKET_TEXT, mask, "H", 1, "ello", 4);
	assert_int_equal(out.len, 11);
	assert_memory_equal(out.data,
			    "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", 11);
}

static void writes_each_length(void **state)
{
	static const uint8_t mask[4], bytes[65536];
	cleanup(buf_release) struct buf out = BUF_INIT(MAX);

	(void)state;
	websocket_write(&out, WEBSOCKET_BINARY, mask, NULL, 0, bytes, 126);
	assert_memory_equal(out.data, "\x82\xfe\x00\x7e", 4);
	assert_int_equal(out.len, 8 + 126);
	buf_clear(&out);
	websocket_write(&out, WEBSOCKET_BINARY, mask, NULL, 0, bytes, 65536);
	assert_memory_equal(out.data, "\x82\xff\0\0\0\0\0\1\0\0", 10);
	assert_int_equal(out.len, WEBSOCKET_HEAD + 65536);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_examples_of_the_rfc),
		cmocka_unit_test(waits_for_the_rest),
		cmocka_unit_test(refuses_what_is_no_servers_frame),
		cmocka_unit_test(masks_as_the_rfc_does),
		cmocka_unit_test(writes_each_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
