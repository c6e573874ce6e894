/* SPDX-License-Identifier: Apache-2.0 */
/* git_test.c - commit-ishes of a real repository, and worktrees that leave it
 * alone. */
#include "build-and-publish/git.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "sys/process.h"
#include "test/support/test.h"

static char root[PATH_ROOM], repo[PATH_ROOM];

/* Runs git on the repository; its output without the newline. */
static const char *git(const char *const *args)
{
	static struct buf out = BUF_INIT(1 << 20);
	const char *argv[16] = {
		"git", "-C", repo, "-c", "user.name=t", "-c", "user.email=t@t"
	};
	const struct process_spec spec = { .argv = argv, .seconds = 30 };
	struct error err = { 0 };
	int n = 7;

	while (*args)
		argv[n++] = *args++;
	buf_clear(&out);
	assert_ok(process_run(&spec, &out, &err), err);
	while (out.len && out.data[out.len - 1] == '\n')
		out.data[--out.len] = 0;
	return buf_text(&out);
}
#define GIT(...) git((const char *[]){ __VA_ARGS__, NULL })

static void commit_file(const char *text)
{
	char path[PATH_ROOM];

	path_join(path, repo, "file");
	file_write(path, text, strlen(text), 0644, NULL);
	GIT("add", "file");
	GIT("commit", "-q", "-m", text);
}

static int make_repo(void **state)
{
	(void)state;
	setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
	if (dir_make_temporary("build/git-", root, NULL) < 0)
		return -1;
	path_join(repo, root, "clone");
	dir_make(repo, 0700, NULL);
	GIT("init", "-q", "-b", "main");
	commit_file("one");
	GIT("tag", "light");
	GIT("tag", "-a", "release-V4.8", "-m", "annotated");
	commit_file("two");
	GIT("branch", "feature/$(reboot);x");
	commit_file("three");
	GIT("update-ref", "refs/remotes/origin/theirs", "HEAD~1");
	return 0;
}

static int remove_repo(void **state)
{
	(void)state;
	return dir_remove(root, NULL);
}

static void check_word(const char *word, const char *want)
{
	struct error err = { 0 };
	char got[COMMIT_ROOM];

	assert_ok(commit_resolve(repo, word, got, &err), err);
	assert_string_equal(got, want);
}

static void every_kind_of_commit_ish_resolves(void **state)
{
	char first[COMMIT_ROOM], second[COMMIT_ROOM], part[8];

	(void)state;
	snprintf(first, sizeof(first), "%s", GIT("rev-parse", "HEAD~2"));
	snprintf(second, sizeof(second), "%s", GIT("rev-parse", "HEAD~1"));
	snprintf(part, sizeof(part), "%.7s", first);
	check_word("main", GIT("rev-parse", "HEAD"));
	check_word("HEAD~2", first);
	check_word("light", first);
	check_word("release-V4.8", first);
	check_word("release-V4.8^{commit}", first);
	check_word(first, first);
	check_word(part, first);
	check_word("origin/theirs", second);
	check_word("feature/$(reboot);x", second);
}

static void unknown_words_name_their_neighbours(void **state)
{
	struct error err = { 0 };
	char got[COMMIT_ROOM];

	(void)state;
	assert_error(commit_resolve(repo, "release-V4.7", got, &err), err,
		     "no branch, tag or commit \"release-V4.7\"; the nearest "
		     "names: release-V4.8,");
	assert_error(commit_resolve(root, "main", got, &err), err, root);
	assert_error(commit_resolve(repo, "main^{tree}", got, &err), err,
		     "is no commit");
}

static void a_worktree_leaves_the_clone_alone(void **state)
{
	cleanup(buf_release) struct buf text = BUF_INIT(100);
	cleanup(freep) char *before = NULL;
	char commit[COMMIT_ROOM], dir[PATH_ROOM], path[PATH_ROOM];
	struct error err = { 0 };

	(void)state;
	before = strdup(GIT("for-each-ref"));
	assert_ok(commit_resolve(repo, "HEAD~1", commit, &err), err);
	path_join(dir, root, "worktree");
	assert_ok(worktree_make(repo, commit, dir, &err), err);
	assert_ok(file_read(path_join(path, dir, "file"), &text, &err), err);
	assert_string_equal(buf_text(&text), "two");
	/* git itself sees a clean tree, detached at the commit. */
	assert_string_equal(GIT("-C", "../worktree", "rev-parse", "HEAD"),
			    commit);
	assert_string_equal(GIT("-C", "../worktree", "status", "--porcelain"),
			    "");
	assert_string_equal(
		GIT("-C", "../worktree", "branch", "--format=%(HEAD)"), "*");
	assert_error(worktree_make(repo, commit, dir, &err), err,
		     "is not empty");
	assert_ok(dir_remove(dir, &err), err);
	assert_string_equal(GIT("for-each-ref"), before);
	assert_string_equal(GIT("status", "--porcelain"), "");
	assert_string_equal(GIT("symbolic-ref", "HEAD"), "refs/heads/main");
	assert_null(strchr(GIT("worktree", "list"), '\n'));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_commit_ish_resolves),
		cmocka_unit_test(unknown_words_name_their_neighbours),
		cmocka_unit_test(a_worktree_leaves_the_clone_alone),
	};

	return cmocka_run_group_tests(tests, make_repo, remove_repo);
}
