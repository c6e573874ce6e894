/* SPDX-License-Identifier: Apache-2.0 */
/* log_times_test.c - which lines of a saved log are from a time on. */
#include "deploy/log_times.h"

#include "base/cleanup.h"
#include "sys/clock.h"
#include "test/support/test.h"

static bool since(const char *text, const char *time, const char *expected)
{
	cleanup(buf_release) struct buf all = BUF_INIT(4096);
	cleanup(buf_release) struct buf part = BUF_INIT(4096);
	int64_t us;
	bool any;

	assert_true(clock_read(time, &us));
	buf_add_str(&all, text);
	any = log_lines_since(&all, us + 900 * 1000, &part);
	assert_string_equal(buf_text(&part), expected);
	return any;
}

static void lines_follow_their_time(void **state)
{
	static const char log[] =
		"==> a.log <==\nno time\n"
		"[INFO ] 2026-11-21T07:50:12,443Z [main] a\n\tat stack\n"
		"[INFO ] 2026-11-21T07:50:13,001Z [main] b\n\tat stack\n"
		"==> b.log <==\nno time\n"
		"[INFO ] 2026-11-21T07:50:14,001Z c";

	(void)state;
	assert_true(since(log, "2026-11-21T07:50:13Z",
			  "==> a.log <==\n"
			  "[INFO ] 2026-11-21T07:50:13,001Z [main] b\n"
			  "\tat stack\n"
			  "==> b.log <==\n"
			  "[INFO ] 2026-11-21T07:50:14,001Z c"));
	assert_true(since("2026-11-21 07:50:12.345 UTC [1] LOG: ready\n",
			  "2026-11-21T08:50:12+01:00",
			  "2026-11-21 07:50:12.345 UTC [1] LOG: ready\n"));
	assert_true(since("2026-11-21 07:50:12.345 UTC [1] LOG: ready\n",
			  "2026-11-22T00:00:00Z", ""));
}

static void a_log_may_have_no_times(void **state)
{
	(void)state;
	assert_false(since("banner\n", "2026-11-21T07:50:13Z", ""));
	assert_false(since("2026-11-21T07:50:1", "2026-11-21T07:50:13Z", ""));
	assert_false(since("9999-99-99T99:99:99", "2026-11-21T07:50:13Z", ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_follow_their_time),
		cmocka_unit_test(a_log_may_have_no_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
