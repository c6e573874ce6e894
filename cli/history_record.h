/* SPDX-License-Identifier: Apache-2.0 */
/* history_record.h - finds the archive of a team, and records runs in it. */
#ifndef CLI_HISTORY_RECORD_H
#define CLI_HISTORY_RECORD_H

#include "run/archive.h"

/* *ret: the URI `given`, or else the URI of the environment; NULL if there is
 * neither. ERROR_INPUT: the URI is not valid; the error names its source. */
int history_database(const char *given, const char **ret, struct error *err);
/* Records all runs in `runs_dir` that were judged. Prints on standard error the
 * runs that it leaves out, and how many it has recorded. */
int history_record_all(struct archive *a, const char *runs_dir,
		       struct error *err);
/* Records a run that has ended, if the network file (`given`) or the
 * environment names a history database. An error is only a warning, because the
 * answer of the run does not depend on the record. */
void history_record_run(const char *given, const char *run_dir);

#endif
