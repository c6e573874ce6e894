/* SPDX-License-Identifier: Apache-2.0 */
/* clone_git2.h - libgit2, which only the files of a clone include. */
#ifndef BUILD_CLONE_GIT2_H
#define BUILD_CLONE_GIT2_H

#include <git2.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "build-and-publish/clone.h"

struct clone {
	git_repository *repo;
	struct arena arena;
	const char *files, *git_dir, *common_dir, *place;
	struct stores stores;
};

static inline void repo_freep(git_repository **repo)
{
	git_repository_free(*repo);
}

static inline void object_freep(git_object **object)
{
	git_object_free(*object);
}

static inline void odb_freep(git_odb **odb)
{
	git_odb_free(*odb);
}

static inline void config_freep(git_config **config)
{
	git_config_free(*config);
}

/* Sets the error to `what` and libgit2's message about its last failure.
 * Returns -1. */
int git_failed(struct error *err, enum error_kind kind, const char *what);

#endif
