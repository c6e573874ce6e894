/* SPDX-License-Identifier: Apache-2.0 */
/* base64_test.c - the examples of RFC 4648. */
#include "data/base64.h"

#include "test/support/test.h"

static void assert_encodes(const char *text, const char *want)
{
	struct buf b = BUF_INIT(64);

	base64_encode(text, strlen(text), &b);
	assert_string_equal(buf_text(&b), want);
	assert_int_equal(b.len, strlen(want));
	buf_release(&b);
}

static void encodes_the_examples(void **state)
{
	(void)state;
	assert_encodes("", "");
	assert_encodes("f", "Zg==");
	assert_encodes("fo", "Zm8=");
	assert_encodes("foo", "Zm9v");
	assert_encodes("foob", "Zm9vYg==");
	assert_encodes("fooba", "Zm9vYmE=");
	assert_encodes("foobar", "Zm9vYmFy");
	assert_encodes("\xff\xfe\xfb", "//77");
}

static void keeps_to_the_ceiling(void **state)
{
	struct buf b = BUF_INIT(7);

	(void)state;
	base64_encode("fooba", 5, &b);
	assert_true(b.failed);
	assert_int_equal(b.len, 0);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(encodes_the_examples),
		cmocka_unit_test(keeps_to_the_ceiling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
