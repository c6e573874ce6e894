/* SPDX-License-Identifier: Apache-2.0 */
/* base64_test.c - the examples of RFC 4648. */
#include "data/base64.h"

#include "base/cleanup.h"
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

static void decodes_what_manifests_hold(void **state)
{
	cleanup(buf_release) struct buf out = BUF_INIT(64);
	struct error err;

	(void)state;
	assert_ok(base64_decode("/u3+7QAA\n AAI=", &out, &err), err);
	assert_int_equal(out.len, 8);
	assert_memory_equal(out.data, "\xfe\xed\xfe\xed\0\0\0\2", 8);
	assert_ok(base64_decode("", &out, &err), err);
	assert_int_equal(out.len, 8);
	assert_error(base64_decode("a*b", &out, &err), err, "'*'");
	assert_error(base64_decode("YQ==YQ", &out, &err), err, "after the '='");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(encodes_the_examples),
		cmocka_unit_test(keeps_to_the_ceiling),
		cmocka_unit_test(decodes_what_manifests_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
