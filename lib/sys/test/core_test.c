/* SPDX-License-Identifier: Apache-2.0 */
/* core_test.c - a crash shows no key. */
#include "sys/core.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test/support/scratch.h"

/* Crashes in a directory where a core file may be written; true if one was. */
static bool dumps(const char *dir, bool forbid)
{
	const struct rlimit any = { RLIM_INFINITY, RLIM_INFINITY };
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (!child) {
		signal(SIGABRT, SIG_DFL);
		if (chdir(dir) < 0 || setrlimit(RLIMIT_CORE, &any) < 0 ||
		    (forbid && core_forbid(NULL) < 0))
			_exit(3);
		kill(getpid(), SIGABRT);
		_exit(4);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 3)
		skip(); /* no right to raise the limit */
	assert_true(WIFSIGNALED(status));
	return WCOREDUMP(status);
}

static void a_crash_writes_no_core_file(void **state)
{
	struct scratch *at = *state;

	if (!dumps(at->dir, false))
		skip(); /* not even without core_forbid() */
	assert_false(dumps(at->dir, true));
}

/* What is started is as ever: a JVM of a node may write its core file. */
static void programs_that_are_started_are_not_concerned(void **state)
{
	pid_t child = fork();
	int status;

	(void)state;
	assert_true(child >= 0);
	if (!child) {
		if (core_forbid(NULL) < 0 || prctl(PR_GET_DUMPABLE) != 0)
			_exit(3);
		execl("/bin/sh", "sh", "-c",
		      "test \"$(stat -c %u /proc/$$/mem)\" = \"$(id -u)\"",
		      NULL);
		_exit(4);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(a_crash_writes_no_core_file),
		SCRATCH_TEST(programs_that_are_started_are_not_concerned),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
