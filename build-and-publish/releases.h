/* SPDX-License-Identifier: Apache-2.0 */
/* releases.h - releases.txt: one word a line and nothing else, so that
 * `for r in $(cat releases.txt)` works as typed. */
#ifndef BUILD_RELEASES_H
#define BUILD_RELEASES_H

#include "base/arena.h"
#include "base/error.h"

/* The words in the order of the file, in the arena; empty lines are skipped.
 * ERROR_INPUT "file:line: what". */
int releases_read(const char *path, struct arena *arena,
		  const char ***ret_words, unsigned *ret_count,
		  struct error *err);

#endif
