/* SPDX-License-Identifier: Apache-2.0 */
/* owner_test.c - whose clones are read: git's rule. */
#include "build-and-publish/owner.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "build-and-publish/git.h"
#include "test/support/repository.h"
#include "test/support/scratch.h"

enum { SOMEBODY = 4242 };

static bool is_safe(const char *clone, const char *const *values)
{
	struct safe_directories s = { .clone = clone };

	for (; *values; values++)
		safe_directory_take(&s, *values);
	return s.safe;
}
#define IS_SAFE(...)                                                           \
	is_safe("/srv/clone", (const char *[]){ __VA_ARGS__, NULL })

static void values_are_read_as_git_reads_them(void **state)
{
	struct safe_directories s = { 0 };
	char before[PATH_ROOM];

	assert_non_null(getcwd(before, sizeof(before)));
	(void)state;
	assert_true(IS_SAFE("*"));
	assert_true(IS_SAFE("/srv/clone"));
	assert_true(IS_SAFE("/srv/clone/"));
	assert_true(IS_SAFE("/srv/*"));
	assert_true(IS_SAFE("/*"));
	assert_true(IS_SAFE("/other", "/srv/clone"));
	assert_true(IS_SAFE("", "/srv/clone"));
	assert_false(IS_SAFE("/srv"));
	assert_false(IS_SAFE("/srv/clon"));
	assert_false(IS_SAFE("/srv/clone/*"));
	assert_false(IS_SAFE("/srv/cl*"));
	/* An empty value forgets those before it. */
	assert_false(IS_SAFE("*", ""));
	setenv("HOME", "/srv", 1);
	assert_true(IS_SAFE("~/clone"));
	assert_true(IS_SAFE("~/*"));
	assert_false(IS_SAFE("~/other"));
	/* Relative to whatever directory: only "." counts. */
	assert_int_equal(chdir("/usr"), 0);
	s.clone = "/usr/bin";
	safe_directory_take(&s, "bin");
	assert_false(s.safe);
	s.clone = "/usr";
	safe_directory_take(&s, ".");
	assert_true(s.safe);
	assert_int_equal(chdir(before), 0);
}

static void values_of_the_environment_come_last(void **state)
{
	struct safe_directories s = { .clone = "/srv/clone" };

	(void)state;
	setenv("GIT_CONFIG_COUNT", "2", 1);
	setenv("GIT_CONFIG_KEY_0", "user.name", 1);
	setenv("GIT_CONFIG_VALUE_0", "*", 1);
	setenv("GIT_CONFIG_KEY_1", "Safe.Directory", 1);
	setenv("GIT_CONFIG_VALUE_1", "/srv/clone", 1);
	safe_directory_take_environment(&s);
	assert_true(s.safe);
	setenv("GIT_CONFIG_COUNT", "1", 1);
	s.safe = false;
	safe_directory_take_environment(&s);
	assert_false(s.safe);
}

static void give_away(struct scratch *at, const char *name)
{
	char path[PATH_ROOM];

	assert_int_equal(
		chown(path_join(path, at->dir, name), SOMEBODY, SOMEBODY), 0);
}

/* Whether a clone of somebody else, ~/.gitconfig with these lines, is read. */
static int open_with(struct scratch *at, const char *config)
{
	struct commit commit;
	char path[PATH_ROOM];

	scratch_write(at, "config", config);
	setenv("GIT_CONFIG_GLOBAL", path_join(path, at->dir, "config"), 1);
	path_join(path, at->dir, "clone");
	return commit_resolve(path, "v1", &commit, &at->err);
}

static void clones_of_others_are_read_where_git_reads_them(void **state)
{
	struct scratch *at = *state;
	char path[PATH_ROOM], text[PATH_ROOM + 200];

	if (geteuid())
		skip();
	git_set_up();
	git_make(path_join(path, at->dir, "clone"));
	assert_ok(open_with(at, ""), at->err);
	give_away(at, "clone");
	snprintf(text, sizeof(text),
		 "clone belongs to another user (uid %d); if you trust it, run "
		 "`git config --global --add safe.directory %s/clone`",
		 SOMEBODY, at->dir);
	assert_error(open_with(at, ""), at->err, text);
	assert_error(open_with(at, "[safe]\ndirectory = /other\n"), at->err,
		     text);
	assert_ok(open_with(at, "[safe]\ndirectory = *\n"), at->err);
	snprintf(text, sizeof(text), "[safe]\ndirectory = %s/clone\n", at->dir);
	assert_ok(open_with(at, text), at->err);
	/* A clone cannot vouch for itself. */
	GIT_IN(path, "-c", "safe.directory=*", "config", "safe.directory", "*");
	assert_error(open_with(at, ""), at->err, "belongs to another user");
	/* Nor may its repository alone be somebody's. */
	assert_int_equal(chown(path, geteuid(), getegid()), 0);
	assert_ok(open_with(at, ""), at->err);
	give_away(at, "clone/.git");
	assert_error(open_with(at, ""), at->err, "belongs to another user");
	/* Under sudo, the clone of who called it. */
	setenv("SUDO_UID", "4242", 1);
	assert_ok(open_with(at, ""), at->err);
	setenv("SUDO_UID", "4243", 1);
	assert_error(open_with(at, ""), at->err, "belongs to another user");
	unsetenv("SUDO_UID");
}

static void a_clone_around_of_another_is_told(void **state)
{
	struct scratch *at = *state;
	char path[PATH_ROOM], room[PATH_ROOM];

	git_set_up();
	git_make(path_join(path, at->dir, "clone"));
	assert_int_equal(clone_find(at->dir, room, &at->err), 0);
	assert_int_equal(clone_find(path, room, &at->err), 1);
	assert_string_equal(room, path);
	if (geteuid())
		skip();
	give_away(at, "clone");
	assert_error(clone_find(path, room, &at->err), at->err,
		     "belongs to another user (uid 4242)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_read_as_git_reads_them),
		cmocka_unit_test(values_of_the_environment_come_last),
		SCRATCH_TEST(clones_of_others_are_read_where_git_reads_them),
		SCRATCH_TEST(a_clone_around_of_another_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
