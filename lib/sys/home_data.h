/* SPDX-License-Identifier: Apache-2.0 */
/* home_data.h - medley's own data files as a part of the program, and as files
 * in the cache. `make` writes the table (make/data-table).
 */
#ifndef SYS_HOME_DATA_H
#define SYS_HOME_DATA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "sys/file.h"

struct home_file {
	const char *name; /* "generate/node-conf.yaml" */
	bool program; /* is started: mode 0755, else 0644 */
	const uint8_t *begin, *end;
};

extern const struct home_file home_files[];
extern const unsigned home_file_count;
/* Of names, modes and contents: other data have another. */
extern const char home_digest[];

/*
 * The directory in medley's cache that has these files and no others. If it is
 * missing, or anything in it differs from the program's own copy, it is made
 * anew. Several processes may do that at the same time.
 */
int home_unpack(char room[PATH_ROOM], struct error *err);

#endif
