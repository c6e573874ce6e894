/* SPDX-License-Identifier: Apache-2.0 */
/* against.h - finds the earlier runs that a run is to be compared with. */
#ifndef REPORT_AGAINST_H
#define REPORT_AGAINST_H

#include "base/arena.h"
#include "base/error.h"
#include "run/results.h"

/*
 * Words of `medley report --against`: a run as a person names it
 * (run/run_list.h), a results.json, or AGAINST_LAST_GREEN: the newest earlier
 * run of the same network in `runs_dir` whose answer was PASS, and as its
 * history the PASS runs before it. The first word is the baseline; the others
 * are its history.
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

/* `network`: the file of the network of the run in `run_dir`. The runs may come
 * from somebody else: they are only read. */
int against_load(const struct against *against, const char *run_dir,
		 const char *network, struct arena *arena,
		 struct earlier_runs *ret, struct error *err);
void earlier_runs_release(struct earlier_runs *r);

#endif
