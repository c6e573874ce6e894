/* SPDX-License-Identifier: Apache-2.0 */
/* spool_test.c - facts come back sorted and grouped, all of them. */
#include "vault/spool.h"

#include "corda/digest.h"
#include "test/support/test.h"

enum { KEYS = 5000, EACH = 5 };

struct seen {
	size_t groups, facts;
};

static int check_group(const struct fact *facts, size_t count, void *ctx,
		       struct error *err)
{
	struct seen *seen = ctx;

	(void)err;
	assert_int_equal(count, EACH);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(facts[i].node, i);
	seen->groups++;
	seen->facts += count;
	return 0;
}

static void gives_back_all_in_groups(void **state)
{
	cleanup(spool_freep) struct spool *s = NULL;
	struct error err = { 0 };
	struct seen seen = { 0 };

	(void)state;
	assert_ok(spool_open("/tmp", KEYS * EACH * 10, &s, &err), err);
	assert_int_equal(spool_parts(s), 16);
	for (uint32_t node = EACH; node-- > 0;)
		for (uint32_t key = 0; key < KEYS; key++) {
			struct fact f = { .node = (uint16_t)node };
			uint8_t hash[DIGEST_MAX];

			digest_bytes(DIGEST_SHA256, &key, sizeof(key), hash);
			memcpy(f.key, hash, FACT_ID);
			spool_add(s, &f);
		}
	assert_ok(spool_groups(s, 1, check_group, &seen, &err), err);
	assert_int_equal(seen.groups, KEYS);
	assert_int_equal(seen.facts, KEYS * EACH);
}

static void refuses_a_directory_it_cannot_use(void **state)
{
	struct spool *s;
	struct error err = { 0 };

	(void)state;
	assert_error(spool_open("/nowhere", 1, &s, &err), err, "/nowhere");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_back_all_in_groups),
		cmocka_unit_test(refuses_a_directory_it_cannot_use),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
