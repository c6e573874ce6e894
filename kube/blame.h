/* SPDX-License-Identifier: Apache-2.0 */
/* blame.h - finds what keeps an object from becoming ready. */
#ifndef KUBE_BLAME_H
#define KUBE_BLAME_H

#include "base/error.h"
#include "kube/client.h"
#include "kube/trouble.h"
#include "kube/view.h"

/* The time since which an object has a trouble of this family. */
struct blame_timer {
	char uid[64];
	const char *family; /* static */
	int64_t since_us;
};

enum { BLAME_TIMERS = 256 };

/* No I/O. Remembers when each trouble was seen first. */
struct blame_finder {
	const struct view *events; /* Warning events of the namespace */
	const struct js **troubles; /* owned; those of them that count */
	size_t trouble_count;
	struct blame_timer timers[BLAME_TIMERS];
	size_t timer_count;
};

/* An object in trouble. */
struct kube_blame {
	char kind[64], name[256]; /* kind empty: nothing is known */
	struct kube_trouble trouble;
	bool hopeless; /* its grace period is over */
};

void blame_release(struct blame_finder *a);
/* To be called before a round of the calls below: reads the current events. */
int blame_begin(struct blame_finder *a, struct error *err);
/* For a pod that is not ready: looks at its status, then at the events about it
 * and its claims. */
bool blame_pod(struct blame_finder *a, const struct js *pod,
	       struct kube_blame *ret);
/* For a StatefulSet or the like that lacks pods: looks at the events about
 * it. */
bool blame_owner(struct blame_finder *a, const char *kind,
		 const struct js *object, struct kube_blame *ret);

/* Sets "Pod net/bank-0, container node <what>: CrashLoopBackOff: …: log: …",
 * with the last log line of a container that ran. Returns -1. */
int kube_blame_error(struct kube *k, const char *namespace,
		     const struct kube_blame *b, const char *what,
		     struct error *err);

#endif
