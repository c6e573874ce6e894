/* SPDX-License-Identifier: Apache-2.0 */
/* logs.h - the last lines of a container's log. */
#ifndef KUBE_LOGS_H
#define KUBE_LOGS_H

#include "kube/client.h"

struct kube_log {
	const char *namespace, *pod;
	const char *container; /* NULL: the pod's only one */
	int tail; /* lines; 0: all */
	int64_t since_us; /* wall clock; 0: all. Servers read whole seconds */
	bool previous; /* of the container's run before the current one */
};

/* Adds the log to `out`. Requests at most as many bytes as `out` has room
 * for. */
int kube_log_read(struct kube *k, const struct kube_log *log,
		  int64_t deadline_us, struct buf *out, struct error *err);

/* Takes bytes of a log, borrowed; -1 ends the log. */
typedef int (*kube_log_fn)(void *ctx, const void *bytes, size_t len,
			   struct error *err);

/*
 * Gives the log to `take` as it comes, until the container ends, `take` fails
 * or medley is interrupted; calls it at least once a second, with a `len` of 0
 * while no bytes come. A connection that breaks is an error: who asked has a
 * part of the log already.
 */
int kube_log_follow(struct kube *k, const struct kube_log *log,
		    kube_log_fn take, void *ctx, struct error *err);

#endif
