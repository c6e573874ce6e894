/* SPDX-License-Identifier: Apache-2.0 */
/* failure.h - why a node did not start, from what it wrote. */
#ifndef DEPLOY_FAILURE_H
#define DEPLOY_FAILURE_H

#include "base/error.h"

/*
 * Fills `why` with "exit 1: <the line that tells>: <what it means>", one
 * line. `log` is the end of the container's log, `table` the path of
 * failures.yaml; without a table, or where nothing in it fits, the meaning is
 * left out.
 */
void failure_explain(const char *table, int exit_code, const char *log,
		     char *why, size_t room);

#endif
