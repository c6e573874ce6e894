/* SPDX-License-Identifier: Apache-2.0 */
/* money_test.c - amounts have the decimals of their currency. */
#include "base/money.h"

#include "test/support/test.h"

static void is(MONEY_SUM amount, const char *currency, const char *wanted)
{
	struct buf b = BUF_INIT(100);

	money_add(&b, amount, currency);
	assert_string_equal(buf_text(&b), wanted);
	buf_release(&b);
}

static void money_has_its_currency_s_decimals(void **state)
{
	(void)state;
	is(10005, "USD", "100.05 USD");
	is(0, "USD", "0.00 USD");
	is(-7, "EUR", "-0.07 EUR");
	is(-501, "EUR", "-5.01 EUR");
	is(500, "JPY", "500 JPY");
	is(1, "BHD", "0.001 BHD");
	is(INT64_MIN, "KWD", "-9223372036854775.808 KWD");
}

static void a_sum_is_wider_than_its_amounts(void **state)
{
	(void)state;
	is((MONEY_SUM)INT64_MAX + INT64_MAX, "USD",
	   "184467440737095516.14 USD");
	is((MONEY_SUM)((unsigned MONEY_SUM)1 << 127), "",
	   "-170141183460469231731687303715884105728");
}

static void without_a_currency_it_is_a_number(void **state)
{
	(void)state;
	is(-12345, NULL, "-12345");
	is(12345, "", "12345");
	assert_int_equal(money_decimals("USD Coin"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(money_has_its_currency_s_decimals),
		cmocka_unit_test(a_sum_is_wider_than_its_amounts),
		cmocka_unit_test(without_a_currency_it_is_a_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
