/* SPDX-License-Identifier: Apache-2.0 */
/* failure.h - why a node did not start, from what it wrote. */
#ifndef DEPLOY_FAILURE_H
#define DEPLOY_FAILURE_H

#include <stdbool.h>

#include "base/error.h"

/*
 * Fills `why` with "exit 1: <the line that tells>: <what it means>", one
 * line. `log` is the end of the container's log, `table` the path of
 * failures.yaml; without a table, or where nothing in it fits, the meaning is
 * left out.
 */
void failure_explain(const char *table, int exit_code, const char *log,
		     char *why, size_t room);

/* True, with `why` alike, if the log says that Java's main thread ended by an
 * exception: a node goes on without it, looks as if it ran, and never is up. */
bool failure_of_main(const char *table, const char *log, char *why,
		     size_t room);

#endif
