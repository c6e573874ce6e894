/* SPDX-License-Identifier: Apache-2.0 */
/* git.h - resolves a commit-ish to a commit. */
#ifndef BUILD_GIT_H
#define BUILD_GIT_H

#include <stdbool.h>

#include "base/error.h"
#include "build-and-publish/clone.h"
#include "sys/file.h"

/*
 * Resolves `word` in the clone at `repo`: a branch, remote branch, tag, SHA-1
 * (also a short one), HEAD~2 … peeled to a commit. Errors: ERROR_INPUT. For an
 * unknown word, the error has the most similar names. For a word that means
 * several commits (a tag and a branch, a branch that is also the beginning of
 * another commit), the error names all of them.
 */
int commit_resolve(const char *repo, const char *word, struct commit *ret,
		   struct error *err);

/* The full name of the tag or branch `word` ("refs/heads/x") of the clone;
 * false: it has none. */
bool reference_named(const char *repo, const char *word, char room[PATH_ROOM]);

#endif
