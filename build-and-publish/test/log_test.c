/* SPDX-License-Identifier: Apache-2.0 */
/* log_test.c - the line that says why is found in each tool's output. */
#include "build-and-publish/build_job.h"
#include "test/support/scratch.h"

static char path[PATH_ROOM];
static struct scratch *at;

static const char *reason(const char *log, long from)
{
	assert_ok(file_write(path, log, strlen(log), 0600, &at->err), at->err);
	return log_reason(path, from, &at->arena);
}

static void tools_say_why_in_their_own_ways(void **state)
{
	at = *state;
	path_join(path, at->dir, "log");
	assert_string_equal(reason("FAILURE:\n* What went wrong:\n  No task.\n"
				   "\nBUILD FAILED in 1s\n",
				   0),
			    "No task.");
	assert_string_equal(
		reason("\033[0m[ERROR] Failed: Could not find artifact a:b "
		       "in central\n[ERROR] \n[ERROR] more\n",
		       0),
		"Could not find artifact a:b in central");
	assert_string_equal(reason("I: x\nE: no suite\nI: y\n", 0),
			    "E: no suite");
	assert_string_equal(reason("one\nTHE: two\n\n", 0), "THE: two");
	assert_string_equal(reason("E: old\nnew", 7), "new");
	assert_string_equal(
		reason("time=\"9\" level=fatal msg=\"Error: refused\"\n", 0),
		"\"Error: refused\"");
	assert_string_equal(
		reason("[ERROR] x\ncp: a: No space left on device\ny\n", 0),
		"cp: a: No space left on device");
	assert_string_equal(reason("", 0), "");
	remove(path);
	assert_string_equal(log_reason(path, 0, &at->arena), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(tools_say_why_in_their_own_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
