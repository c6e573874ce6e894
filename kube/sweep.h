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
	/* Called with obstacles that did not stop the sweep: a kind that may
	 * not be listed, a finalizer that was removed. One line; or NULL. */
	void (*note)(const char *text, void *ctx);
	/* Called for a kind that may not be listed, instead of `note`; or
	 * NULL. */
	void (*hidden)(const char *kind, const struct error *why, void *ctx);
	void *ctx; /* of both */
};

/* Calls fn with each object that the selector finds, without its spec and
 * status; in all namespaces if none is given. Stops and returns -1 if fn
 * returns non-zero. */
int kube_sweep_each(struct kube *k, struct kinds *kinds,
		    const struct kube_sweep *what,
		    int (*fn)(const char *kind, const struct js *object,
			      void *ctx, struct error *err),
		    void *ctx, struct error *err);
/* Lists everything that the selector finds: objects of the kinds that a run
 * has, and of those that controllers create for them. The array is in the
 * arena. */
int kube_sweep_list(struct kube *k, struct kinds *kinds,
		    const struct kube_sweep *what, struct arena *arena,
		    struct kube_left **ret, unsigned *ret_count,
		    struct error *err);

/*
 * Deletes all of it: first the objects that would create pods again, then pods,
 * then the rest. Watches until a last list is empty. ERROR_LEFT names the
 * objects that are left, and the reason.
 *
 * If a foreign finalizer holds an object for 10 s, it is removed. Finalizers of
 * the cluster (kubernetes.io/pvc-protection …) stay: a claim is deleted when no
 * pod uses it. A kind that may not be listed is reported and does not stop the
 * sweep. The server may be unreachable for some time.
 */
int kube_sweep(struct kube *k, struct kinds *kinds,
	       const struct kube_sweep *what, struct error *err);

#endif
