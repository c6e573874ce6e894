/* SPDX-License-Identifier: Apache-2.0 */
/* artifact.h - released files, fetched once by Maven's own client. */
#ifndef BUILD_ARTIFACT_H
#define BUILD_ARTIFACT_H

#include "base/arena.h"
#include "base/error.h"
#include "sys/file.h"

/*
 * Artifacts are kept in the cache under artifacts/<group>/<name>/<version>/.
 * What is released never changes, so a kept one is good for ever. Settings,
 * mirrors and passwords are the user's own (Maven's settings.xml).
 */
struct artifact {
	const char *coordinate; /* group:name:version */
	const char *dir; /* in the cache */
	const char *file; /* dir/name.jar */
};

/* ERROR_INPUT when the coordinate has not three plain parts. */
int artifact_init(struct artifact *a, const char *coordinate,
		  struct arena *arena, struct error *err);

/* The arguments that make Maven put the jar into `into`; NULL: no memory. */
const char **artifact_command(const struct artifact *a, const char *into,
			      struct arena *arena);
/* Takes what Maven put there into the cache. */
int artifact_keep(const struct artifact *a, const char *into,
		  struct error *err);

#endif
