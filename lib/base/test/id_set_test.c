/* SPDX-License-Identifier: Apache-2.0 */
/* id_set_test.c - an id is new once, wherever it lies. */
#include "base/id_set.h"

#include "base/cleanup.h"
#include "test/support/test.h"

static void add(struct id_set *s, uint64_t id, int expected)
{
	struct error err = { 0 };

	assert_int_equal(id_set_add(s, id, &err), expected);
}

static void an_id_is_new_once(void **state)
{
	cleanup(id_set_release) struct id_set s = { 0 };
	static const uint64_t ids[] = { 0,
					1,
					63,
					64,
					65,
					UINT64_C(1) << 32,
					(UINT64_C(1) << 53) - 1,
					UINT64_MAX };

	(void)state;
	assert_false(id_set_has(&s, 0));
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		assert_false(id_set_has(&s, ids[i]));
		add(&s, ids[i], 1);
		add(&s, ids[i], 0);
	}
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		assert_true(id_set_has(&s, ids[i]));
	assert_false(id_set_has(&s, 2));
	assert_false(id_set_has(&s, UINT64_MAX - 1));
}

/* Backwards and with holes; then each once more. */
static void many_ids_in_any_order(void **state)
{
	cleanup(id_set_release) struct id_set s = { 0 };

	(void)state;
	for (int again = 0; again < 2; again++)
		for (uint64_t i = 100000; i > 0; i--)
			add(&s, i * 7, !again);
	for (uint64_t i = 1; i <= 700000; i++)
		assert_int_equal(id_set_has(&s, i), i % 7 == 0);
}

static void neighbours_take_half_a_byte(void **state)
{
	cleanup(id_set_release) struct id_set s = { 0 };

	(void)state;
	for (uint64_t i = 1; i <= 2000000; i++)
		add(&s, i, 1);
	assert_int_equal(s.count, 2000000 / 64 + 1);
	assert_true(s.room * 16 <= 1024 * 1024);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_id_is_new_once),
		cmocka_unit_test(many_ids_in_any_order),
		cmocka_unit_test(neighbours_take_half_a_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
