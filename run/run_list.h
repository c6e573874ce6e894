/* SPDX-License-Identifier: Apache-2.0 */
/* run_list.h - the runs in a directory, and one of them by its name. */
#ifndef RUN_RUN_LIST_H
#define RUN_RUN_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "sys/file.h"

struct run_entry {
	const char *name; /* of its directory: "20261121-075012" */
	int64_t begun_us; /* wall clock, by the name or the saved network */
};

/* The second in the name of a run, "20261121-075012" or "20261121-075012-2". */
bool run_stamp_us(const char *name, int64_t *ret_us);

/* The runs in `runs_dir`, the newest first, in `arena`. No directory: none.
 * Names that begin with a dot are no runs. */
int run_list(const char *runs_dir, struct arena *arena, struct run_entry **ret,
	     unsigned *ret_count, struct error *err);

/*
 * The directory of the run that a person names: a path, if there is such a
 * file or the word has a slash; else the run of that name in `runs_dir`, or the
 * only one whose name begins with the word. ERROR_INPUT names the runs that the
 * word may mean.
 */
int run_find(const char *runs_dir, const char *word, char room[PATH_ROOM],
	     struct error *err);

#endif
