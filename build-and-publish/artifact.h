/* SPDX-License-Identifier: Apache-2.0 */
/* artifact.h - released files, fetched once by Maven's own client. */
#ifndef BUILD_ARTIFACT_H
#define BUILD_ARTIFACT_H

#include "base/arena.h"
#include "base/error.h"
#include "sys/file.h"

/*
 * Artifacts are kept in the cache under artifacts/<group>/<name>/<version>/. A
 * released file never changes, so a file in the cache never becomes old.
 * Settings, mirrors and passwords are those of the user (Maven's settings.xml).
 */
struct artifact {
	const char *coordinate; /* group:name:version */
	const char *dir; /* in the cache */
	const char *file; /* dir/name.jar */
};

/* ERROR_INPUT unless the coordinate has three plain parts. */
int artifact_init(struct artifact *a, const char *coordinate,
		  struct arena *arena, struct error *err);

/* The arguments that make Maven put the jar into `into`; NULL: no memory. */
const char **artifact_command(const struct artifact *a, const char *into,
			      struct arena *arena);
/* Moves the jar that Maven put into `into` to the cache. */
int artifact_keep(const struct artifact *a, const char *into,
		  struct error *err);

#endif
