/* SPDX-License-Identifier: Apache-2.0 */
/* worktree_test.c - worktrees of clones as git leaves them: borrowed objects,
 * submodules and large files wherever git keeps them. */
#include "build-and-publish/worktree.h"
#include "build-and-publish/lfs.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "build-and-publish/git.h"
#include "test/support/repository.h"
#include "test/support/scratch.h"

/* libgit2 before 1.6 does not free what it asked libpcre2 for where a regular
 * expression does not match (its #6382): git_submodule_foreach() leaks that for
 * settings of .gitmodules. Nothing of ours calls libpcre2. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libpcre2-8.so\n";
}

struct story {
	struct scratch at;
	char clone[PATH_ROOM]; /* where builds are asked for */
	char dir[PATH_ROOM]; /* of the worktree */
};

static const char *place(struct story *s, const char *name)
{
	return arena_printf(&s->at.arena, "%s/%s", s->at.dir, name);
}

static int set_up(void **state)
{
	struct story *s = scratch_begin(sizeof(*s));

	git_set_up();
	path_join(s->clone, s->at.dir, "clone");
	path_join(s->dir, s->at.dir, "worktree");
	git_make(place(s, "plain"));
	*state = s;
	return 0;
}

/* A worktree of the word; -1 and the error. */
static int make(struct story *s, const char *word)
{
	struct commit commit;

	dir_remove(s->dir, NULL);
	if (commit_resolve(s->clone, word, &commit, &s->at.err) < 0)
		return -1;
	return worktree_make(s->clone, commit.id, s->dir, &s->at.err);
}

static void check_file(struct story *s, const char *name, const char *want)
{
	cleanup(buf_release) struct buf text = BUF_INIT(1000);
	char path[PATH_ROOM];

	assert_ok(file_read(path_join(path, s->dir, name), &text, &s->at.err),
		  s->at.err);
	assert_string_equal(buf_text(&text), want);
}

static void check_no_file(struct story *s, const char *name)
{
	char path[PATH_ROOM];

	assert_false(file_exists(path_join(path, s->dir, name)));
}

static void check_made(struct story *s, const char *word)
{
	assert_ok(make(s, word), s->at.err);
	check_file(s, "file", "one");
	/* git itself sees a clean tree. */
	assert_string_equal(GIT_IN(s->dir, "status", "--porcelain"), "");
}

static void put(struct story *s, const char *name, const char *text)
{
	scratch_write(&s->at, name, text);
}

/* ---- borrowed objects ---- */

static void objects_are_borrowed_by_a_relative_path(void **state)
{
	struct story *s = *state;

	GIT_IN(s->at.dir, "clone", "-q", "--shared", "plain", "clone");
	put(s, "clone/.git/objects/info/alternates",
	    "../../../plain/.git/objects\n");
	check_made(s, "v1");
	/* Two deep, and not from the current directory. */
	GIT_IN(s->at.dir, "clone", "-q", "--shared", "clone", "second");
	put(s, "second/.git/objects/info/alternates",
	    "# of a pool\n\"../../../clone/.git/objects\"\n");
	path_join(s->clone, s->at.dir, "second");
	check_made(s, "v1");
}

static void objects_that_are_gone_are_named(void **state)
{
	struct story *s = *state;

	GIT_IN(s->at.dir, "clone", "-q", "--shared", "plain", "clone");
	GIT_IN(s->at.dir, "-C", "clone", "branch", "mine");
	assert_int_equal(rename(place(s, "plain"), place(s, "moved")), 0);
	assert_error(make(s, "v1"), s->at.err,
		     "has refs/tags/v1, but not its commit: the clone uses the "
		     "objects of ");
	assert_error(make(s, "v1"), s->at.err,
		     "plain/.git/objects, which does not exist");
	assert_error(make(s, "nothing"), s->at.err,
		     "plain/.git/objects, which does not exist");
}

static void a_commit_that_is_gone_is_told_from_a_name_that_is(void **state)
{
	struct story *s = *state;
	char id[COMMIT_ROOM];

	GIT_IN(s->at.dir, "clone", "-q", "plain", "clone");
	snprintf(id, sizeof(id), "%s", GIT_IN(s->clone, "rev-parse", "v1"));
	assert_int_equal(
		unlink(place(s, arena_printf(&s->at.arena,
					     "clone/.git/objects/%.2s/%s", id,
					     id + 2))),
		0);
	assert_error(make(s, "v1"), s->at.err,
		     "has refs/tags/v1, but not its commit: `git -C ");
}

/* ---- extensions, partial clones ---- */

static void extensions_that_do_not_matter_are_passed_over(void **state)
{
	static const char *const names[] = { "extensions.worktreeConfig",
					     "extensions.preciousObjects",
					     "extensions.relativeWorktrees" };
	struct story *s = *state;

	GIT_IN(s->at.dir, "clone", "-q", "plain", "clone");
	GIT_IN(s->clone, "config", "core.repositoryFormatVersion", "1");
	/* git of this machine may know fewer than the file may have. */
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		GIT_IN(s->at.dir, "config", "-f", "clone/.git/config", names[i],
		       "true");
	check_made(s, "v1");
}

