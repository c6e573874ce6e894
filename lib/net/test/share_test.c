/* SPDX-License-Identifier: Apache-2.0 */
/* share_test.c - no few addresses have all of what there is. */
#include "net/share.h"

#include <string.h>

#include "test/support/test.h"

static bool same_key(const char *one, const char *two)
{
	uint8_t a[ADDRESS_KEY], b[ADDRESS_KEY];

	address_key_of_text(one, a);
	address_key_of_text(two, b);
	return !memcmp(a, b, ADDRESS_KEY);
}

static void tells_addresses_apart(void **state)
{
	(void)state;
	assert_true(same_key("10.0.0.1", "10.0.0.1"));
	assert_false(same_key("10.0.0.1", "10.0.0.2"));
	assert_true(same_key("10.0.0.1", "::ffff:10.0.0.1"));
	assert_true(same_key("2001:db8::1", "2001:db8::ffff:2"));
	assert_false(same_key("2001:db8::1", "2001:db8:0:1::1"));
	assert_true(same_key("", "rubbish"));
}

/* So many addresses take what they get; what is left for one more. */
static unsigned left_by(unsigned addresses, unsigned most)
{
	unsigned held[1000] = { 0 }, used = 0, before;

	do {
		before = used;
		for (unsigned i = 0; i < addresses; i++)
			if (share_allows(held[i], used, most)) {
				held[i]++;
				used++;
			}
	} while (used != before);
	return most - used;
}

static void leaves_something_to_others(void **state)
{
	(void)state;
	assert_int_equal(left_by(1, 512), 410);
	assert_int_equal(left_by(4, 512), 256);
	assert_in_range(left_by(20, 512), 64, 128);
	assert_int_equal(left_by(64, 512), 0);
	assert_int_equal(left_by(1, 10000), 8000);
	assert_in_range(left_by(100, 10000), 300, 500);
	assert_true(left_by(1000, 10000) > 0);
}

static void gives_no_more_than_there_is(void **state)
{
	(void)state;
	assert_true(share_allows(7, 9, 10));
	assert_false(share_allows(8, 9, 10));
	assert_false(share_allows(0, 10, 10));
	assert_false(share_allows(0, 11, 10));
	assert_false(share_allows(0, 0, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_addresses_apart),
		cmocka_unit_test(leaves_something_to_others),
		cmocka_unit_test(gives_no_more_than_there_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
