/* SPDX-License-Identifier: Apache-2.0 */
/* entropy_test.c - passwords have their length, their letters, and differ. */
#include "sys/entropy.h"

#include "test/support/test.h"

static void passwords_are_letters_and_digits(void **state)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz0123456789";
	struct error err = { 0 };
	char one[201], other[201];

	(void)state;
	assert_ok(random_password(one, 200, &err), err);
	assert_ok(random_password(other, 200, &err), err);
	assert_int_equal(strlen(one), 200);
	assert_int_equal(strspn(one, alphabet), 200);
	assert_string_not_equal(one, other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(passwords_are_letters_and_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
