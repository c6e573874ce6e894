/* SPDX-License-Identifier: Apache-2.0 */
/* sweep.h - lists and deletes the objects with a label. */
#ifndef KUBE_SWEEP_H
#define KUBE_SWEEP_H

#include "base/arena.h"
#include "base/progress.h"
#include "kube/kinds.h"

struct kube_left {
	char kind[64]; /* "StatefulSet" */
	char name[256]; /* without the namespace */
};

struct kube_sweep {
	const char *namespace; /* only kube_sweep_each() goes without one */
	const char *selector; /* labels; never empty */
	int seconds; /* for all of it */
	struct progress *progress; /* or NULL */
	/* What hindered and did not stop it: a kind that may not be listed, a
	 * finalizer that was taken off. One line; or NULL. */
	void (*note)(const char *text, void *ctx);
	/* A kind that may not be listed, instead of a note; or NULL. */
	void (*hidden)(const char *kind, const struct error *why, void *ctx);
	void *ctx; /* of both */
};

/* Calls fn with each object, without its spec and status, that the selector
 * finds; in all namespaces where none is given. Stops on non-zero, -1. */
int kube_sweep_each(struct kube *k, struct kinds *kinds,
		    const struct kube_sweep *what,
		    int (*fn)(const char *kind, const struct js *object,
			      void *ctx, struct error *err),
		    void *ctx, struct error *err);
/* Everything that the selector finds, of the kinds that a run's objects have
 * and of those that controllers make for them. The array is in the arena. */
int kube_sweep_list(struct kube *k, struct kinds *kinds,
		    const struct kube_sweep *what, struct arena *arena,
		    struct kube_left **ret, unsigned *ret_count,
		    struct error *err);

/*
 * Deletes it all: first what would make pods anew, then pods, then the rest.
 * Waits by watch until a last list is empty. ERROR_LEFT names what is left,
 * and why.
 *
 * An object that is held for 10 s by a finalizer of somebody else's loses that
 * finalizer. The cluster's own (kubernetes.io/pvc-protection …) stay: a claim
 * goes when no pod uses it. A kind that may not be listed is told of, and
 * hinders nothing. The server may be away meanwhile.
 */
int kube_sweep(struct kube *k, struct kinds *kinds,
	       const struct kube_sweep *what, struct error *err);

#endif
