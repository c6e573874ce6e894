/* SPDX-License-Identifier: Apache-2.0 */
/* process_test.c - programs get their input, and are bounded in all ways. */
#include "sys/process.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "test/support/test.h"

#define SHELL(text) ((const char *const[]){ "sh", "-c", (text), NULL })

static void gives_input_and_takes_output(void **state)
{
	const struct process_spec spec = {
		.argv = SHELL("read word; echo \"$word?\"; echo no >&2"),
		.input = "yes\n",
		.input_len = 4,
		.seconds = 60
	};
	cleanup(buf_release) struct buf out = BUF_INIT(100);
	struct error err = { 0 };

	(void)state;
	assert_ok(process_run(&spec, &out, &err), err);
	assert_string_equal(buf_text(&out), "yes?\n");
}

static void says_how_a_program_ended(void **state)
{
	struct process_spec spec = { .argv = SHELL("echo why >&2; exit 3"),
				     .seconds = 60 };
	struct error err = { 0 };

	(void)state;
	assert_error(process_run(&spec, NULL, &err), err, "exit 3: why");
	spec.argv = SHELL("kill -9 $$");
	assert_error(process_run(&spec, NULL, &err), err, "sh: killed by");
}

static void too_much_of_anything_is_an_error(void **state)
{
	static const char much[100 * 1000];
	struct process_spec spec = { .argv = SHELL("cat >/dev/null"),
				     .input = much,
				     .input_len = sizeof(much),
				     .seconds = 60 };
	cleanup(buf_release) struct buf out = BUF_INIT(5);
	struct process p = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_error(process_run(&spec, NULL, &err), err, "more than");
	assert_error(process_start(&spec, &p, &err), err, "more than");
	spec.input = NULL;
	spec.argv = SHELL("echo 123456");
	assert_error(process_run(&spec, &out, &err), err, "output of sh");
}

static void no_log_is_an_error(void **state)
{
	const struct process_spec spec = { .argv = SHELL(":"),
					   .log = "/dev/null/no",
					   .seconds = 60 };
	struct process p = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_error(process_start(&spec, &p, &err), err, "/dev/null/no");
	assert_int_equal(p.pid, 0);
}

static void is_bounded_also_behind_its_outputs(void **state)
{
	const struct process_spec spec = {
		.argv = SHELL("exec >&- 2>&-; exec sleep 1000"), .seconds = 1
	};
	struct error err = { 0 };

	(void)state;
	assert_error(process_run(&spec, NULL, &err), err,
		     "did not end within 1 s");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_input_and_takes_output),
		cmocka_unit_test(says_how_a_program_ended),
		cmocka_unit_test(too_much_of_anything_is_an_error),
		cmocka_unit_test(no_log_is_an_error),
		cmocka_unit_test(is_bounded_also_behind_its_outputs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
