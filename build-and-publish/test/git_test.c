/* SPDX-License-Identifier: Apache-2.0 */
/* git_test.c - commit-ishes of a real repository, and worktrees that leave it
 * alone. */
#include "build-and-publish/git.h"
#include "build-and-publish/worktree.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "sys/process.h"
#include "test/support/test.h"

/* libgit2 before 1.6 does not free what it asked libpcre2 for where a regular
 * expression does not match (its #6382): git_submodule_foreach() leaks that for
 * settings of .gitmodules. Nothing of ours calls libpcre2. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libpcre2-8.so\n";
}

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
	if (dir_make_temporary("/tmp/medley-git-", root, NULL) < 0)
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
	struct commit got;

	assert_ok(commit_resolve(repo, word, &got, &err), err);
	assert_string_equal(got.id, want);
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
	struct commit got;

	(void)state;
	assert_error(commit_resolve(repo, "release-V4.7", &got, &err), err,
		     "no branch, tag or commit \"release-V4.7\"; the nearest "
		     "names: release-V4.8,");
	assert_error(commit_resolve(root, "main", &got, &err), err, root);
	assert_error(commit_resolve(repo, "main^{tree}", &got, &err), err,
		     "is not a commit");
	GIT("tag", "of-a-file", "HEAD:file");
	assert_error(commit_resolve(repo, "of-a-file", &got, &err), err,
		     "\"of-a-file\" is not a commit");
	assert_error(commit_resolve(repo, "of-a-fle", &got, &err), err,
		     "nearest names: of-a-file");
}

static void a_worktree_leaves_the_clone_alone(void **state)
{
	cleanup(buf_release) struct buf text = BUF_INIT(100);
	cleanup(freep) char *before = NULL;
	char dir[PATH_ROOM], path[PATH_ROOM];
	struct commit commit;
	struct error err = { 0 };

	(void)state;
	before = strdup(GIT("for-each-ref"));
	assert_ok(commit_resolve(repo, "HEAD~1", &commit, &err), err);
	path_join(dir, root, "worktree");
	assert_ok(worktree_make(repo, commit.id, dir, &err), err);
	assert_ok(file_read(path_join(path, dir, "file"), &text, &err), err);
	assert_string_equal(buf_text(&text), "two");
	/* git itself sees a clean tree, detached at the commit. */
	assert_string_equal(GIT("-C", "../worktree", "rev-parse", "HEAD"),
			    commit.id);
	assert_string_equal(GIT("-C", "../worktree", "status", "--porcelain"),
			    "");
	assert_string_equal(
		GIT("-C", "../worktree", "branch", "--format=%(HEAD)"), "*");
	assert_error(worktree_make(repo, commit.id, dir, &err), err,
		     "is not empty");
	assert_ok(dir_remove(dir, &err), err);
	assert_string_equal(GIT("for-each-ref"), before);
	assert_string_equal(GIT("status", "--porcelain"), "");
	assert_string_equal(GIT("symbolic-ref", "HEAD"), "refs/heads/main");
	assert_null(strchr(GIT("worktree", "list"), '\n'));
}

static void a_name_of_several_is_refused(void **state)
{
	struct commit got;
	struct error err = { 0 };

	(void)state;
	GIT("branch", "twice", "HEAD~1");
	GIT("tag", "twice", "HEAD~2");
	assert_error(commit_resolve(repo, "twice", &got, &err), err,
		     "\"twice\" has several meanings: refs/tags/twice, "
		     "refs/heads/twice");
	assert_error(commit_resolve(repo, "twice~1", &got, &err), err,
		     "several");
	check_word("refs/heads/twice", GIT("rev-parse", "HEAD~1"));
	GIT("branch", "-f", "twice", "HEAD~2");
	check_word("twice", GIT("rev-parse", "HEAD~2"));
}

