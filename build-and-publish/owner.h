/* SPDX-License-Identifier: Apache-2.0 */
/* owner.h - decides whether a clone may be read, as git does. */
#ifndef BUILD_OWNER_H
#define BUILD_OWNER_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * git reads a clone only if its files belong to the user (or, under sudo, to
 * the user who called sudo), or if safe.directory names the clone: the settings
 * of another user's clone may run programs. libgit2 has only a part of this
 * rule: it does not know "*", nor a path that ends with "/" "*".
 */

/* True if `path` belongs to the user; else its owner. */
bool owner_is_user(const char *path, uid_t *ret_owner);

/* The values of safe.directory, in the order in which git reads them. */
struct safe_directories {
	const char *clone; /* real path of the files, else of the repository */
	bool safe; /* by the values so far */
};

/* Adds the next value. An empty value clears the list. */
void safe_directory_take(struct safe_directories *s, const char *value);
/* Adds the values from the environment ($GIT_CONFIG_COUNT …), which come last.
 * */
void safe_directory_take_environment(struct safe_directories *s);

#endif
