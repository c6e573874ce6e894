/* SPDX-License-Identifier: Apache-2.0 */
/* pressure_test.c - the kernel's time without a CPU, and bounds by the past. */
#include "sys/pressure.h"

#include "sys/patience.h"
#include "test/support/test.h"

static void the_total_of_some_tasks_is_read(void **state)
{
	(void)state;
	assert_int_equal(pressure_total(
				 "some avg10=2.12 avg60=33.48 avg300=62.23 "
				 "total=12611649148\n"
				 "full avg10=0.00 avg60=0.00 avg300=0.00 "
				 "total=0\n"),
			 12611649148);
	assert_int_equal(pressure_total("full avg10=0.00 total=7\n"), -1);
	assert_int_equal(pressure_total("some avg10=0\nfull total=7\n"), -1);
	assert_int_equal(pressure_total("some total=x\n"), -1);
	assert_int_equal(pressure_total(""), -1);
}

static void a_share_is_a_part_of_the_time(void **state)
{
	struct pressure p;

	(void)state;
	pressure_begin(&p);
	assert_in_range((int)(pressure_share(&p) * 1000), 0, 1000);
	p.total_us = -1;
	assert_true(pressure_share(&p) == 0);
}

static void patience_follows_what_was_seen(void **state)
{
	(void)state;
	assert_int_equal(patience(60, 0), 60);
	assert_int_equal(patience(60, 15), 60);
	assert_int_equal(patience(60, 16), 64);
	assert_int_equal(patience(60, 60), 240);
	assert_int_equal(patience(60, INT64_MAX), 240);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_total_of_some_tasks_is_read),
		cmocka_unit_test(a_share_is_a_part_of_the_time),
		cmocka_unit_test(patience_follows_what_was_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
