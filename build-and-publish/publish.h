/* SPDX-License-Identifier: Apache-2.0 */
/* publish.h - the steps that push an image to a registry, once. */
#ifndef BUILD_PUBLISH_H
#define BUILD_PUBLISH_H

#include "build-and-publish/build_job.h"

/*
 * An image goes to REGISTRY/<component>, tagged with its word and the
 * beginning of its key. Passwords are those of the user's own auth file, as
 * skopeo finds it (REGISTRY_AUTH_FILE, podman's, docker's).
 */

/* Is it there? A manifest with this tag and this very image's configuration
 * is; its digest is then known. A registry that does not answer is asked
 * again, later and later. */
int step_ask(struct build_job *job, struct build_command *ret,
	     struct error *err);
/* Pushes what is not there. */
int step_push(struct build_job *job, struct build_command *ret,
	      struct error *err);

#endif
