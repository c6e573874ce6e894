/* SPDX-License-Identifier: Apache-2.0 */
/* retention_test.c - a policy is read, and decides which runs go, and why. */
#include "run/retention.h"

#include <string.h>

#include "base/cleanup.h"
#include "test/support/test.h"

static const int64_t day_us = INT64_C(86400) * 1000000;
static const int64_t now_us = INT64_C(1000) * 86400 * 1000000;

static struct retention policy(const char *text)
{
	struct retention r;
	struct error err = { 0 };

	assert_ok(retention_parse("--keep", text, &r, &err), err);
	return r;
}

/* ---- the policy ---- */

static void terms_are_read(void **state)
{
	struct retention r = policy("30d,last-green,failed=90d,last=10");

	(void)state;
	assert_int_equal(r.any_us, 30 * day_us);
	assert_true(r.last_green);
	assert_int_equal(r.last, 10);
	assert_int_equal(r.answer_us[RETENTION_FAILED], 90 * day_us);
	assert_int_equal(r.answer_us[RETENTION_PASSED], 0);
	r = policy("last-green");
	assert_int_equal(r.any_us, 0);
	/* The longer one of two holds. */
	r = policy("1d,12h,unjudged=2d,unjudged=1d,last=2,last=1");
	assert_int_equal(r.any_us, day_us);
	assert_int_equal(r.answer_us[RETENTION_UNJUDGED], 2 * day_us);
	assert_int_equal(r.last, 2);
}

static void what_is_no_term_is_named(void **state)
{
	static const struct {
		const char *text, *term;
	} bad[] = {
		{ "", "''" },
		{ "30d,", "''" },
		{ ",30d", "''" },
		{ "30d,,last-green", "''" },
		{ "30x", "'30x'" },
		{ "0d", "'0d'" },
		{ "30d, last-green", "' last-green'" },
		{ "last-red", "'last-red'" },
		{ "last-green=3d", "'last-green=3d'" },
		{ "last=", "'last='" },
		{ "last=0", "'last=0'" },
		{ "last=1d", "'last=1d'" },
		{ "last=100000", "'last=100000'" },
		{ "failed", "'failed'" },
		{ "failed=", "'failed='" },
		{ "failed=0h", "'failed=0h'" },
		{ "FAIL=9d", "'FAIL=9d'" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct retention r = { .last = 77 };
		struct error err = { 0 };

		assert_error(retention_parse("--keep", bad[i].text, &r, &err),
			     err, bad[i].term);
		assert_non_null(
			strstr(err.text, "expected a time such as 30d"));
		assert_int_equal(err.kind, ERROR_INPUT);
		assert_int_equal(r.last, 77);
	}
}

static void exit_codes_are_answers(void **state)
{
	(void)state;
	assert_int_equal(retention_answer_of(0), RETENTION_PASSED);
	assert_int_equal(retention_answer_of(1), RETENTION_FAILED);
	assert_int_equal(retention_answer_of(2), RETENTION_UNDECIDED);
	assert_int_equal(retention_answer_of(65), RETENTION_BROKEN);
	assert_int_equal(retention_answer_of(130), RETENTION_BROKEN);
}

/* ---- the decision ---- */

static struct retention_run run_of(const char *name, const char *network,
				   int days, enum retention_answer answer)
{
	return (struct retention_run){ name, network, now_us - days * day_us,
				       answer, RETENTION_FREE };
}

static void a_run_goes_when_no_term_keeps_it(void **state)
{
	const struct retention r = policy("30d,last-green,failed=90d");
	const struct retention_run runs[] = {
		run_of("f", "quick", 100, RETENTION_FAILED),
		run_of("e", "quick", 80, RETENTION_FAILED),
		run_of("d", "quick", 70, RETENTION_PASSED),
		run_of("c", "quick", 60, RETENTION_PASSED),
		run_of("b", "quick", 50, RETENTION_UNDECIDED),
		run_of("a", "quick", 29, RETENTION_UNJUDGED),
		run_of("z", "other", 500, RETENTION_PASSED),
		run_of("y", "other", 30, RETENTION_BROKEN),
	};
	static const struct {
		bool kept;
		const char *why;
	} expected[] = {
		{ false, "no term keeps it" }, { true, "failed" },
		{ false, "no term keeps it" }, { true, "last-green" },
		{ false, "no term keeps it" }, { true, "it is young" },
		{ true, "last-green" },	       { false, "no term keeps it" },
	};
	struct retention_verdict v[ARRAY_SIZE(runs)];

	(void)state;
	retention_decide(&r, runs, ARRAY_SIZE(runs), now_us, v);
	for (size_t i = 0; i < ARRAY_SIZE(runs); i++) {
		assert_int_equal(v[i].kept, expected[i].kept);
		assert_string_equal(v[i].why, expected[i].why);
	}
}

static void the_last_of_each_network_are_kept(void **state)
{
	const struct retention r = policy("last=2");
	/* Two began in one second: the greater name is the newer one. */
	const struct retention_run runs[] = {
		run_of("20261121-000000", "quick", 9, RETENTION_FAILED),
		run_of("20261122-000000-2", "quick", 8, RETENTION_FAILED),
		run_of("20261122-000000", "quick", 8, RETENTION_FAILED),
		run_of("20261101-000000", "other", 99, RETENTION_FAILED),
	};
	struct retention_verdict v[ARRAY_SIZE(runs)];

	(void)state;
	retention_decide(&r, runs, ARRAY_SIZE(runs), now_us, v);
	assert_false(v[0].kept);
	assert_true(v[1].kept);
	assert_true(v[2].kept);
	assert_true(v[3].kept);
}

static void a_run_in_use_is_always_kept(void **state)
{
	static const char *const why[] = {
		[RETENTION_WORKING] = "a medley process works on it",
		[RETENTION_UP] = "its network is up: medley down",
		[RETENTION_FRESH] = "a file of it was written a moment ago",
		[RETENTION_UNKNOWN] = "its inventory cannot be read",
	};
	const struct retention r = policy("1s");
	struct retention_run run = run_of("a", "quick", 999, RETENTION_PASSED);
	struct retention_verdict v;

	(void)state;
	for (int hold = RETENTION_WORKING; hold <= RETENTION_UNKNOWN; hold++) {
		run.hold = (enum retention_hold)hold;
		retention_decide(&r, &run, 1, now_us, &v);
		assert_true(v.kept);
		assert_string_equal(v.why, why[hold]);
	}
}

static void a_run_of_the_future_is_young(void **state)
{
	const struct retention r = policy("1s");
	const struct retention_run run =
		run_of("a", "quick", -3, RETENTION_FAILED);
	struct retention_verdict v;

	(void)state;
	retention_decide(&r, &run, 1, now_us, &v);
	assert_true(v.kept);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(terms_are_read),
		cmocka_unit_test(what_is_no_term_is_named),
		cmocka_unit_test(exit_codes_are_answers),
		cmocka_unit_test(a_run_goes_when_no_term_keeps_it),
		cmocka_unit_test(the_last_of_each_network_are_kept),
		cmocka_unit_test(a_run_in_use_is_always_kept),
		cmocka_unit_test(a_run_of_the_future_is_young),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
