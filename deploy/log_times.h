/* SPDX-License-Identifier: Apache-2.0 */
/* log_times.h - the lines of a saved log from a time on. */
#ifndef DEPLOY_LOG_TIMES_H
#define DEPLOY_LOG_TIMES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * Adds the lines to `out` that were logged at `since_us` (wall clock) or later,
 * to the second. A line without a time, as of a stack trace, belongs to the one
 * before. The names of files ("==> node.log <==") stay. Times are UTC, as nodes
 * and the database write them: "2026-11-21T07:50:12" or with a blank for the T.
 * False: no line has a time.
 */
bool log_lines_since(const struct buf *text, int64_t since_us, struct buf *out);

#endif
