/* SPDX-License-Identifier: Apache-2.0 */
/* claim_test.c - what a dead build left goes, what a live one has stays. */
#include "build-and-publish/claim.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test/support/scratch.h"

static const char *cache;

static const char *make(const char *name, char room[PATH_ROOM])
{
	struct error err = { 0 };

	assert_ok(dir_make(path_join(room, cache, name), 0700, &err), err);
	return room;
}

/* A process that a build started and that outlived it: it stops until we have
 * seen that it has its new environment, and ends by itself if nobody ends it.
 */
static pid_t start_child(const char *work)
{
	char variable[PATH_ROOM + 32];
	int status;
	pid_t pid = fork();

	if (pid) {
		assert_int_equal(waitpid(pid, &status, WUNTRACED), pid);
		assert_true(WIFSTOPPED(status));
		assert_int_equal(kill(pid, SIGCONT), 0);
		return pid;
	}
	snprintf(variable, sizeof(variable), CLAIM_ENV "=%s", work);
	putenv(variable);
	execlp("sh", "sh", "-c", "kill -STOP $$; exec sleep 60", NULL);
	_exit(1);
}

static void the_dead_are_told_from_the_living(void **state)
{
	char dead[PATH_ROOM], live[PATH_ROOM], kept[PATH_ROOM], gone[PATH_ROOM];
	struct scratch *at = *state;
	int claim, status;
	pid_t child;

	cache = at->dir;
	make("work-dead", dead);
	make("work-live", live);
	claim = claim_take(live, &at->err);
	assert_true(claim >= 0);
	assert_int_equal(claim_take(live, NULL), -1);
	make("worktrees/kept", kept);
	claim_keep(kept);
	make("worktrees/gone", gone);
	child = start_child(dead);
	stale_remove(cache);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	assert_false(file_exists(dead));
	assert_true(file_exists(live));
	assert_true(file_exists(kept));
	assert_false(file_exists(gone));
	close(claim);
	stale_remove(cache);
	assert_false(file_exists(live));
	/* Its mark goes when the user has removed the worktree. */
	assert_ok(dir_remove(kept, &at->err), at->err);
	stale_remove(cache);
	assert_false(file_exists(path_printf(gone, "%s.kept", kept)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(the_dead_are_told_from_the_living),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
