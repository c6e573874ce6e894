/* SPDX-License-Identifier: Apache-2.0 */
/* run_lines.h - all operations or settlements of a run, in memory. */
#ifndef TEST_SUPPORT_RUN_LINES_H
#define TEST_SUPPORT_RUN_LINES_H

#include "base/arena.h"
#include "run/records.h"

/* In the order of the file; texts are in `arena`. */
int all_operations(const char *run_dir, struct arena *arena,
		   struct operation **ret, size_t *ret_count,
		   struct error *err);
int all_settlements(const char *run_dir, struct arena *arena,
		    struct settlement **ret, size_t *ret_count,
		    struct error *err);

#endif
