/* SPDX-License-Identifier: Apache-2.0 */
/* legal_name_test.c - names that a network takes in, and those it does not. */
#include "corda/legal_name.h"

#include "base/cleanup.h"
#include "test/support/test.h"

static const struct x500_name bank = { .organisation = "Bank A",
				       .locality = "London",
				       .country = "GB" };

static void takes_names_of_companies(void **state)
{
	static const char *const good[] = {
		"Bank A",	    "bank-4.10-0", "Marks & Spencer (UK) Ltd.",
		"Novo Holding A/S", "Yahoo!",	   "Bank #2: the 1st"
	};
	struct x500_name name = bank;
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		name.organisation = good[i];
		assert_ok(legal_name_check(&name, &err), err);
	}
	name.country = "ZZ";
	assert_ok(legal_name_check(&name, &err), err);
}

static void refuses_what_may_do_harm(void **state)
{
	static const char *const bad[][2] = {
		{ "Bank \xe2\x80\xae knaB", "O has the character U+202E" },
		{ "B\xd0\xb0nk", "U+0430" }, /* Cyrillic a */
		{ "\xef\xbc\xa2\xef\xbd\x81nk", "U+FF22" }, /* wide B, a */
		{ "Bank\x1b[2J", "U+001B" },
		{ "Bank\xc2\x85", "U+0085" },
		{ "B\xc3\xa4nk", "U+00E4" },
		{ "Bank\xff", "not UTF-8" },
		{ "<script>alert(1)</script>", "character <" },
		{ "Bank>", "character >" },
		{ "../../etc/passwd", "two dots" },
		{ "Bank/../keys", "two dots" },
		{ "Bank \"A\"", "character \"" },
		{ "Bank 'A'", "character '" },
		{ "Bank, L=Paris", "character ," },
		{ "O=Bank", "character =" },
		{ "Bank+CN", "character +" },
		{ "Bank; ls", "character ;" },
		{ "$(ls)", "character $" },
		{ "Bank\\", "character \\" },
		{ "#041f", "at the beginning" },
	};
	struct x500_name name = bank;
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		name.organisation = bad[i][0];
		assert_error(legal_name_check(&name, &err), err, bad[i][1]);
		assert_int_equal(err.kind, ERROR_INPUT);
	}
}

static void looks_at_each_part(void **state)
{
	struct x500_name names[] = { bank, bank, bank, bank };
	static const char *const why[] = { "CN has", "OU has", "L has",
					   "ST has" };
	struct error err = { 0 };

	(void)state;
	names[0].common_name = "a<b";
	names[1].organisation_unit = "a<b";
	names[2].locality = "a<b";
	names[3].state = "a<b";
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		assert_error(legal_name_check(&names[i], &err), err, why[i]);
}

static void knows_the_countries(void **state)
{
	static const char *const good[] = { "AD", "GB", "DE", "ZW", "UA" };
	static const char *const bad[] = { "UK", "XX", "EU", "DA", "G", "B A" };
	struct x500_name name = bank;
	struct error err = { 0 };
	unsigned count = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		name.country = good[i];
		assert_ok(legal_name_check(&name, &err), err);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		name.country = bad[i];
		assert_error(legal_name_check(&name, &err), err,
			     "is not a country");
	}
	for (char a = 'A'; a <= 'Z'; a++)
		for (char b = 'A'; b <= 'Z'; b++) {
			const char code[] = { a, b, 0 };

			name.country = code;
			count += legal_name_check(&name, NULL) == 0;
		}
	assert_int_equal(count, 249 + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_names_of_companies),
		cmocka_unit_test(refuses_what_may_do_harm),
		cmocka_unit_test(looks_at_each_part),
		cmocka_unit_test(knows_the_countries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
