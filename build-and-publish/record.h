/* SPDX-License-Identifier: Apache-2.0 */
/* record.h - node-images.txt: which images were built, found or published. */
#ifndef BUILD_RECORD_H
#define BUILD_RECORD_H

#include "base/arena.h"
#include "base/error.h"

/*
 * `built_dir`/node-images.txt has a line an image, of columns with tabs between
 * them, "-" where there is nothing to say; its first line names them:
 *
 *	image		by digest: in a registry, or in podman's storage
 *	component	node, notary …
 *	release		the word it was asked for by
 *	commit		SHA-1, maven:VERSION or debian:SUITE
 *	platform version	of a node
 *	time		when the line was written, UTC
 *
 * Of several lines of a component and release the last one counts.
 */
struct record {
	const char *image, *component, *release, *commit; /* "-" for NULL */
	int platform; /* 0: "-" */
	const char *time; /* as read; written by record_add() itself */
};

/*
 * Appends a line, unless the last one of its component and release says the
 * same. The file is replaced as a whole, under a lock: several processes may
 * do so at once, and a reader, also after a crash or on a full disk, sees
 * whole lines only.
 */
int record_add(const char *built_dir, const struct record *record,
	       struct error *err);

/* Calls fn for each line; stops on non-zero. No file is no line. ERROR_INPUT:
 * file:line of what is not such a line. */
int record_each(const char *built_dir,
		int (*fn)(const struct record *record, void *ctx), void *ctx,
		struct arena *arena, struct error *err);

#endif
