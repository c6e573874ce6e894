/* SPDX-License-Identifier: Apache-2.0 */
/* alternates.h - finds the directories of objects of a clone. */
#ifndef BUILD_ALTERNATES_H
#define BUILD_ALTERNATES_H

#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "sys/file.h"

enum { STORES_MAX = 64 };

struct stores {
	const char *paths[STORES_MAX]; /* absolute; the clone's own first */
	unsigned count;
	const char *missing; /* the first that does not exist, or NULL */
};

/*
 * Follows <objects>/info/alternates, and the same file in each directory that
 * it names, up to five levels deep, as git does. This is our own code because
 * libgit2 resolves a relative path in the files below the first against the
 * current directory; git resolves it against the directory of objects that has
 * the file. Paths live in `arena`.
 */
int stores_find(const char *objects, struct arena *arena, struct stores *ret,
		struct error *err);

/* Reads one line of such a file: the path goes to `room`, or "" for a comment
 * or an empty line. The path may be quoted like a C string. -1: it does not fit
 * into `room`. */
int alternate_parse(const char *line, size_t len, char room[PATH_ROOM]);

#endif
