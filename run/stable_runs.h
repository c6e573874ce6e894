/* SPDX-License-Identifier: Apache-2.0 */
/* stable_runs.h - a file of a run: in how many runs in a row each cell had
 * passed when the run began. */
#ifndef RUN_STABLE_RUNS_H
#define RUN_STABLE_RUNS_H

#include "run/archive.h"

/*
 * A run whose network has `gates.stable_runs` has the file stable-runs.json:
 * {"version":1,"cells":[{"payer":"4.0","payee":"4.10","notary":"4.8",
 * "runs":3}…]}. It lists the cells with at least one such run. The file is
 * written once, when the run begins, so a run is judged in the same way at any
 * time and on any machine, even if the archive has changed.
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
/* If there is no file, `known` is false; this is no error. Texts live in
 * `arena`.
 */
int stable_runs_load(const char *run_dir, struct arena *arena,
		     struct stable_runs *ret, struct error *err);
int stable_runs_parse(const char *name, const void *text, size_t len,
		      struct arena *arena, struct stable_runs *ret,
		      struct error *err);
/* The number of runs of a cell; 0 if the file does not list the cell. */
int64_t stable_runs_of(const struct stable_runs *s, const char *payer,
		       const char *payee, const char *notary);

#endif
