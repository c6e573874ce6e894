/* SPDX-License-Identifier: Apache-2.0 */
/* worktree.h - makes a worktree of a commit. */
#ifndef BUILD_WORKTREE_H
#define BUILD_WORKTREE_H

#include "base/error.h"

/*
 * Fills the directory `dir` (empty, or made here) with the files of `commit`,
 * HEAD detached at it. It is a repository of its own that borrows the clone's
 * objects (objects/info/alternates, with all that the clone borrows itself):
 * the clone is only read, so there is nothing to prune in it, several worktrees
 * do not meet, and tools that ask for the commit find a plain .git. Removing
 * `dir` undoes all.
 *
 * Submodules come from wherever git keeps them: modules/ of the worktree that
 * the clone is, of the clone, of its other worktrees, or a .git in the
 * submodule's own directory. One with "update = none" stays empty, as does one
 * that the clone's settings say is not active. Git LFS's files come from
 * lfs.storage, or lfs/ of the clone, and lfs/ beside the objects it borrows.
 *
 * ERROR_BUILD names what is not there and how to bring it: this never asks a
 * remote.
 */
int worktree_make(const char *repo, const char *commit, const char *dir,
		  struct error *err);

#endif
