/* SPDX-License-Identifier: Apache-2.0 */
/* image_record.h - writes node-images.txt, the record of images. */
#ifndef BUILD_RECORD_H
#define BUILD_RECORD_H

#include "base/error.h"
#include "run/images.h"
#include "sys/file.h"

/*
 * Appends a line to `built_dir`/node-images.txt (run/images.h has its form;
 * `time` is filled in here), unless the last one of its component and release
 * says the same. The file is replaced as a whole, under a lock: several
 * processes may do so at once, and a reader, also after a crash or on a full
 * disk, sees whole lines only. Its first line names the columns; one of an
 * earlier medley gets the newer columns' names, a file whose first line is any
 * other becomes node-images.txt.old. ERROR_INPUT: a line is not
 * of this form.
 */
int record_add(const char *built_dir, const struct built_image *image,
	       struct error *err);

/* Its path. */
const char *record_path(const char *built_dir, char room[PATH_ROOM]);

#endif
