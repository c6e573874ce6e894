/* SPDX-License-Identifier: Apache-2.0 */
/* trouble.h - finds why a pod is not ready, and whether to wait. */
#ifndef KUBE_TROUBLE_H
#define KUBE_TROUBLE_H

#include <stdbool.h>

#include "data/json.h"

/*
 * What is wrong, in the cluster's words. Reasons that alternate (an image's
 * ErrImagePull and ImagePullBackOff) form one family with one timer.
 */
struct kube_trouble {
	const char *family; /* static: "image", "crash" … */
	int grace_s; /* how long to wait for an improvement; 0: none is
		      * possible */
	char container[128]; /* empty: the pod's own */
	/* "ErrImagePull: the server's words"; "ErrImagePull with Secret
	 * regsecret: …" where the registry refused a login. */
	char text[600];
};

/* False if the pod's status has no known trouble. */
bool kube_trouble_of_pod(const struct js *pod, struct kube_trouble *ret);
/* A field selector for events: warnings, without frequent ones that say no more
 * than the pod's own status. */
#define KUBE_TROUBLE_EVENTS                                                    \
	"type=Warning,reason!=FailedScheduling,reason!=Unhealthy,"             \
	"reason!=BackOff"
/* The same for such an event. The caller has checked that the event is about
 * the object. */
bool kube_trouble_of_event(const struct js *event, struct kube_trouble *ret);
/* True if the pod's condition Ready is True and it is not being deleted. */
bool kube_pod_ready(const struct js *pod);
/* True if this condition of the object's status is True. */
bool kube_condition(const struct js *object, const char *type);

#endif
