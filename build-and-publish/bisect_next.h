/* SPDX-License-Identifier: Apache-2.0 */
/* bisect_next.h - which commit a bisection tests next, by what it knows. */
#ifndef BUILD_BISECT_NEXT_H
#define BUILD_BISECT_NEXT_H

#include "base/arena.h"
#include "build-and-publish/clone.h"
#include "run/bisect_state.h"

enum bisect_step {
	BISECT_TEST_END, /* GOOD or BAD itself, or an ancestor of both */
	BISECT_TEST, /* a commit between them */
	BISECT_FOUND, /* `commit` is the first bad one */
	BISECT_ONLY_SKIPPED /* one of `suspects` is */
};

/* Texts live in the arena. */
struct bisect_next {
	enum bisect_step step;
	const char *commit, *subject;
	const char *what; /* BISECT_TEST_END: "the bad commit" … */
	unsigned left, steps; /* BISECT_TEST: see base/halving.h */
	const char **suspects;
	unsigned suspect_count;
	/* BISECT_FOUND: the tests that prove it; `good` is of a parent of the
	 * first bad commit if one was tested. */
	const struct bisect_test *bad, *good;
};

/* ERROR_INPUT if a bisection between the two ends makes no sense: they are the
 * same commit, BAD is an ancestor of GOOD, or they have no common ancestor. To
 * be called before the first test. */
int bisect_check(struct clone *c, const struct bisect_state *s,
		 struct arena *arena, struct error *err);

/*
 * First the two ends are tested: a bisection between wrong ends would take
 * hours and find nothing. If GOOD is not an ancestor of BAD, their best common
 * ancestors have to be good, too. Then the commits between them are halved.
 * ERROR_INPUT: BAD passes, GOOD fails, or one of them cannot be tested.
 */
int bisect_next(struct clone *c, const struct bisect_state *s,
		struct arena *arena, struct bisect_next *ret,
		struct error *err);

#endif
