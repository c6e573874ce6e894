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

/* Looks for the image in the registry. It is there if the manifest of this tag
 * has the configuration of this image; then its digest is known. If the
 * registry does not answer, the step asks again, with growing pauses. */
int step_ask(struct build_job *job, struct build_command *ret,
	     struct error *err);
/* Pushes the image if the registry does not have it. */
int step_push(struct build_job *job, struct build_command *ret,
	      struct error *err);

#endif
