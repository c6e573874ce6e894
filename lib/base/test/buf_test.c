/* SPDX-License-Identifier: Apache-2.0 */
/* buf_test.c - a buffer grows to its ceiling, and remembers that it failed. */
#include "base/buf.h"

#include "test/support/test.h"

static void grows_and_stays_text(void **state)
{
	struct buf b = BUF_INIT(1000);

	(void)state;
	assert_string_equal(buf_text(&b), "");
	for (int i = 0; i < 100; i++)
		buf_addf(&b, "%d,", i);
	assert_int_equal(buf_check(&b, NULL), 0);
	assert_int_equal(b.len, strlen(buf_text(&b)));
	buf_splice(&b, 0, 4, "x", 1);
	assert_memory_equal(b.data, "x2,3,", 5);
	buf_release(&b);
}

static void fails_at_its_ceiling_and_keeps_what_it_had(void **state)
{
	struct error err = { 0 };
	struct buf b = BUF_INIT(8);

	(void)state;
	buf_add_be64(&b, 0x0102030405060708);
	assert_int_equal(buf_check(&b, &err), 0);
	buf_add_u8(&b, 9);
	buf_add_str(&b, "");
	assert_error(buf_check(&b, &err), err, "at most 8 bytes");
	assert_int_equal(b.len, 8);
	assert_int_equal(b.data[7], 8);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grows_and_stays_text),
		cmocka_unit_test(fails_at_its_ceiling_and_keeps_what_it_had),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
