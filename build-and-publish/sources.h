/* SPDX-License-Identifier: Apache-2.0 */
/* sources.h - the steps that provide an image's files and make it.
 *
 * Each step puts its files into <job.work>/context, where the Containerfile
 * finds them. A step that a recipe does not need ends at once.
 * */
#ifndef BUILD_SOURCES_H
#define BUILD_SOURCES_H

#include "build-and-publish/build_job.h"
#include "sys/file.h"

/* Resolves the word to a commit or a version, before anything is created. */
int step_resolve(struct build_job *job, struct build_command *ret,
		 struct error *err);
/* Whether the commit, time and platform version are those of the base. */
bool resolves_by_base(const struct build_job *job);
/* Released files, by Maven. */
int step_fetch(struct build_job *job, struct build_command *ret,
	       struct error *err);
/* A system of Debian packages, <job.work>/rootfs.tar. */
int step_debian(struct build_job *job, struct build_command *ret,
		struct error *err);
/* The files that the recipe's command makes in a worktree. */
int step_compile(struct build_job *job, struct build_command *ret,
		 struct error *err);
/* Reads the platform version and the digest from the files. */
int step_inspect(struct build_job *job, struct build_command *ret,
		 struct error *err);
/* Makes the image in podman's storage. */
int step_image(struct build_job *job, struct build_command *ret,
	       struct error *err);

/* Arguments of a command, grown in the arena; `failed` when out of memory. */
struct args {
	struct arena *arena;
	const char **items;
	size_t count, room;
	bool failed;
};

void args_add(struct args *args, const char *text);
void args_addf(struct args *args, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void args_add_all(struct args *args, const struct recipe_texts *texts);
/* Adds the command that must precede a program that makes files of several
 * users: nothing for root, else `buildah unshare`. Returns the variables that
 * this command needs. */
const char *args_as_root(struct args *args);
/* STEP_COMMAND with these arguments, or -1. */
int args_command(struct args *args, struct build_command *ret,
		 struct error *err);

#endif
