/* SPDX-License-Identifier: Apache-2.0 */
/* wait.h - until what was applied is ready, or cannot become so; or is gone. */
#ifndef KUBE_WAIT_H
#define KUBE_WAIT_H

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

struct kube_kind_name {
	const char *api_version, *kind;
};

/* Until nothing that the selector finds, of the given kinds, is there; the
 * error lists what is left. */
int kube_wait_gone(struct kube *kube, const struct kube_wait *wait,
		   const struct kube_kind_name *kinds, size_t count,
		   struct error *err);

#endif
