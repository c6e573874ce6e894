/* SPDX-License-Identifier: Apache-2.0 */
/* images.h - built/node-images.txt: which image each release has. */
#ifndef RUN_IMAGES_H
#define RUN_IMAGES_H

#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "run/network.h"

/*
 * A line an image, seven columns with a tab between them, "-" for what there is
 * not; what begins with '#' is a comment:
 *
 *	image component release commit platform time contracts
 *
 * The last, the SHA-256 of the contracts jar, only CorDapps have; lines of
 * earlier medleys end before it.
 *
 * The release is the word by which it was built: "maven:4.8", a commit-ish,
 * "finance-4.0" of CorDapps. An image is HOST/PATH@sha256:… once published,
 * else localhost/…. Lines are appended: a later one of the same component and
 * release replaces the earlier.
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
 * The last one of this component and release (NULL: any release) that lies in
 * `registry`, "host[:port][/path]"; NULL: wherever. NULL when there is none.
 */
const struct built_image *built_images_find(const struct built_images *images,
					    const char *component,
					    const char *release,
					    const char *registry);

/*
 * Fills in what the build would have: images, commits, platforms; those of a
 * doorman where nodes register themselves, that of the health check if there
 * is one, and that of a driver. ERROR_INPUT naming the first that is missing
 * and needed, and what builds it.
 */
int built_images_fill(const struct built_images *images, const char *registry,
		      struct network *net, struct error *err);

/*
 * The network.yaml of the releases in the file, for those who wrote none: a
 * bank each, in the order of their last lines; two if there is one release
 * only. The notary is of the highest platform, of those the last; all have
 * the CorDapps of the last line. Adds the text; ERROR_INPUT without a node or
 * without CorDapps.
 */
int built_images_network(const struct built_images *images,
			 const char *registry, struct buf *out,
			 struct error *err);

#endif
