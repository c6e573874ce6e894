/* SPDX-License-Identifier: Apache-2.0 */
/* recipe.h - how a component's images are made: data, not code. */
#ifndef BUILD_RECIPE_H
#define BUILD_RECIPE_H

#include "base/arena.h"
#include "base/error.h"

/*
 * build-and-publish/recipes/<component>/recipe.yaml, beside it a Containerfile
 * unless the image is made of Debian packages:
 *
 *	base: COMPONENT		whose image the Containerfile's FROM becomes
 *	debian:			a system of packages:
 *	  suite: SUITE
 *	  packages: [PACKAGE…]
 *	  options: [OPTION…]	of mmdebstrap
 *	changes: [TEXT…]	of podman import: ENV, USER …
 *	maven: {FILE: COORDINATE…}	released files that every word needs
 *	words:			the first that fits a word is taken
 *	  - word: PATTERN	"{}" stands for the part that differs
 *	    maven: {FILE: COORDINATE…}	"{}" is that part, a version
 *	    command: [ARGUMENT…]	instead: the word is a commit-ish; this
 *				is run in a worktree of that commit
 *	    files: {FILE: GLOB…}	and made these; a GLOB fits one file
 *	    contracts: FILE	whose SHA-256 tells jars apart
 *	platform: FILE		jar whose manifest has Corda-Platform-Version
 *	seconds: N		expected, until a build was measured
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

enum { RECIPE_HASH_ROOM = 65 };

struct recipe {
	const char *component;
	const char *dir;
	const char *base; /* component, or NULL */
	const char *suite; /* of Debian, or NULL */
	struct recipe_texts packages, options, changes;
	struct recipe_files maven;
	struct recipe_word *words;
	size_t word_count; /* 0: the component is built without a word */
	const char *platform; /* or NULL */
	int seconds;
	char hash[RECIPE_HASH_ROOM]; /* SHA-256 over all files of `dir` */
};

/* Texts in the arena. ERROR_INPUT: no such component, or file:line:column. */
int recipe_read(const char *component, struct arena *arena, struct recipe *ret,
		struct error *err);

/* The first entry that fits, and what its "{}" stands for; NULL if none. */
const struct recipe_word *recipe_match(const struct recipe *recipe,
				       const char *word, struct arena *arena,
				       const char **ret_value);

#endif
