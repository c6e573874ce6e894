/* SPDX-License-Identifier: Apache-2.0 */
/* failed_pod.h - tells why a pod that should run does not. */
#ifndef DEPLOY_FAILED_POD_H
#define DEPLOY_FAILED_POD_H

#include "engine/engine.h"

/* Fills the error (ERROR_DEPLOY) from the pod's last lines; returns -1. */
int failed_pod(struct engine *e, const struct pod *pod, struct error *err);

/* True, and why, if the node's main thread ended and left the rest running. */
bool headless_pod(struct engine *e, const struct pod *pod, char *why,
		  size_t room);

/* Adds the pod's log so far to `text`: of a long one, its end. */
int pod_log(struct engine *e, const struct pod *pod, struct buf *text,
	    struct error *err);

#endif