static void extensions_that_matter_are_told(void **state)
{
	struct story *s = *state;

	GIT_IN(s->at.dir, "clone", "-q", "plain", "clone");
	GIT_IN(s->clone, "config", "core.repositoryFormatVersion", "1");
	GIT_IN(s->at.dir, "config", "-f", "clone/.git/config",
	       "extensions.refStorage", "reftable");
	assert_error(make(s, "v1"), s->at.err,
		     "run `git clone --mirror --ref-format=files ");
	GIT_IN(s->at.dir, "config", "-f", "clone/.git/config", "--unset",
	       "extensions.refStorage");
	GIT_IN(s->at.dir, "config", "-f", "clone/.git/config",
	       "extensions.somethingNew", "1");
	assert_error(make(s, "v1"), s->at.err,
		     "extensions.somethingnew, which medley cannot read: run "
		     "`git clone --mirror ");
	GIT_IN(s->at.dir, "init", "-q", "--object-format=sha256", "long");
	path_join(s->clone, s->at.dir, "long");
	assert_error(make(s, "HEAD"), s->at.err, "SHA-256");
}

static void clones_of_parts_are_built(void **state)
{
	struct story *s = *state;
	const char *url = place(s, "plain");

	GIT_IN(url, "config", "uploadpack.allowFilter", "true");
	url = arena_printf(&s->at.arena, "file://%s", url);
	GIT_IN(s->at.dir, "clone", "-q", "--filter=blob:none", "--sparse", url,
	       "clone");
	check_made(s, "v1");
	path_join(s->clone, s->at.dir, "nothing yet");
	GIT_IN(s->at.dir, "clone", "-q", "--filter=blob:none", "--no-checkout",
	       url, s->clone);
	assert_error(make(s, "v1"), s->at.err, "the clone is partial");
	assert_error(make(s, "v1"), s->at.err, "nothing yet' archive ");
	GIT_IN(s->clone, "archive", "-o", place(s, "unused.tar"), "v1");
	check_made(s, "v1");
}

/* ---- submodules ---- */

/* The clone has a submodule "part" at libs/part, tagged v1. */
static void make_super(struct story *s, const char *dir)
{
	git_make(dir);
	GIT_IN(dir, "submodule", "--quiet", "add", "--name", "part",
	       place(s, "plain"), "libs/part");
	GIT_IN(dir, "commit", "-q", "-m", "submodule");
	GIT_IN(dir, "tag", "-f", "v1");
}

static void submodules_come_from_the_clone(void **state)
{
	struct story *s = *state;

	make_super(s, s->clone);
	check_made(s, "v1");
	check_file(s, "libs/part/file", "one");
	/* Also of the clone, when it was only filled in another worktree. */
	assert_int_equal(rename(place(s, "clone"), place(s, "super")), 0);
	GIT_IN(s->at.dir, "clone", "-q", "super", "clone");
	assert_error(make(s, "v1"), s->at.err,
		     "submodule part is not in the clone: run `git -C ");
	assert_null(strstr(s->at.err.text, "checkout"));
	GIT_IN(s->clone, "worktree", "add", "-q", "../linked", "v1");
	GIT_IN(place(s, "linked"), "submodule", "--quiet", "update", "--init");
	check_made(s, "v1");
	check_file(s, "libs/part/file", "one");
}

static void submodules_of_another_commit_are_told(void **state)
{
	struct story *s = *state;

	make_super(s, place(s, "super"));
	GIT_IN(s->at.dir, "clone", "-q", "super", "clone");
	GIT_IN(s->clone, "rm", "-q", "libs/part", ".gitmodules");
	GIT_IN(s->clone, "commit", "-q", "-m", "without");
	assert_error(make(s, "v1"), s->at.err, "clone checkout ");
	assert_ok(make(s, "HEAD"), s->at.err);
	GIT_IN(s->at.dir, "clone", "-q", "--bare", "super", "bare");
	path_join(s->clone, s->at.dir, "bare");
	assert_error(make(s, "v1"), s->at.err,
		     "a bare clone has no submodules");
}

static void submodules_of_a_linked_worktree_are_found(void **state)
{
	struct story *s = *state;

	make_super(s, place(s, "super"));
	GIT_IN(s->at.dir, "clone", "-q", "super", "main");
	GIT_IN(place(s, "main"), "worktree", "add", "-q", "../clone", "v1");
	GIT_IN(s->clone, "submodule", "--quiet", "update", "--init",
	       "--recursive");
	check_made(s, "v1");
	check_file(s, "libs/part/file", "one");
}

static void a_repository_inside_a_submodule_is_found(void **state)
{
	struct story *s = *state;

	git_make(s->clone);
	GIT_IN(s->clone, "clone", "-q", place(s, "plain"), "old");
	GIT_IN(s->clone, "submodule", "--quiet", "add", place(s, "plain"),
	       "old");
	GIT_IN(s->clone, "commit", "-q", "-m", "embedded");
	check_made(s, "HEAD");
	check_file(s, "old/file", "one");
}

