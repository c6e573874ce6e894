/* SPDX-License-Identifier: Apache-2.0 */
/* repository.h - repositories that git itself makes, for tests. */
#ifndef TEST_SUPPORT_REPOSITORY_H
#define TEST_SUPPORT_REPOSITORY_H

#include "test/support/test.h"

/* Runs git in `dir`; its output without the newline, until the next call. */
const char *git_run(const char *dir, const char *const *args);
#define GIT_IN(dir, ...) git_run(dir, (const char *[]){ __VA_ARGS__, NULL })

/* Settings of the user stay out of the tests; git may clone by path. */
void git_set_up(void);
/* A repository with one commit of `file`, tagged v1. */
void git_make(const char *dir);
void git_commit(const char *dir, const char *file, const char *text);

#endif
