/* SPDX-License-Identifier: Apache-2.0 */
/* file_ends.h - the ends of files: of one, or of a directory's in one file. */
#ifndef ENGINE_FILE_ENDS_H
#define ENGINE_FILE_ENDS_H

#include <stddef.h>

#include "base/error.h"

/*
 * The last `max` bytes of each file of `dir` whose name ends in `ending`, in
 * the order of their names and each below a line "==> name <==" as tail(1)
 * does, go to the new file `path` (mode 0600). Empty ones are left out; when
 * that leaves none, there is no file. One that is cut begins with a whole line.
 *
 * A stranger's program may have filled the directory: links, pipes and
 * devices in it are not followed nor opened.
 */
int file_ends_save(const char *dir, const char *ending, size_t max,
		   const char *path, struct error *err);

/* Cuts a file to its last `max` bytes; the first line that is kept is whole. */
int file_keep_end(const char *path, size_t max, struct error *err);

#endif
