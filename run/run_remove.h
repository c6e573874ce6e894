/* SPDX-License-Identifier: Apache-2.0 */
/* run_remove.h - removes the directories of runs that nobody needs. */
#ifndef RUN_RUN_REMOVE_H
#define RUN_RUN_REMOVE_H

#include "run/retention.h"

/* What keeps the run in use, if anything does: a medley process that holds it,
 * objects that were not removed, or files that were written a moment ago. */
enum retention_hold run_in_use(const char *run_dir);

/*
 * Removes the directory of the run `name` (run/run_list.h) in `runs_dir`: 1; 0
 * if it is in use now. Follows no links: what a link in the run leads to stays.
 * The directory is first renamed to `.removing-NAME`, so that no part of a run
 * is ever left under its name; run_remove_rest() finishes what was interrupted.
 */
int run_remove(const char *runs_dir, const char *name, struct error *err);
/* Removes what earlier calls have left; *ret_count: how many. */
int run_remove_rest(const char *runs_dir, unsigned *ret_count,
		    struct error *err);
/* The link `latest` leads to the newest run again, if its run was removed; it
 * is removed with the last run. */
int run_mend_latest(const char *runs_dir, struct error *err);

#endif
