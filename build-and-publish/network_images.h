/* SPDX-License-Identifier: Apache-2.0 */
/* network_images.h - builds the images of a network. */
#ifndef BUILD_AND_PUBLISH_NETWORK_IMAGES_H
#define BUILD_AND_PUBLISH_NETWORK_IMAGES_H

#include "base/progress.h"
#include "build-and-publish/build.h"
#include "data/json.h"
#include "run/network.h"

/* The directory with node-images.txt and the logs. */
extern const char built_dir[];

struct network_images {
	unsigned count, cached, failed;
	char failed_names[128]; /* words, cut if many */
	struct js *details; /* {"images":[…]}; the caller's */
};

/*
 * Builds each image that the network needs once, and fills in the network's
 * releases. A release that cannot be built gets a `failure`. -1 if the image of
 * the database cannot be built; *ret is then unchanged.
 */
int network_images_build(struct network *net, struct arena *arena,
			 struct progress *progress, struct network_images *ret,
			 struct error *err);

/* ERROR_BUILD if fewer than two banks, or no notary, have an image. */
int network_images_suffice(const struct network *net, struct error *err);

/* {"component":…,"word":…,"image":…,…} of one result. */
struct js *build_result_details(const struct build_request *request,
				const struct build_result *result);

#endif
