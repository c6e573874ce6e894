/* SPDX-License-Identifier: Apache-2.0 */
/* home_data.h - medley's own data files, which are a part of the program and
 * are unpacked into the cache. `make` writes the table (make/data-table). */
#ifndef SYS_HOME_DATA_H
#define SYS_HOME_DATA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "sys/file.h"

struct home_file {
	const char *name; /* "generate/node-conf.yaml" */
	bool program; /* an executable: mode 0755; else 0644 */
	const uint8_t *begin, *end;
};

extern const struct home_file home_files[];
extern const unsigned home_file_count;
/* A digest of all names, modes and contents. */
extern const char home_digest[];

/*
 * The directory in medley's cache that has exactly these files. If the
 * directory is missing, or differs from the program's own copy, it is made
 * again. Several processes may call this at the same time.
 */
int home_unpack(char room[PATH_ROOM], struct error *err);

#endif
