/* SPDX-License-Identifier: Apache-2.0 */
/* halving.h - chooses the commit of a history that a bisection tests next. */
#ifndef BASE_HALVING_H
#define BASE_HALVING_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

/*
 * The commits that may be the first bad one: the bad commit itself, and its
 * ancestors that are not ancestors of a good commit. Parents are indexes into
 * the same list; parents outside of the list are left out. The oldest commit is
 * first, as `git rev-list --reverse` lists them.
 */
struct halving_commit {
	const unsigned *parents;
	unsigned parent_count;
	bool skipped; /* cannot be tested */
};

enum halving_kind {
	HALVING_TEST, /* test the commit `next` */
	HALVING_FOUND, /* `next` is the first bad commit */
	HALVING_SKIPPED /* only skipped commits and the bad one are left */
};

struct halving {
	enum halving_kind kind;
	unsigned next;
	unsigned left; /* commits to test after this test, if it is good */
	unsigned steps; /* roughly so many tests more */
};

/*
 * A test of a commit divides the list: if it is bad, the commit and its
 * ancestors are left, else all others. The commit that makes the smaller part
 * largest is chosen, and of several the one that `git bisect` chooses: both
 * test the same commits. (For histories of thousands of commits, git is content
 * with nearly the half.)
 *
 * `streak`: how many tests in a row ended as a skip. After a skip, commits near
 * the middle are avoided, the further away the longer the streak is: what does
 * not build at one commit often does not build at its neighbours either.
 *
 * `bad`: the index of the bad commit. -1: out of memory.
 */
int halving_choose(const struct halving_commit *list, unsigned count,
		   unsigned bad, unsigned streak, struct arena *arena,
		   struct halving *ret, struct error *err);

#endif
