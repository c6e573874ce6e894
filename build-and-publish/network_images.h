/* SPDX-License-Identifier: Apache-2.0 */
/* network_images.h - builds the images of a network. */
#ifndef BUILD_AND_PUBLISH_NETWORK_IMAGES_H
#define BUILD_AND_PUBLISH_NETWORK_IMAGES_H

#include "base/progress.h"
#include "build-and-publish/build.h"
#include "data/json.h"
#include "run/network.h"

/* Where lines and logs of built images are kept. */
extern const char built_dir[];

struct network_images {
	unsigned count, cached, failed;
	char failed_names[128]; /* words, cut if many */
	struct js *details; /* {"images":[…]}; the caller's */
};

/*
 * Builds what the network needs, each thing once, and fills its releases in.
 * A release that cannot be built has its `failure`; the database must be.
 * On failure *ret is as it was.
 */
int network_images_build(struct network *net, struct arena *arena,
			 struct progress *progress, struct network_images *ret,
			 struct error *err);

/* ERROR_BUILD when fewer than two banks or no notary have an image. */
int network_images_suffice(const struct network *net, struct error *err);

/* {"component":…,"word":…,"image":…,…} of one result. */
struct js *build_result_details(const struct build_request *request,
				const struct build_result *result);

#endif
