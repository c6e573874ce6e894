/* SPDX-License-Identifier: Apache-2.0 */
/* in_cluster.h - the load of a run, driven by a Job in its cluster. */
#ifndef DRIVER_IN_CLUSTER_H
#define DRIVER_IN_CLUSTER_H

#include <stdbool.h>

#include "base/error.h"
#include "base/progress.h"
#include "data/json.h"
#include "run/load.h"

/* The run's configuration has a driver: generate wrote one. */
bool in_cluster_has_driver(const char *run_dir);

/*
 * Lets the Job "driver" of <run>/config run: as it is where it has not run
 * yet, anew where it has; one that runs already is followed. It drives `other`
 * in place of the run's own load, unless `other` is NULL: then one that runs
 * already is an error, ERROR_INPUT. Then brings what
 * it wrote into the run: history.jsonl takes the place of what was there, as
 * the claim keeps that of earlier Jobs, too; the container's log goes to
 * logs/driver.log.
 *
 * That is read by a pod of its own, which mounts the claim: so it comes whole
 * whatever became of the driver's pod. The last line of one that died in the
 * midst of it is left out.
 *
 * *ret_details: as driver_run() gives them. ERROR_LOAD: the driver said why it
 * could not drive, or its pod died: the error names the pod, how it ended, and
 * how many operations it has left. An interrupt suspends the Job, and waits
 * until the driver has ended what is in flight.
 */
int in_cluster_drive(const char *run_dir, const struct load_file *other,
		     struct progress *progress, struct js **ret_details,
		     struct error *err);

#endif
