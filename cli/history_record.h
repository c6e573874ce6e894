/* SPDX-License-Identifier: Apache-2.0 */
/* history_record.h - the archive of a team: where it is, and what is recorded
 * there. */
#ifndef CLI_HISTORY_RECORD_H
#define CLI_HISTORY_RECORD_H

#include "run/archive.h"

/* The URI that was given, or else that of the environment; *ret: NULL if there
 * is neither. ERROR_INPUT names where a URI that is not valid comes from. */
int history_database(const char *given, const char **ret, struct error *err);
/* Records all runs in `runs_dir` that were judged; says on standard error which
 * it leaves out, and how many it has recorded. */
int history_record_all(struct archive *a, const char *runs_dir,
		       struct error *err);
/* Records a run that has ended, where a history database is named: by the
 * network file (`given`) or the environment. What goes wrong is a warning: the
 * verdict counts. */
void history_record_run(const char *given, const char *run_dir);

#endif