static void a_name_that_begins_another_commit_is_refused(void **state)
{
	char first[COMMIT_ROOM], second[COMMIT_ROOM], part[8], full[40];
	char beginning[64];
	struct commit got;
	struct error err = { 0 };

	(void)state;
	snprintf(first, sizeof(first), "%s", GIT("rev-parse", "HEAD~2"));
	snprintf(second, sizeof(second), "%s", GIT("rev-parse", "HEAD~1"));
	snprintf(part, sizeof(part), "%.7s", first);
	snprintf(full, sizeof(full), "refs/heads/%s", part);
	GIT("branch", part, second);
	assert_error(commit_resolve(repo, part, &got, &err), err,
		     "has several meanings: refs/heads/");
	snprintf(beginning, sizeof(beginning), "the beginning of %.16s;",
		 first);
	assert_error(commit_resolve(repo, part, &got, &err), err, beginning);
	check_word(full, second);
	check_word(first, first);
	/* Both mean the same. */
	GIT("branch", "-f", part, first);
	check_word(part, first);
	GIT("branch", "-D", part);
	/* Hexadecimal digits that begin nothing. */
	snprintf(part, sizeof(part), "%.6s%c", first,
		 first[6] == '0' ? '1' : '0');
	GIT("branch", part, second);
	check_word(part, second);
	GIT("branch", "-D", part);
}

/* git reads a word in the order of refs/, tags, branches, remote branches and
 * the default branch of a remote. */
static void names_of_other_kinds_are_compared_too(void **state)
{
	char room[PATH_ROOM];
	struct commit got;
	struct error err = { 0 };

	(void)state;
	GIT("symbolic-ref", "refs/remotes/origin/HEAD",
	    "refs/remotes/origin/theirs");
	check_word("origin", GIT("rev-parse", "HEAD~1"));
	GIT("branch", "origin", "HEAD");
	assert_error(commit_resolve(repo, "origin", &got, &err), err,
		     "refs/heads/origin, refs/remotes/origin/HEAD");
	GIT("branch", "-D", "origin");
	GIT("branch", "heads/main", "HEAD~2");
	assert_error(commit_resolve(repo, "heads/main", &got, &err), err,
		     "refs/heads/main, refs/heads/heads/main");
	GIT("branch", "-D", "heads/main");
	assert_true(reference_named(repo, "main", room));
	assert_string_equal(room, "refs/heads/main");
	assert_false(reference_named(repo, "HEAD", room));
	assert_false(reference_named(repo, "main~1", room));
	assert_false(reference_named(root, "main", room));
}

/* Two commits whose SHA-1s begin with the same four digits: among some hundred
 * there are such. */
static void the_beginning_of_several_is_refused(void **state)
{
	static char seen[1 << 16];
	char message[16], word[8];
	struct commit got;
	struct error err = { 0 };
	long four = 0;

	(void)state;
	for (int i = 0; i < 2000 && seen[four] < 2; i++) {
		snprintf(message, sizeof(message), "%d", i);
		snprintf(word, sizeof(word), "%.4s",
			 GIT("commit-tree", "HEAD^{tree}", "-m", message));
		four = strtol(word, NULL, 16);
		seen[four]++;
	}
	assert_error(commit_resolve(repo, word, &got, &err), err,
		     "matches several objects; commits among them: ");
	assert_error(commit_resolve(repo, word, &got, &err), err, word);
}

static void the_same_files_have_the_same_tree(void **state)
{
	struct commit one, two;
	struct error err = { 0 };

	(void)state;
	assert_ok(commit_resolve(repo, "HEAD", &one, &err), err);
	GIT("commit", "-q", "--allow-empty", "-m", "again", "--date=@7 +0000");
	assert_ok(commit_resolve(repo, "HEAD", &two, &err), err);
	assert_string_equal(one.tree, two.tree);
	assert_string_not_equal(one.id, two.id);
	assert_true(two.time > 1700000000);
	GIT("reset", "-q", "--hard", "HEAD~1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_commit_ish_resolves),
		cmocka_unit_test(unknown_words_name_their_neighbours),
		cmocka_unit_test(a_worktree_leaves_the_clone_alone),
		cmocka_unit_test(a_name_of_several_is_refused),
		cmocka_unit_test(a_name_that_begins_another_commit_is_refused),
		cmocka_unit_test(names_of_other_kinds_are_compared_too),
		cmocka_unit_test(the_beginning_of_several_is_refused),
		cmocka_unit_test(the_same_files_have_the_same_tree),
	};

	return cmocka_run_group_tests(tests, make_repo, remove_repo);
}
