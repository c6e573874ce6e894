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
 * Whoever makes one locks it (flock) for as long as it is in use. The kernel
 * takes the lock away with the process, however that ends.
 */

/* A descriptor that holds the claim until it is closed, or -1 and the error. */
int claim_take(const char *dir, struct error *err);

/* The right to build, which one process has at a time: 1 and a descriptor that
 * holds it until it is closed, 0: another process has it. */
int claim_lock(const char *cache, int *ret_fd, struct error *err);

/* Marks a worktree that stays. */
void claim_keep(const char *worktree);

/* In a work directory: the name that the base has for this build alone. */
#define CLAIM_BASE_NAME "base-name"
/* In the environment of each command of a build: its work directory. */
#define CLAIM_ENV "MEDLEY_WORK"

/* Ends the processes of dead builds, removes their directories, working
 * containers and names of images. What cannot be removed stays. */
void stale_remove(const char *cache);

/* Ends what a build's commands left running, removes its working container,
 * the name of its base and its work directory; that one stays, for
 * stale_remove(), while the name does. */
void work_remove(const char *dir);

#endif
