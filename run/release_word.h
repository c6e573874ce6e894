/* SPDX-License-Identifier: Apache-2.0 */
/* release_word.h - the rules for words that name releases and CorDapps. */
#ifndef RUN_RELEASE_WORD_H
#define RUN_RELEASE_WORD_H

#include "base/error.h"

enum { RELEASE_WORD_MAX = 200 }; /* bytes */

/*
 * A word is "maven:VERSION", or a commit-ish as git takes it: well-formed UTF-8
 * without blanks, control characters and characters that nobody sees, which
 * does not begin with "-". Whatever else it has does no harm: no shell sees it,
 * and names of files, images and pods are made of letters, digits, "." and "-".
 * ERROR_INPUT.
 */
int release_word_check(const char *word, struct error *err);

/* A version of released artifacts: letters, digits, ".", "_" and "-", begins
 * with a letter or digit, and is not a snapshot: its bytes must not change. */
int release_version_check(const char *version, struct error *err);

/* CorDapps: "finance-VERSION", where the version is one as above. */
int cordapps_word_check(const char *word, struct error *err);

#endif
