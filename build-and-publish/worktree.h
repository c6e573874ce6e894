/* SPDX-License-Identifier: Apache-2.0 */
/* worktree.h - makes a worktree of a commit. */
#ifndef BUILD_WORKTREE_H
#define BUILD_WORKTREE_H

#include "base/error.h"

/*
 * Fills the directory `dir` (empty, or made here) with the files of `commit`,
 * HEAD detached at it. It is a separate repository that uses the objects of the
 * clone (by objects/info/alternates, with those that the clone uses from
 * others). The clone is only read, so nothing has to be pruned there, several
 * worktrees do not disturb each other, and tools that ask for the commit find
 * an ordinary .git. To undo everything, remove `dir`.
 *
 * Submodules are taken from the places where git keeps them: modules/ of the
 * linked worktree, of the clone, or of its other worktrees, or a .git in the
 * submodule's directory. The directory of a submodule stays empty if the
 * submodule has "update = none" or is not active by the clone's settings. Files
 * of Git LFS are taken from lfs.storage or lfs/ of the clone, and from lfs/
 * beside the objects that the clone uses from others.
 *
 * Never contacts a remote: ERROR_BUILD names what is missing and the command
 * that fetches it.
 */
int worktree_make(const char *repo, const char *commit, const char *dir,
		  struct error *err);

#endif
