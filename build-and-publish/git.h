/* SPDX-License-Identifier: Apache-2.0 */
/* git.h - a commit-ish becomes a commit, a commit becomes a worktree. */
#ifndef BUILD_GIT_H
#define BUILD_GIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "sys/file.h"

enum { COMMIT_ROOM = 41 };

struct commit {
	char id[COMMIT_ROOM]; /* SHA-1, hex */
	char tree[COMMIT_ROOM]; /* of its files: the same files, the same id */
	int64_t time; /* of the commit, seconds since 1970 */
};

/*
 * What `word` means in the clone at `repo`: a branch, remote branch, tag,
 * SHA-1 (also short), HEAD~2 … peeled to a commit. Errors: ERROR_INPUT; those
 * of an unknown word name what looks most like it, those of a word that means
 * several commits (a tag and a branch, a branch that is also the beginning of
 * another commit) name them.
 */
int commit_resolve(const char *repo, const char *word, struct commit *ret,
		   struct error *err);

/* The full name of the tag or branch `word` ("refs/heads/x") of the clone;
 * false: it has none. */
bool reference_named(const char *repo, const char *word, char room[PATH_ROOM]);

/* The repository whose files `dir` is among; ERROR_INPUT when there is none. */
int repository_around(const char *dir, char room[PATH_ROOM], struct error *err);

/*
 * Fills the directory `dir` (empty, or made here) with the files of `commit`,
 * HEAD detached at it. It is a repository of its own that borrows the clone's
 * objects (objects/info/alternates): the clone is only read, so there is
 * nothing to prune in it, several worktrees do not meet, and tools that ask
 * for the commit find a plain .git. Removing `dir` undoes all.
 *
 * Submodules come from the clone's own modules/, Git LFS's files from its
 * lfs/objects/. ERROR_BUILD names what is not there and how to bring it: this
 * never asks a remote.
 */
int worktree_make(const char *repo, const char *commit, const char *dir,
		  struct error *err);

#endif
