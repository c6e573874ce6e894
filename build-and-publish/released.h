/* SPDX-License-Identifier: Apache-2.0 */
/* released.h - the released versions that medley knows of. */
#ifndef BUILD_RELEASED_H
#define BUILD_RELEASED_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"

struct build_request;

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

/*
 * ERROR_INPUT if the request is for a released version that does not exist. A
 * version of releases.txt exists, and one whose file was fetched before. For
 * any other, which may have been released since, Maven is asked, with the
 * user's settings and within two minutes; ERROR_BUILD if it cannot tell, as
 * without a network. Words of a recipe of the user's own are not checked.
 */
int released_check(const struct build_request *request, const char *recipes,
		   struct arena *arena, struct error *err);
/* Whether Maven's reason is that an artifact does not exist. */
bool released_not_found(const char *why);

#endif
