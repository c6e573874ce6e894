/* SPDX-License-Identifier: Apache-2.0 */
/* recipe.h - reads recipes, which describe how images are made. */
#ifndef BUILD_RECIPE_H
#define BUILD_RECIPE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

/*
 * A recipe is <recipes>/<component>/recipe.yaml, with a Containerfile and the
 * files that it copies beside it. <recipes> is build-and-publish/recipes or a
 * directory of the user, whose recipes come first.
 *
 *	base: COMPONENT		whose image the Containerfile's FROM becomes: of
 *				the same word where that component takes words
 *	bases:			other bases, by Corda-Platform-Version (needs
 *				platform):
 *	- platform: N		from this one on
 *	  base: COMPONENT	it is this image
 *	debian:			or a system of packages, rootfs.tar:
 *	  suite: SUITE
 *	  packages: [PACKAGE…]
 *	  options: [OPTION…]	of mmdebstrap
 *	repository: medley	commit-ishes are of medley's own repository
 *	maven: {FILE: COORDINATE…}	released files that every word needs
 *	words:			the first that fits a word is taken
 *	  - word: PATTERN	"{}" stands for the part that differs
 *	    maven: {FILE: COORDINATE…}	"{}" is that part, a version
 *	    command: [ARGUMENT…]	instead: the word is a commit-ish; this
 *				is run in a worktree of that commit
 *	    files: {FILE: GLOB…}	and made these; a GLOB fits one file
 *	    contracts: FILE	whose SHA-256 tells jars apart
 *				with neither: the commit is the base's
 *	platform: FILE		jar whose manifest has Corda-Platform-Version
 *	labels: {NAME: TEXT…}	of the image, beside medley's own
 *	environment: [NAME…]	variables that the command needs beside those
 *				that every build gets (sys/environment.h)
 *	seconds: N		expected, until a build was measured
 *	memory: MIB		that the command needs (512)
 */
struct recipe_file {
	const char *name; /* in the directory of the Containerfile */
	const char *from; /* Maven coordinate, or glob in the worktree */
};

struct recipe_files {
	struct recipe_file *items;
	size_t count;
};

struct recipe_texts {
	const char **items;
	size_t count;
};

struct recipe_word {
	const char *pattern;
	struct recipe_files maven;
	struct recipe_texts command; /* none: a released version */
	struct recipe_files files;
	const char *contracts; /* or NULL */
};

struct recipe_base {
	int platform; /* the lowest */
	const char *component;
};

/* How many images may lie below one, one below the other, and how many may be
 * the next below. */
enum { RECIPE_HASH_ROOM = 65, RECIPE_DEPTH_MAX = 8, RECIPE_BASES_MAX = 4 };

struct recipe {
	const char *component;
	const char *dir;
	const char *base; /* component, or NULL: that of any platform version */
	/* `base` itself, and others for higher platform versions. */
	struct recipe_base bases[RECIPE_BASES_MAX];
	size_t base_count;
	const char *suite; /* of Debian, or NULL */
	struct recipe_texts packages, options;
	bool own_repository; /* medley's, not the user's */
	struct recipe_files maven;
	struct recipe_word *words;
	size_t word_count; /* 0: the component is built without a word */
	const char *platform; /* or NULL */
	struct recipe_files labels; /* name and text */
	const char *environment; /* names of variables, blanks between; NULL */
	int seconds, memory;
	char hash[RECIPE_HASH_ROOM]; /* SHA-256 over all files of `dir` */
};

/* Texts in the arena; `own` is the user's directory of recipes, or NULL.
 * ERROR_INPUT: no such component (and which there are), or
 * file:line:column. */
int recipe_read(const char *component, const char *own, struct arena *arena,
		struct recipe *ret, struct error *err);

/* Whether a word is the name of a component. */
bool recipe_exists(const char *component, const char *own);

/* Calls fn with the name of each component, in sorted order, the user's own
 * first; stops on non-zero. */
int recipe_each(const char *own, int (*fn)(const char *component, void *ctx),
		void *ctx, struct error *err);

/* The first entry that fits, and what its "{}" stands for; NULL if none. */
const struct recipe_word *recipe_match(const struct recipe *recipe,
				       const char *word, struct arena *arena,
				       const char **ret_value);

#endif
