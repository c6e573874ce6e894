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
	const char
		*missing; /* the first that is named and not there, or NULL */
};

/*
 * Follows <objects>/info/alternates, and those of the directories that it
 * names, up to five deep, as git does. libgit2 takes a relative line of a file
 * below the first as relative to the current directory, git as relative to the
 * directory of objects that the file is in. Paths live in `arena`.
 */
int stores_find(const char *objects, struct arena *arena, struct stores *ret,
		struct error *err);

/* One line of such a file: the path in `room`, or "" for a comment or an empty
 * line. Quoted as C does where it has to be. -1: it does not fit. */
int alternate_parse(const char *line, size_t len, char room[PATH_ROOM]);

#endif
