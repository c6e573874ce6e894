/* SPDX-License-Identifier: Apache-2.0 */
/* images.h - built/node-images.txt: which image each release has. */
#ifndef RUN_IMAGES_H
#define RUN_IMAGES_H

#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "run/network.h"

/*
 * One line for each image, seven columns with a tab between them, "-" for an
 * empty one. A line that begins with '#' is a comment:
 *
 *	image component release commit platform time contracts
 *
 * Only CorDapps have the last column, the SHA-256 of the contracts jar. Lines
 * of earlier medleys end before it.
 *
 * The release is the word with which the image was built: "maven:4.8", a
 * commit-ish, "finance-4.0" for CorDapps. An image is HOST/PATH@sha256:… if it
 * was published, else localhost/…. Lines are appended; a later line of the same
 * component and release replaces an earlier one.
 */
struct built_image {
	const char *image, *component;
	const char *release, *commit; /* NULL for "-" */
	int platform; /* 0 for "-" */
	const char *time; /* of the line, UTC */
	const char *contracts; /* NULL for "-", and in lines without it */
};

struct built_images {
	const char *file; /* for messages */
	struct built_image *list; /* in the file's order */
	size_t count;
};

/* Everything lives in `arena`. ERROR_INPUT "file:line: what". */
int built_images_read(const char *path, struct arena *arena,
		      struct built_images *ret, struct error *err);
int built_images_parse(const char *name, const char *text, struct arena *arena,
		       struct built_images *ret, struct error *err);

/*
 * The last image of this component and release (NULL: any release) in
 * `registry`, "host[:port][/path]" (NULL: anywhere). NULL if there is none.
 */
const struct built_image *built_images_find(const struct built_images *images,
					    const char *component,
					    const char *release,
					    const char *registry);

/*
 * Fills in what a build fills in: images, commits and platforms; also the
 * images of the doorman if nodes register themselves, of the health check if
 * there is one, and of the driver. ERROR_INPUT names the first needed image
 * that is missing, and the command that builds it.
 */
int built_images_fill(const struct built_images *images, const char *registry,
		      struct network *net, struct error *err);

/*
 * Adds a network.yaml for the releases in the file, for users who have none:
 * one bank of each release, in the order of their last lines, or two if there
 * is one release. The notary has the highest platform version (the last of
 * several). All banks have the CorDapps of the last line. ERROR_INPUT without
 * an image of a node or of CorDapps.
 */
int built_images_network(const struct built_images *images,
			 const char *registry, struct buf *out,
			 struct error *err);

#endif
