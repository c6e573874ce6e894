/* SPDX-License-Identifier: Apache-2.0 */
/* against.h - finds the earlier runs with which a run is compared. */
#ifndef REPORT_AGAINST_H
#define REPORT_AGAINST_H

#include "base/arena.h"
#include "base/error.h"
#include "run/results.h"

/*
 * Words of `medley report --against`: a run as a user names it
 * (run/run_list.h), a results.json, or AGAINST_LAST_GREEN: the newest earlier
 * run in `runs_dir` whose network file has the same path and whose answer was
 * PASS, and then the PASS runs before that one. The first run is the
 * baseline; the others show how much equal runs differ.
 */
#define AGAINST_LAST_GREEN "last-green"
enum { AGAINST_RUNS_MAX = 10 }; /* the baseline included */

struct against {
	const char *runs_dir;
	const char *const *words;
	unsigned count;
};

struct earlier_runs {
	struct results list[AGAINST_RUNS_MAX]; /* the baseline first */
	size_t count;
};

/* `network`: the network file of the run in `run_dir`. Reads the earlier runs,
 * which may come from somebody else, and does not change them. */
int against_load(const struct against *against, const char *run_dir,
		 const char *network, struct arena *arena,
		 struct earlier_runs *ret, struct error *err);
void earlier_runs_release(struct earlier_runs *r);

#endif
