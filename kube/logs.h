/* SPDX-License-Identifier: Apache-2.0 */
/* logs.h - the last lines of a container's log. */
#ifndef KUBE_LOGS_H
#define KUBE_LOGS_H

#include "kube/client.h"

struct kube_log {
	const char *namespace, *pod;
	const char *container; /* NULL: the pod's only one */
	int tail; /* lines; 0: all */
	bool previous; /* of the container's run before the current one */
};

/* Adds the log to `out`. Requests at most as many bytes as `out` has room
 * for. */
int kube_log_read(struct kube *k, const struct kube_log *log,
		  int64_t deadline_us, struct buf *out, struct error *err);

#endif
