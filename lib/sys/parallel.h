/* SPDX-License-Identifier: Apache-2.0 */
/* parallel.h - calls a function for each of many items, on all processors. */
#ifndef SYS_PARALLEL_H
#define SYS_PARALLEL_H

#include "base/error.h"

enum { PARALLEL_MAX = 16, PARALLEL_PORTION = 32 };

/* Handles one item. At any time at most one call has the same worker's number,
 * which is below PARALLEL_MAX: each worker can have its own memory. */
typedef int (*parallel_fn)(void *ctx, unsigned worker, unsigned index,
			   struct error *err);

/*
 * Calls fn for each index below count, and returns when all calls have
 * returned. fn must only compute: it neither waits nor depends on other items.
 * Threads take portions of PARALLEL_PORTION items. If there are less than two
 * portions, the calling thread handles all items alone, in their order. The
 * calling thread always takes part, so the items are handled even if no thread
 * can be started.
 *
 * After a failure no other portion begins. If several calls failed, the error
 * is that of the lowest index.
 */
int parallel_each(unsigned count, parallel_fn fn, void *ctx, struct error *err);

#endif
