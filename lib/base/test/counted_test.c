/* SPDX-License-Identifier: Apache-2.0 */
/* counted_test.c - a number and its noun agree. */
#include "base/counted.h"

#include "test/support/test.h"

static void one_is_singular(void **state)
{
	char text[64];

	(void)state;
	snprintf(text, sizeof(text), "%lld %s", COUNTED(1u, "object"));
	assert_string_equal(text, "1 object");
	snprintf(text, sizeof(text), "%lld %s", COUNTED(0u, "object"));
	assert_string_equal(text, "0 objects");
	snprintf(text, sizeof(text), "%lld %s",
		 COUNTED_AS((size_t)2, "object is", "objects are"));
	assert_string_equal(text, "2 objects are");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_is_singular),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
