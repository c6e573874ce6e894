/* SPDX-License-Identifier: Apache-2.0 */
/* run_remove.h - removes the directories of runs that are not in use. */
#ifndef RUN_RUN_REMOVE_H
#define RUN_RUN_REMOVE_H

#include "run/retention.h"

/* RETENTION_FREE, or the reason why the run is in use: a medley process works
 * on it, its objects were not removed, or its files were written a moment ago.
 */
enum retention_hold run_in_use(const char *run_dir);

/*
 * Removes the directory of the run `name` (run/run_list.h) in `runs_dir`.
 * Returns 1; 0 if the run is in use now. Follows no links: the target of a link
 * in the run is not removed. The directory is first renamed to
 * `.removing-NAME`, so an interrupted removal leaves no part of the run under
 * its name; run_remove_rest() finishes it.
 */
int run_remove(const char *runs_dir, const char *name, struct error *err);
/* Finishes the removals that were interrupted; *ret_count: how many. */
int run_remove_rest(const char *runs_dir, unsigned *ret_count,
		    struct error *err);
/* If the run of the link `latest` was removed, makes the link lead to the
 * newest run that is left, or removes the link if no run is left. */
int run_mend_latest(const char *runs_dir, struct error *err);

#endif
