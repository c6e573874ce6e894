/* SPDX-License-Identifier: Apache-2.0 */
/* image.h - the images in this machine's storage that medley made. */
#ifndef BUILD_IMAGE_H
#define BUILD_IMAGE_H

#include "base/arena.h"
#include "base/error.h"
#include "data/json.h"

/*
 * Every image carries the key of what it was made of as a label. So the
 * storage itself is the cache: nothing beside it can go stale.
 */
#define LABEL_KEY "medley.key"
#define LABEL_COMPONENT "medley.component"
#define LABEL_PLATFORM "medley.platform"
#define LABEL_CONTRACTS "medley.contracts"
#define LABEL_REVISION "org.opencontainers.image.revision"
#define LABEL_VERSION "org.opencontainers.image.version"

enum { IMAGE_KEY_ROOM = 65 };

/* Texts are borrowed from the list. */
struct image {
	const char *id;
	const char *reference; /* localhost/medley/node@sha256:… */
	const char *contracts; /* or NULL */
	int platform; /* or 0 */
};

/* All of them, by one call of podman; js_free() it. */
int images_list(struct js **ret, struct error *err);
/* 1 found, 0 not. */
int images_find(const struct js *list, const char *component, const char *key,
		struct image *ret);

/* SHA-256 in hex over what an image is made of: the recipe, the word's commit
 * or version, the ID of the image below (or NULL). */
void image_key(char room[IMAGE_KEY_ROOM], const char *component,
	       const char *recipe_hash, const char *revision, const char *base);

#endif
