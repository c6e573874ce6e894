/* SPDX-License-Identifier: Apache-2.0 */
/* record.h - node-images.txt: which images were built or found. */
#ifndef BUILD_RECORD_H
#define BUILD_RECORD_H

#include "base/error.h"

struct record {
	const char *component, *word, *commit, *image; /* "-" for NULL */
	int platform; /* 0: "-" */
};

/*
 * Appends one line of tab-separated columns, which the file's first line
 * names, unless the file has a line of the same image and word already.
 * Several processes may do so at once: a lock on the file, and one write.
 */
int record_add(const char *path, const struct record *record,
	       struct error *err);

#endif
