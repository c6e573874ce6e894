/* SPDX-License-Identifier: Apache-2.0 */
/* released.h - the released versions that medley knows of. */
#ifndef BUILD_RELEASED_H
#define BUILD_RELEASED_H

#include "base/buf.h"

/*
 * Adds the versions of releases.txt to `out`, the one most similar to `version`
 * first: "4.9, 4.0, 4.1". Others may have been released since: the list is for
 * people. Adds nothing if the file cannot be read.
 */
void released_versions(const char *version, struct buf *out);

#endif
