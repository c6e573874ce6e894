/* SPDX-License-Identifier: Apache-2.0 */
/* trouble.h - finds why a pod is not ready, and whether to wait. */
#ifndef KUBE_TROUBLE_H
#define KUBE_TROUBLE_H

#include <stdbool.h>

#include "data/json.h"

/*
 * What is wrong, as the cluster calls it. Reasons that take turns (an image's
 * ErrImagePull and ImagePullBackOff) are one family: their time counts as one.
 */
struct kube_trouble {
	const char *family; /* static: "image", "crash" … */
	int grace_s; /* so long it may mend itself; 0: hopeless at once */
	char container[128]; /* empty: the pod's own */
	/* "ErrImagePull: the server's words"; "ErrImagePull with Secret
	 * regsecret: …" where the registry refused a login. */
	char text[600];
};

/* False when the pod says nothing of a kind that is known to be trouble. */
bool kube_trouble_of_pod(const struct js *pod, struct kube_trouble *ret);
/* Of events, for a field selector: warnings, but for those that come most and
 * tell nothing that the pod's own status does not. */
#define KUBE_TROUBLE_EVENTS                                                    \
	"type=Warning,reason!=FailedScheduling,reason!=Unhealthy,"             \
	"reason!=BackOff"
/* The same of such an event, which the caller knows to be about it. */
bool kube_trouble_of_event(const struct js *event, struct kube_trouble *ret);
/* Its condition Ready is True, and it is not about to go. */
bool kube_pod_ready(const struct js *pod);
/* A condition of an object's status is True. */
bool kube_condition(const struct js *object, const char *type);

#endif
