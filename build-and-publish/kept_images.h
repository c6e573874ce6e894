/* SPDX-License-Identifier: Apache-2.0 */
/* kept_images.h - looks whether the images of a stored network still exist. */
#ifndef BUILD_KEPT_IMAGES_H
#define BUILD_KEPT_IMAGES_H

#include "base/arena.h"
#include "run/network.h"

/*
 * Each image of the network, which is named by its digest, has to be in
 * podman's storage; nothing is built or changed. ERROR_BUILD names the first
 * image that is missing and the command that builds it: the same release and
 * recipe give the same digest. A cluster pulls images by their digests from its
 * registry, which answers for itself: then only their names are checked.
 */
int kept_images_check(const struct network *net, struct arena *arena,
		      unsigned *ret_count, struct error *err);

#endif
