/* SPDX-License-Identifier: Apache-2.0 */
/* claim.c - temporary directories, locked while they are in use. */
#include "build-and-publish/claim.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/file.h"
#include "sys/process.h"

enum { TIDY_SECONDS = 30, ENVIRON_MAX = 1024 * 1024, NAME_MAX_LEN = 1024 };

int claim_take(const char *dir, struct error *err)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) < 0) {
		error_errno(err, ERROR_INTERNAL, errno, "%s", dir);
		closep(&fd);
		return -1;
	}
	return fd;
}

int claim_lock(const char *cache, int *ret_fd, struct error *err)
{
	char path[PATH_ROOM];
	int rc;

	rc = file_lock(path_join(path, cache, "lock"), false, ret_fd, err);
	if (rc < 0 && err)
		err->kind = ERROR_BUILD;
	return rc;
}

void claim_keep(const char *worktree)
{
	char path[PATH_ROOM];

	file_write(path_printf(path, "%s.kept", worktree), "", 0, 0600, NULL);
}

static int run(const char *const *argv)
{
	const struct process_spec spec = { .argv = argv,
					   .environment = ENVIRONMENT_LOGIN,
					   .seconds = TIDY_SECONDS };

	return process_run(&spec, NULL, NULL);
}

/* Failures do not matter; whether the name is still there does. */
static bool base_name_removed(const char *name)
{
	const char *last = strrchr(name, '/');
	char container[NAME_MAX_LEN];

	/* buildah names its container after the image it starts from. */
	snprintf(container, sizeof(container), "%s-working-container",
		 last ? last + 1 : name);
	run((const char *[]){ "buildah", "rm", container, NULL });
	/* With one argument, untag would take all names of the image. */
	run((const char *[]){ "podman", "untag", name, name, NULL });
	return run((const char *[]){ "podman", "image", "exists", name,
				     NULL }) < 0;
}

static bool has_variable(const struct buf *environment, const char *variable)
{
	const char *at = buf_text(environment), *end = at + environment->len;

	for (; at < end; at += strlen(at) + 1)
		if (!strcmp(at, variable))
			return true;
	return false;
}

/* A killed medley takes the programs that it started with it, but not what
 * those started. */
static int end_process(const char *name, void *ctx)
{
	cleanup(buf_release) struct buf environment = BUF_INIT(ENVIRON_MAX);
	char path[PATH_ROOM];
	pid_t pid = isdigit((unsigned char)name[0]) ? (pid_t)atoi(name) : 0;

	if (pid <= 1 || pid == getpid())
		return 0;
	path_printf(path, "/proc/%s/environ", name);
	if (file_read(path, &environment, NULL) == 0 &&
	    has_variable(&environment, ctx))
		kill(pid, SIGKILL);
	return 0;
}

/* Of a build without root, files of subordinate ids may be left, which the user
 * may remove as root of a user namespace only. */
static void remove_files(const char *dir)
{
	if (dir_remove(dir, NULL) < 0 && geteuid())
		run((const char *[]){ "buildah", "unshare", "--", "rm", "-rf",
				      "--one-file-system", "--", dir, NULL });
}

void work_remove(const char *dir)
{
	cleanup(buf_release) struct buf base = BUF_INIT(NAME_MAX_LEN);
	char path[PATH_ROOM], variable[PATH_ROOM];

	path_printf(variable, CLAIM_ENV "=%s", dir);
	dir_each("/proc", end_process, variable, NULL);
	path_join(path, dir, CLAIM_BASE_NAME);
	if (file_exists(path) && file_read(path, &base, NULL) == 0 &&
	    !base_name_removed(buf_text(&base)))
		return;
	remove_files(dir);
}

static int stale_work(const char *name, void *ctx)
{
	cleanup(closep) int fd = -1;
	char dir[PATH_ROOM];

	if (strncmp(name, "work-", 5) != 0)
		return 0;
	fd = claim_take(path_join(dir, ctx, name), NULL);
	if (fd >= 0)
		work_remove(dir);
	return 0;
}

static int stale_worktree(const char *name, void *ctx)
{
	static const char kept[] = ".kept";
	cleanup(closep) int fd = -1;
	size_t len = strlen(name), tail = sizeof(kept) - 1;
	char path[PATH_ROOM], other[PATH_ROOM];

	path_join(path, ctx, name);
	if (len > tail && !strcmp(name + len - tail, kept)) {
		/* The user took the worktree away. */
		path_printf(other, "%.*s", (int)(strlen(path) - tail), path);
		if (!file_exists(other))
			unlink(path);
		return 0;
	}
	if (file_exists(path_printf(other, "%s%s", path, kept)))
		return 0;
	fd = claim_take(path, NULL);
	if (fd >= 0)
		dir_remove(path, NULL);
	return 0;
}

void stale_remove(const char *cache)
{
	char worktrees[PATH_ROOM];

	dir_each(cache, stale_work, (void *)cache, NULL);
	path_join(worktrees, cache, "worktrees");
	if (file_exists(worktrees))
		dir_each(worktrees, stale_worktree, worktrees, NULL);
}
