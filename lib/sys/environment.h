/* SPDX-License-Identifier: Apache-2.0 */
/* environment.h - the variables that programs started by medley get. */
#ifndef SYS_ENVIRONMENT_H
#define SYS_ENVIRONMENT_H

#include "base/buf.h"
#include "base/error.h"

/*
 * No program inherits the environment as it is. A caller of medley may be a git
 * hook, which exports GIT_DIR, or a Makefile, which exports MAKEFLAGS, or a
 * service, which has LISTEN_FDS: variables that are right for the caller and
 * wrong for a program that works in another directory. One table
 * (environment.c) lists the variables for each kind of program;
 * docs/environment.md is made from it.
 */
enum environment {
	ENVIRONMENT_PLAIN, /* what any program needs */
	ENVIRONMENT_BUILD, /* a recipe's command, Maven, git */
	/* Programs that log in somewhere or start such: podman, buildah,
	 * skopeo, credential helpers, exec plugins. */
	ENVIRONMENT_LOGIN,
	ENVIRONMENT_KINDS
};

/* Names of variables, with blanks between them, that every program gets beside
 * those of the table. */
#define ENVIRONMENT_VARIABLE "MEDLEY_ENVIRONMENT"

/*
 * The variables for one program, as execve() takes them: those that the table
 * gives to the kind, those that `pass` names (blanks between, a name may end
 * with "*"; or NULL), and `add` ("NAME=value"…, NULL-terminated, or NULL),
 * which replace others of their name. The caller frees the array; the texts
 * belong to `environ` and `add`.
 */
int environment_make(enum environment kind, const char *pass,
		     const char *const *add, char ***ret, struct error *err);

/* docs/environment.md */
void environment_document(struct buf *out);

#endif
