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
 * Watches until every StatefulSet and Deployment that the selector finds is
 * ready with its wanted number of replicas, and every Job is complete. The pods
 * must have the labels too. -1: the time is over, or a state cannot improve
 * (trouble.h); the error names the pod, its container's state or the event, and
 * the last log line of a container that ended.
 */
int kube_wait_ready(struct kube *kube, const struct kube_wait *wait,
		    struct error *err);

#endif
