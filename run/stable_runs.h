/* SPDX-License-Identifier: Apache-2.0 */
/* stable_runs.h - how many runs in a row each cell had passed when a run began.
 */
#ifndef RUN_STABLE_RUNS_H
#define RUN_STABLE_RUNS_H

#include "run/archive.h"

/*
 * <run>/stable-runs.json, of a run whose network has `gates.stable_runs`:
 * {"version":1,"cells":[{"payer":"4.0","payee":"4.10","notary":"4.8",
 * "runs":3}…]}, cells with at least one such run. It is written once, when the
 * run begins, so that a run is judged the same way at any time and on any
 * machine, whatever the archive has become.
 */
struct stable_cell {
	const char *payer, *payee, *notary;
	int64_t runs;
};

struct stable_runs {
	bool known; /* the run has the file */
	struct stable_cell *cells;
	size_t count;
};

int stable_runs_write(const char *run_dir, const struct archived *archived,
		      struct error *err);
/* No file is no error. Texts live in `arena`. */
int stable_runs_load(const char *run_dir, struct arena *arena,
		     struct stable_runs *ret, struct error *err);
int stable_runs_parse(const char *name, const void *text, size_t len,
		      struct arena *arena, struct stable_runs *ret,
		      struct error *err);
/* Of a cell that the file does not name: 0. */
int64_t stable_runs_of(const struct stable_runs *s, const char *payer,
		       const char *payee, const char *notary);

#endif
