/* SPDX-License-Identifier: Apache-2.0 */
/* driver.h - lets the nodes issue cash and pay each other. */
#ifndef DRIVER_DRIVER_H
#define DRIVER_DRIVER_H

#include "base/error.h"
#include "base/progress.h"
#include "data/json.h"
#include "run/load.h"

/*
 * Drives the load of <run>/network.resolved.yaml, or `other` in its place
 * unless that is NULL, over RPC and appends to <run>/history.jsonl. Every
 * ordered pair of running banks and every notary is paid at least as often as
 * the gate says before chance decides; the schedule follows the seed. A flow
 * that failed or got no answer is a line of history, not an error.
 * *ret_details: counts, rates, percentiles. Errors: ERROR_LOAD when no payment
 * can be driven at all.
 */
int driver_run(const char *run_dir, const struct load_file *other,
	       struct progress *progress, struct js **ret_details,
	       struct error *err);

#endif
