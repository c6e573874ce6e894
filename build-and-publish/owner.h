/* SPDX-License-Identifier: Apache-2.0 */
/* owner.h - decides whether a clone may be read, as git does. */
#ifndef BUILD_OWNER_H
#define BUILD_OWNER_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * git reads a clone only where its files belong to the user (or, under sudo, to
 * the user who called it), or where safe.directory names it: a clone of
 * somebody else may have settings that run programs. libgit2 has the same rule
 * in part: it does not know "*", nor the end "/" "*".
 */

/* True if `path` belongs to the user; else its owner. */
bool owner_is_user(const char *path, uid_t *ret_owner);

/* The values of safe.directory, in the order in which git reads them. */
struct safe_directories {
	const char *clone; /* real path of the files, else of the repository */
	bool safe; /* by the values so far */
};

/* The next value; an empty one forgets those before it. */
void safe_directory_take(struct safe_directories *s, const char *value);
/* The values that the environment has ($GIT_CONFIG_COUNT …), which come last.
 */
void safe_directory_take_environment(struct safe_directories *s);

#endif
