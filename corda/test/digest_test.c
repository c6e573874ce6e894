/* SPDX-License-Identifier: Apache-2.0 */
/* digest_test.c - the digests of "abc" that the standards give. */
#include "corda/digest.h"

#include "base/cleanup.h"
#include "test/support/test.h"

static void assert_digest(enum digest_kind kind, const char *want)
{
	static const struct digest_part parts[] = {
		{ "a", 1 },
		{ NULL, 0 },
		{ "bc", 2 },
	};
	cleanup(buf_release) struct buf hex = BUF_INIT(2 * DIGEST_MAX);
	uint8_t whole[DIGEST_MAX], joined[DIGEST_MAX], streamed[DIGEST_MAX];
	struct digest d;

	digest_bytes(kind, "abc", 3, whole);
	digest_parts(kind, parts, ARRAY_SIZE(parts), joined);
	assert_memory_equal(whole, joined, digest_size(kind));
	digest_begin(&d, kind);
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		digest_add(&d, parts[i].bytes, parts[i].len);
	digest_end(&d, streamed);
	assert_memory_equal(whole, streamed, digest_size(kind));
	buf_add_hex(&hex, whole, digest_size(kind));
	assert_memory_equal(buf_text(&hex), want, strlen(want));
	assert_int_equal(hex.len, 2 * digest_size(kind));
}

static void gives_the_standards_answers(void **state)
{
	(void)state;
	assert_digest(DIGEST_SHA1, "A9993E364706816ABA3E25717850C26C9CD0D89D");
	assert_digest(DIGEST_SHA256, "BA7816BF8F01CFEA414140DE5DAE2223");
	assert_digest(DIGEST_SHA384, "CB00753F45A35E8BB5A03D699AC65007");
	assert_digest(DIGEST_SHA512, "DDAF35A193617ABACC417349AE204131");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_the_standards_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