static void unwanted_submodules_stay_empty(void **state)
{
	struct story *s = *state;

	make_super(s, place(s, "super"));
	GIT_IN(s->at.dir, "clone", "-q", "super", "clone");
	GIT_IN(s->clone, "config", "submodule.part.update", "none");
	check_made(s, "v1");
	check_no_file(s, "libs/part/file");
	GIT_IN(s->clone, "config", "--unset", "submodule.part.update");
	GIT_IN(s->clone, "config", "submodule.part.active", "false");
	check_made(s, "v1");
	GIT_IN(s->clone, "config", "--unset", "submodule.part.active");
	GIT_IN(s->clone, "config", "submodule.active", "other/*");
	check_made(s, "v1");
	GIT_IN(s->clone, "config", "submodule.active", "libs/*");
	assert_error(make(s, "v1"), s->at.err, "submodule part is not in");
	GIT_IN(s->clone, "config", "-f", ".gitmodules", "submodule.part.update",
	       "none");
	GIT_IN(s->clone, "commit", "-q", "-a", "-m", "none");
	check_made(s, "HEAD");
	check_no_file(s, "libs/part/file");
	/* The clone's own setting comes first. */
	GIT_IN(s->clone, "config", "submodule.part.update", "checkout");
	assert_error(make(s, "HEAD"), s->at.err, "submodule part is not in");
}

/* ---- large files ---- */

static const char oid[] = "aabb0000000000000000000000000000"
			  "00000000000000000000000000000001";

static void make_large(struct story *s)
{
	char text[300], longest[LFS_POINTER_MAX + 1] = "";

	memset(longest, 'x', LFS_POINTER_MAX);
	snprintf(text, sizeof(text),
		 "version https://git-lfs.github.com/spec/v1\n"
		 "oid sha256:%s\nsize 5\n",
		 oid);
	GIT_IN(s->at.dir, "clone", "-q", "plain", "clone");
	git_commit(s->clone, "large", text);
	/* It only looks like one. */
	check_made(s, "HEAD");
	/* As long as a pointer may be. */
	git_commit(s->clone, "as-long", longest);
	git_commit(s->clone, ".gitattributes", "large filter=lfs\n");
}

static void put_large(struct story *s, const char *store)
{
	const char *dir = arena_printf(&s->at.arena, "%s/%s/objects/aa/bb",
				       s->at.dir, store);

	assert_ok(dir_make(dir, 0755, &s->at.err), s->at.err);
	assert_ok(file_write(arena_printf(&s->at.arena, "%s/%s", dir, oid),
			     "large", 5, 0600, &s->at.err),
		  s->at.err);
}

static void check_large(struct story *s)
{
	assert_ok(make(s, "HEAD"), s->at.err);
	check_file(s, "large", "large");
}

static void large_files_come_from_the_clone(void **state)
{
	struct story *s = *state;

	make_large(s);
	assert_error(make(s, "HEAD"), s->at.err,
		     "1 file of Git LFS is not in the clone, such as large: "
		     "run `git -C ");
	put_large(s, "clone/.git/lfs");
	check_large(s);
}

static void large_files_come_from_the_place_that_is_set(void **state)
{
	struct story *s = *state;

	make_large(s);
	put_large(s, "elsewhere");
	GIT_IN(s->clone, "config", "lfs.storage", place(s, "elsewhere"));
	check_large(s);
	/* Relative to the common directory, also in a linked worktree. */
	put_large(s, "clone/.git/beside");
	GIT_IN(s->clone, "config", "lfs.storage", "beside");
	check_large(s);
	GIT_IN(s->clone, "worktree", "add", "-q", "../linked", "HEAD");
	path_join(s->clone, s->at.dir, "linked");
	check_large(s);
}

static void large_files_come_from_beside_borrowed_objects(void **state)
{
	struct story *s = *state;

	make_large(s);
	put_large(s, "clone/.git/lfs");
	GIT_IN(s->at.dir, "clone", "-q", "--shared", "--no-checkout", "clone",
	       "shared");
	path_join(s->clone, s->at.dir, "shared");
	check_large(s);
}

int main(void)
{
#define STORY(t) cmocka_unit_test_setup_teardown(t, set_up, scratch_end)
	const struct CMUnitTest tests[] = {
		STORY(objects_are_borrowed_by_a_relative_path),
		STORY(objects_that_are_gone_are_named),
		STORY(a_commit_that_is_gone_is_told_from_a_name_that_is),
		STORY(extensions_that_do_not_matter_are_passed_over),
		STORY(extensions_that_matter_are_told),
		STORY(clones_of_parts_are_built),
		STORY(submodules_come_from_the_clone),
		STORY(submodules_of_another_commit_are_told),
		STORY(submodules_of_a_linked_worktree_are_found),
		STORY(a_repository_inside_a_submodule_is_found),
		STORY(unwanted_submodules_stay_empty),
		STORY(large_files_come_from_the_clone),
		STORY(large_files_come_from_the_place_that_is_set),
		STORY(large_files_come_from_beside_borrowed_objects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
