/* SPDX-License-Identifier: Apache-2.0 */
/* release_word.h - the rules for words that name releases and CorDapps. */
#ifndef RUN_RELEASE_WORD_H
#define RUN_RELEASE_WORD_H

#include "base/error.h"

enum { RELEASE_WORD_MAX = 200 }; /* bytes */

/* The oldest: nodes of every release run its CorDapps. Errors and drafts name
 * them where nothing else is known. */
#define RELEASE_OLDEST "maven:4.0"
#define CORDAPPS_OLDEST "finance-4.0"

/*
 * A word is "maven:VERSION", or a commit-ish as git takes it: well-formed UTF-8
 * without blanks, control characters and invisible characters, which does not
 * begin with "-". Other characters are safe, because no shell gets the word,
 * and names of files, images and pods have only letters, digits, "." and "-".
 * ERROR_INPUT.
 */
int release_word_check(const char *word, struct error *err);

/* A version of released artifacts: letters, digits, ".", "_" and "-", beginning
 * with a letter or digit. A snapshot is refused, because its bytes can
 * change. */
int release_version_check(const char *version, struct error *err);

/* CorDapps: "finance-VERSION", with a version as above. */
int cordapps_word_check(const char *word, struct error *err);

#endif
