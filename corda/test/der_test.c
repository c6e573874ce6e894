/* SPDX-License-Identifier: Apache-2.0 */
/* der_test.c - lengths in their shortest form, written and insisted on. */
#include "corda/der.h"

#include "base/cleanup.h"
#include "test/support/test.h"

static void assert_length(size_t content, const char *head, size_t head_len)
{
	cleanup(buf_release) struct buf b = BUF_INIT(1 << 20);
	cleanup(buf_release) struct buf again = BUF_INIT(1 << 20);
	struct cursor c, inner;
	size_t mark;

	mark = der_begin(&b, DER_SEQUENCE);
	for (size_t i = 0; i < content; i++)
		buf_add_u8(&b, 'x');
	der_end(&b, mark);
	assert_memory_equal(b.data, head, head_len);
	assert_int_equal(b.len, head_len + content);
	c = cursor_over(b.data, b.len);
	inner = der_take(&c, DER_SEQUENCE);
	assert_false(c.failed);
	assert_int_equal(cursor_left(&inner), content);
	der_add(&again, DER_SEQUENCE, inner.p, content);
	assert_int_equal(again.len, b.len);
	assert_memory_equal(again.data, b.data, b.len);
}

static void writes_the_shortest_length(void **state)
{
	(void)state;
	assert_length(0, "\x30\x00", 2);
	assert_length(127, "\x30\x7f", 2);
	assert_length(128, "\x30\x81\x80", 3);
	assert_length(255, "\x30\x81\xff", 3);
	assert_length(256, "\x30\x82\x01\x00", 4);
	assert_length(65536, "\x30\x83\x01\x00\x00", 5);
}

static void assert_refused(const char *bytes, size_t len)
{
	struct cursor c = cursor_over(bytes, len);
	struct cursor whole = c;

	assert_true(der_take(&c, DER_SEQUENCE).failed);
	assert_true(c.failed);
	if (bytes[0] == DER_SEQUENCE)
		assert_null(der_take_whole(&whole).bytes);
}

static void refuses_what_is_not_der(void **state)
{
	(void)state;
	assert_refused("\x31\x00", 2); /* another tag */
	assert_refused("\x30\x01", 2); /* cut off */
	assert_refused("\x30\x80\x00\x00", 4); /* indefinite */
	assert_refused("\x30\x81\x01x", 4); /* not the shortest */
	assert_refused("\x30\x82\x00\x80", 4); /* leading zero */
	assert_refused("\x30\x84\xff\xff\xff\xff", 6);
	assert_refused("\x30\x85\x00\x00\x00\x00\x01x", 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_the_shortest_length),
		cmocka_unit_test(refuses_what_is_not_der),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
