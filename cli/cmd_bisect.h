/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_bisect.h - the parts of medley bisect. */
#ifndef CLI_CMD_BISECT_H
#define CLI_CMD_BISECT_H

#include "cli/groups.h"
#include "run/bisect_state.h"

struct cmd_bisect_options {
	struct common_options common;
	struct run_options run;
	const char *cell, *repo, *state;
	struct option_number tries;
};

/* What the user typed. */
struct bisect_question {
	const char *good, *bad; /* commit-ishes */
	const char *source; /* a run or a network.yaml; NULL: the latest run */
	const char *cell;
	const char *repo; /* NULL: the network's */
};

/*
 * Makes a state without tests: the network of the source with only the releases
 * of the cell. Its releases whose word, or whose commit, is BAD are those that
 * the commits replace; all others stay at their commit of this moment.
 * ERROR_INPUT: the cell or the commit does not exist, or the cell has no
 * release BAD.
 */
int bisect_begin(const struct cmd_bisect_options *o,
		 const struct bisect_question *q, struct arena *arena,
		 struct bisect_state *ret, struct error *err);
/* ERROR_INPUT if the state answers another question. */
int bisect_same(const struct bisect_state *s, const struct bisect_question *q,
		const char *dir, struct error *err);

/*
 * Builds the commit and runs the network with it: the verdict of the cell. A
 * run without a verdict is repeated, `tries` runs in all; then, and for a
 * commit that cannot be built, the verdict is to skip it. Texts live in
 * `arena`. -1: the run could not be begun, was interrupted, or left something
 * behind; then *ret is not set.
 */
int bisect_try(const struct cmd_bisect_options *o, const struct bisect_state *s,
	       const char *commit, struct arena *arena, struct bisect_test *ret,
	       struct error *err);

#endif
