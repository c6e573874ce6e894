/* SPDX-License-Identifier: Apache-2.0 */
/* compiled.h - keeps compiled files, to compile nothing twice. */
#ifndef BUILD_COMPILED_H
#define BUILD_COMPILED_H

#include "build-and-publish/build_job.h"
#include "sys/file.h"

/*
 * The files that a recipe's command made are kept in the cache under
 * compiled/<SHA-256 of the commit's tree and the recipe>/: commits with the
 * same files share them. If an image fails after its jar was compiled, the next
 * build uses the jar. The newest COMPILED_MAX are kept.
 */
enum { COMPILED_MAX = 32 };

int compiled_path(const struct build_job *job, char room[PATH_ROOM],
		  struct error *err);
/* Keeps the files of the job's context at that path. */
int compiled_keep(const struct build_job *job, const char *path,
		  struct error *err);

#endif
