/* SPDX-License-Identifier: Apache-2.0 */
/* claim.h - temporary directories, locked while they are in use. */
#ifndef BUILD_CLAIM_H
#define BUILD_CLAIM_H

#include "base/error.h"

/*
 * <cache>/work-XXXXXX	files of a build, while it runs
 * <cache>/worktrees/<commit>-XXXXXX	a commit's files; beside it, "….kept"
 *			when its build failed and it stays for a look
 *
 * The process that makes such a directory locks it (flock) while it is in use.
 * The kernel releases the lock when the process ends, in whatever way.
 */

/* A descriptor that holds the claim until it is closed, or -1 and the error. */
int claim_take(const char *dir, struct error *err);

/* The lock that a process needs to build: only one process can have it. 1 and a
 * descriptor, which holds the lock until it is closed; 0: another process has
 * the lock. */
int claim_lock(const char *cache, int *ret_fd, struct error *err);

/* Marks a worktree that is not to be removed. */
void claim_keep(const char *worktree);

/* In a work directory: the name that the base has for this build alone. */
#define CLAIM_BASE_NAME "base-name"
/* In the environment of each command of a build: its work directory. */
#define CLAIM_ENV "MEDLEY_WORK"

/* Cleans up after builds whose process is gone: ends their other processes, and
 * removes their directories, working containers and names of images. Leaves
 * what it cannot remove. */
void stale_remove(const char *cache);

/* Ends the processes that a build's commands left, and removes the build's
 * working container, the name of its base and its work directory. If the name
 * cannot be removed, the directory stays, so that stale_remove() finds it. */
void work_remove(const char *dir);

#endif
