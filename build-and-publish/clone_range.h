/* SPDX-License-Identifier: Apache-2.0 */
/* clone_range.h - the commits of a clone between good ones and a bad one. */
#ifndef BUILD_CLONE_RANGE_H
#define BUILD_CLONE_RANGE_H

#include "base/arena.h"
#include "base/halving.h"
#include "build-and-publish/clone.h"

struct range_commit {
	char id[COMMIT_ROOM];
	const char *subject; /* the first line of its message */
};

/* `list[i]` and `graph[i]` are the same commit, the oldest first. */
struct commit_range {
	struct range_commit *list;
	struct halving_commit *graph;
	unsigned count;
};

/* The commit `bad` and its ancestors that are not ancestors of a commit in
 * `goods`, nor one of them; all names are SHA-1s. None: `bad` is an ancestor of
 * a good commit. ERROR_INPUT if a commit is missing, as in a shallow clone. */
int clone_range(struct clone *c, const char *bad, const char *const *goods,
		unsigned good_count, struct arena *arena,
		struct commit_range *ret, struct error *err);
/* The index, or -1. */
int range_find(const struct commit_range *range, const char *id);

/* True if the first commit is an ancestor of the second, or the same. */
bool clone_is_ancestor(struct clone *c, const char *ancestor, const char *of);
/* The best common ancestors of two commits; none: *ret_count is 0. */
int clone_merge_bases(struct clone *c, const char *one, const char *other,
		      struct arena *arena, const char ***ret,
		      unsigned *ret_count, struct error *err);
/* The first line of a commit's message; "" if the clone does not have the
 * commit. */
const char *clone_subject(struct clone *c, const char *id, struct arena *arena);
/* Calls fn with the parents of a commit, until it returns non-zero, which is
 * returned. */
int clone_each_parent(struct clone *c, const char *id,
		      int (*fn)(const char *parent, void *ctx), void *ctx);

#endif
