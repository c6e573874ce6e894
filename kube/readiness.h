/* SPDX-License-Identifier: Apache-2.0 */
/* readiness.h - waits until applied objects are ready, or cannot be. */
#ifndef KUBE_READINESS_H
#define KUBE_READINESS_H

#include "base/progress.h"
#include "kube/client.h"

struct kube_wait {
	const char *namespace;
	const char *selector; /* labels */
	int seconds;
	struct progress *progress; /* or NULL */
};

/*
 * Until every StatefulSet, Deployment and Job that the selector finds is ready
 * (a Job: complete) at its wanted number of replicas; by watch. The pods must
 * bear the labels, too. -1: the bound passed, or a state is hopeless
 * (trouble.h); the error names the pod, its container's state or the event,
 * and the last log line of a container that ended.
 */
int kube_wait_ready(struct kube *kube, const struct kube_wait *wait,
		    struct error *err);

#endif
