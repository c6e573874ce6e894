/* SPDX-License-Identifier: Apache-2.0 */
/* image_record.h - writes node-images.txt, the record of images. */
#ifndef BUILD_RECORD_H
#define BUILD_RECORD_H

#include "base/error.h"
#include "run/images.h"
#include "sys/file.h"

/*
 * Appends a line to `built_dir`/node-images.txt (run/images.h has its form;
 * `time` is filled in here), unless the last line of its component and release
 * is the same. The whole file is replaced under a lock, so several processes
 * may call this at once, and a reader never sees an incomplete line, even after
 * a crash or on a full disk. The first line names the columns. In a file of an
 * earlier medley this line gets the new names; a file with any other first line
 * is renamed to node-images.txt.old. ERROR_INPUT: a line has another form.
 */
int record_add(const char *built_dir, const struct built_image *image,
	       struct error *err);

/* Its path. */
const char *record_path(const char *built_dir, char room[PATH_ROOM]);

#endif
