/* SPDX-License-Identifier: Apache-2.0 */
/* git.h - a commit-ish becomes a commit, a commit becomes a worktree. */
#ifndef BUILD_GIT_H
#define BUILD_GIT_H

#include "base/error.h"

enum { COMMIT_ROOM = 41 };

/*
 * What `word` means in the clone at `repo`: a branch, remote branch, tag,
 * SHA-1 (also short), HEAD~2 … peeled to a commit. Errors: ERROR_INPUT; an
 * unknown word's names those that look most like it.
 */
int commit_resolve(const char *repo, const char *word, char ret[COMMIT_ROOM],
		   struct error *err);

/*
 * Fills the directory `dir` (empty, or made here) with the files of `commit`,
 * HEAD detached at it. It is a repository of its own that borrows the clone's
 * objects (objects/info/alternates): the clone is only read, so there is
 * nothing to prune in it, several worktrees do not meet, and tools that ask
 * for the commit find a plain .git. Removing `dir` undoes all.
 */
int worktree_make(const char *repo, const char *commit, const char *dir,
		  struct error *err);

#endif
