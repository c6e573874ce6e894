/* SPDX-License-Identifier: Apache-2.0 */
/* student_test.c - quantiles are those of the printed tables. */
#include "stats/student.h"

#include <math.h>

#include "base/cleanup.h"
#include "test/support/test.h"

static void assert_close(double got, double want, double relative)
{
	if (!(fabs(got - want) <= relative * fabs(want)))
		fail_msg("%.12g, expected %.12g", got, want);
}

/* With 1 and 2 degrees of freedom the distribution has a closed form. */
static void closed_forms(void **state)
{
	static const double chances[] = { 0.4, 0.25, 0.05, 0.0125, 1e-4, 1e-9 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(chances); i++) {
		double p = chances[i], a = 1 - 2 * p;

		assert_close(student_limit(p, 1), 1 / tan(M_PI * p), 1e-6);
		assert_close(student_limit(p, 2),
			     a * sqrt(2 / (1 - a) / (1 + a)), 1e-6);
	}
}

static void tables(void **state)
{
	static const struct {
		double above, df, limit;
	} rows[] = {
		{ 0.025, 3, 3.182446305 },
		{ 0.025, 4, 2.776445105 },
		{ 0.05, 5, 2.015048373 },
		{ 0.025, 10, 2.228138852 },
		{ 0.005, 10, 3.169272673 },
		{ 0.0005, 10, 4.586893859 },
		{ 0.025, 30, 2.042272456 },
		{ 0.025, 120, 1.979930405 },
		{ 0.2, 20, 0.859964440 },
		{ 0.025, STUDENT_NORMAL, 1.959963985 },
		{ 0.005, STUDENT_NORMAL, 2.575829304 },
		{ 0.2, STUDENT_NORMAL, 0.841621234 },
		{ 1e-6, STUDENT_NORMAL, 4.753424309 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_close(student_limit(rows[i].above, rows[i].df),
			     rows[i].limit, 1e-8);
}

static void both_sides_and_the_middle(void **state)
{
	(void)state;
	for (double df = 0.5; df < 1e7; df *= 3.7) {
		assert_close(student_above(0, df), 0.5, 1e-9);
		for (double t = 0.1; t < 20; t *= 1.9)
			assert_close(student_above(t, df) +
					     student_above(-t, df),
				     1, 1e-9);
	}
}

/* Where Student's t gives way to the normal distribution, nobody sees it. */
static void no_step_at_many_degrees(void **state)
{
	(void)state;
	assert_close(student_limit(1e-4, 999999), student_limit(1e-4, 1e6),
		     1e-5);
	assert_true(student_limit(1e-12, 3) > student_limit(1e-9, 3));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(closed_forms),
		cmocka_unit_test(tables),
		cmocka_unit_test(both_sides_and_the_middle),
		cmocka_unit_test(no_step_at_many_degrees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
