/* SPDX-License-Identifier: Apache-2.0 */
/* claim.h - temporary directories that tell whether their maker still lives. */
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

/* Marks a worktree that stays. */
void claim_keep(const char *worktree);

/* In a work directory: the name that the base has for this build alone. */
#define CLAIM_BASE_NAME "base-name"
/* In the environment of each command of a build: its work directory. */
#define CLAIM_ENV "MEDLEY_WORK"

/* Ends the processes of dead builds, removes their directories, working
 * containers and names of images. What cannot be removed stays. */
void stale_remove(const char *cache);

/* Removes the working container that stands on the image named `base_name`,
 * and that name. */
void base_name_remove(const char *base_name);

#endif
