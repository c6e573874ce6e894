/* SPDX-License-Identifier: Apache-2.0 */
/* trusted_kubeconfig_test.c - which kubeconfig of a run's naming is read. */
#include "engine/kubernetes/trusted_kubeconfig.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "test/support/scratch.h"

struct story {
	struct scratch at;
	char path[PATH_ROOM]; /* of the last file that was put there */
};

static int set_up(void **state)
{
	*state = scratch_begin(sizeof(struct story));
	return 0;
}

static const char *put(struct story *s, const char *name, mode_t mode)
{
	char dir[PATH_ROOM], *slash;

	path_join(s->path, s->at.dir, name);
	path_printf(dir, "%s", s->path);
	slash = strrchr(dir, '/');
	*slash = 0;
	assert_ok(dir_make(dir, 0700, &s->at.err), s->at.err);
	assert_ok(file_write(s->path, "x", 1, 0600, &s->at.err), s->at.err);
	assert_int_equal(chmod(s->path, mode), 0);
	return s->path;
}

static void refused(struct story *s, const char *list, const char *why)
{
	cleanup(buf_release) struct buf out = BUF_INIT(PATH_ROOM * 4);

	assert_error(trusted_kubeconfig(list, &out, &s->at.err), s->at.err,
		     why);
	assert_int_equal(s->at.err.kind, ERROR_INPUT);
}

static void accepted(struct story *s, const char *list)
{
	cleanup(buf_release) struct buf out = BUF_INIT(PATH_ROOM * 4);

	assert_ok(trusted_kubeconfig(list, &out, &s->at.err), s->at.err);
}

static void ones_own_file_is_read(void **state)
{
	struct story *s = *state;
	cleanup(buf_release) struct buf out = BUF_INIT(PATH_ROOM * 4);
	char list[3 * PATH_ROOM];

	put(s, "home/config", 0644);
	snprintf(list, sizeof(list), "%s:/no/such:%s", s->path, s->path);
	assert_ok(trusted_kubeconfig(list, &out, &s->at.err), s->at.err);
	snprintf(list, sizeof(list), "%s:%s", s->path, s->path);
	assert_string_equal(buf_text(&out), list);
	refused(s, "/no/such:", "does not exist");
	refused(s, "home/config", "is not an absolute path");
}

static void what_others_have_or_write_is_not(void **state)
{
	struct story *s = *state;
	char dir[PATH_ROOM];

	refused(s, put(s, "a", 0620), "can be written by other users");
	refused(s, put(s, "b", 0602), "can be written by other users");
	refused(s, s->at.dir, "is not a file");
	put(s, "open/sub/config", 0600);
	path_join(dir, s->at.dir, "open");
	assert_int_equal(chmod(dir, 0777), 0);
	refused(s, s->path, "in a directory that other users can write");
	assert_int_equal(chmod(dir, 01777), 0);
	accepted(s, s->path);
	if (geteuid())
		return;
	put(s, "c", 0600);
	assert_int_equal(chown(s->path, 65534, 0), 0);
	refused(s, s->path, "belongs to another user");
}

static void nothing_inside_a_run_is_read(void **state)
{
	struct story *s = *state;
	char link[PATH_ROOM];

	put(s, "runs/one/network.resolved.yaml", 0600);
	refused(s, put(s, "runs/one/engine/x/config", 0600), "inside the");
	path_join(link, s->at.dir, "link");
	assert_int_equal(symlink(s->path, link), 0);
	refused(s, link, "is inside the directory of a run");
	/* Another run than the one that names it. */
	put(s, "two/inventory.jsonl", 0600);
	refused(s, put(s, "two/config", 0600), "is inside the");
	accepted(s, put(s, "runs/config", 0600));
}

#define STORY(t) cmocka_unit_test_setup_teardown(t, set_up, scratch_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(ones_own_file_is_read),
		STORY(what_others_have_or_write_is_not),
		STORY(nothing_inside_a_run_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
