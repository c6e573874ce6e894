/* SPDX-License-Identifier: Apache-2.0 */
/* image.h - the images in this machine's storage that medley made. */
#ifndef BUILD_IMAGE_H
#define BUILD_IMAGE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "data/json.h"

/*
 * Every image has a label with the key over its inputs. So podman's storage
 * itself is the cache, and there is no second record that could disagree with
 * it.
 */
#define LABEL_KEY "medley.key"
#define LABEL_COMPONENT "medley.component"
#define LABEL_PLATFORM "medley.platform"
#define LABEL_CONTRACTS "medley.contracts"
#define LABEL_REVISION "org.opencontainers.image.revision"
#define LABEL_VERSION "org.opencontainers.image.version"
#define LABEL_CREATED "org.opencontainers.image.created"

enum { IMAGE_KEY_ROOM = 65, IMAGE_TAG_ROOM = 80 };

/* Texts are borrowed from the list. */
struct image {
	const char *id;
	const char *reference; /* localhost/medley/node@sha256:… */
	const char *contracts; /* or NULL */
	int platform; /* or 0 */
	int64_t time; /* of its commit or files, seconds since 1970 */
};

/* All of them, by one call of podman; js_free() it. */
int images_list(struct js **ret, struct error *err);
/* 1 found, 0 not. */
int images_find(const struct js *list, const char *component, const char *key,
		struct image *ret);

/* SHA-256 in hex over what an image is made of: the recipe, the word, its
 * commit or version, the ID of the image below (or NULL). */
void image_key(char room[IMAGE_KEY_ROOM], const char *component,
	       const char *recipe_hash, const char *word, const char *revision,
	       const char *base);

/* The tag of an image: the word and the beginning of the key. Each image has
 * another tag, so no new image takes the name of one that a network still
 * uses. */
const char *image_tag(char room[IMAGE_TAG_ROOM], const char *word,
		      const char *key);

#endif
