/* SPDX-License-Identifier: Apache-2.0 */
/* row.h - all steps of a run, one after the other; cmd_run.c does them. */
#ifndef CLI_ROW_H
#define CLI_ROW_H

#include "cli/job.h"

/* How the steps are done. */
struct row {
	bool kept_images; /* step_images instead of step_build */
	bool keep; /* leave the network up */
	bool silent; /* write the report, and do not print it */
	bool aside; /* it is not part of a history database */
	/* Loads that are driven one after the other; those without a name are
	 * the run's own. None: the run's own, once. */
	const struct load_file *drives;
	size_t drive_count;
};

/* How a run ended: the error of the row, what teardown left, and why the report
 * was not written. All were printed. */
struct ending {
	struct error why, left, unwritten;
};

/* Does the steps of a run that job_begin() has made, removes the network in any
 * case and writes the report. Returns the exit code. */
int row_do(struct job *job, const struct row *row, struct ending *ret_ending);

#endif
