/* SPDX-License-Identifier: Apache-2.0 */
/* released.h - the released versions that medley knows of. */
#ifndef BUILD_RELEASED_H
#define BUILD_RELEASED_H

#include "base/buf.h"
#include "base/error.h"

/* Each word of releases.txt that is a released version, "maven:4.10", in the
 * order of the file. -1: the file cannot be read, or fn() failed. */
typedef int released_fn(const char *word, void *ctx, struct error *err);
int released_each(released_fn *fn, void *ctx, struct error *err);

/*
 * Adds the versions of releases.txt to `out`, the one most similar to `version`
 * first: "4.9, 4.0, 4.1". Others may have been released since: the list is for
 * people. Adds nothing if the file cannot be read.
 */
void released_versions(const char *version, struct buf *out);

#endif
