/* SPDX-License-Identifier: Apache-2.0 */
/* bisect_state.h - what a bisection has found out so far, on disk. */
#ifndef RUN_BISECT_STATE_H
#define RUN_BISECT_STATE_H

#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "data/json.h"

/*
 * <dir>/bisect.json has everything, and is replaced after each test:
 * {"version":1,"repo":…,"cell":…,"good":{"word":…,"commit":…},"bad":{…},
 *  "release":"main","network":"the text of a network.resolved.yaml",
 *  "tests":[{"commit":…,"subject":…,"verdict":"good","run":…,"reason":…}…],
 *  "first_bad":null,"evidence":{"bad":…,"good":…}}
 * <dir>/bisect.log is made from it, as `git bisect log` writes it and
 * `git bisect replay` reads it.
 */
enum { BISECT_STATE_VERSION = 1, BISECT_TESTS_MAX = 10000 };

enum bisect_verdict { BISECT_GOOD, BISECT_BAD, BISECT_SKIP };

struct bisect_test {
	const char *commit, *subject;
	enum bisect_verdict verdict;
	const char *run; /* directory of the run that decided it; or NULL */
	const char *reason; /* of the verdict, or NULL */
};

/* One end: what the user typed, and the commit that it meant then. */
struct bisect_end {
	const char *word, *commit;
};

struct bisect_state {
	const char *repo; /* the clone */
	const char *cell;
	struct bisect_end good, bad;
	/* The word of the releases in `network` that the commits replace. */
	const char *release;
	const char *network;
	struct bisect_test *tests; /* in their order, with room for all */
	size_t test_count;
	const char *first_bad; /* NULL: not known yet */
	const char *bad_run, *good_run; /* its evidence; or NULL */
};

/* "good", "bad", "skip" */
const char *bisect_word(enum bisect_verdict verdict);

/* 1, or 0 if the directory has no state. Texts live in `arena`. */
int bisect_state_read(const char *dir, struct arena *arena,
		      struct bisect_state *ret, struct error *err);
int bisect_state_parse(const char *name, const void *text, size_t len,
		       struct arena *arena, struct bisect_state *ret,
		       struct error *err);
/* Makes the directory if it is missing, and writes both files. */
int bisect_state_write(const char *dir, const struct bisect_state *s,
		       struct error *err);
/* The document of bisect.json, of the caller. */
struct js *bisect_state_json(const struct bisect_state *s);
/* Adds the text of bisect.log. */
void bisect_log_write(const struct bisect_state *s, struct buf *out);

/* The array of a state that has no tests yet. */
int bisect_state_begin(struct bisect_state *s, struct arena *arena,
		       struct error *err);
/* Copies the test to the end. */
int bisect_state_add(struct bisect_state *s, const struct bisect_test *test,
		     struct arena *arena, struct error *err);
/* The test of a commit, or NULL. */
const struct bisect_test *bisect_state_find(const struct bisect_state *s,
					    const char *commit);
/* How many of the last tests ended as a skip. */
unsigned bisect_state_streak(const struct bisect_state *s);

#endif
