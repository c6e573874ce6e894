/* SPDX-License-Identifier: Apache-2.0 */
/* merkle_test.c - trees pad as Corda's do. */
#include "corda/merkle.h"

#include "test/support/test.h"

static void knows_algorithms_by_name(void **state)
{
	enum digest_kind kind;

	(void)state;
	assert_true(digest_by_name("SHA-384", 7, &kind));
	assert_int_equal(digest_size(kind), 48);
	assert_string_equal(digest_name(kind), "SHA-384");
	assert_false(digest_by_name("SHA-3", 5, &kind));
	assert_false(digest_by_name("SHA-1", 5, &kind));
}

static void pads_trees_with_zeroes(void **state)
{
	uint8_t leaves[4 * 64] = { 1 }, pair[DIGEST_MAX], root[DIGEST_MAX];
	uint8_t zero[DIGEST_MAX] = { 0 }, right[DIGEST_MAX];

	(void)state;
	memset(leaves, 7, 32);
	merkle_root(DIGEST_SHA256, leaves, 1, root);
	assert_memory_equal(root, leaves, 32);
	memset(leaves, 7, 48);
	digest_pair(DIGEST_SHA384, leaves, zero, pair);
	merkle_root(DIGEST_SHA384, leaves, 1, root);
	assert_memory_equal(root, pair, 48);
	memset(leaves, 7, 96);
	digest_pair(DIGEST_SHA256, leaves, leaves, pair);
	digest_pair(DIGEST_SHA256, leaves, zero, right);
	digest_pair(DIGEST_SHA256, pair, right, pair);
	merkle_root(DIGEST_SHA256, leaves, 3, root);
	assert_memory_equal(root, pair, 32);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_algorithms_by_name),
		cmocka_unit_test(pads_trees_with_zeroes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
