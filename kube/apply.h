/* SPDX-License-Identifier: Apache-2.0 */
/* apply.h - applies many objects at once, in the order of their kinds. */
#ifndef KUBE_APPLY_H
#define KUBE_APPLY_H

#include "base/progress.h"
#include "kube/manifest.h"
#include "kube/objects.h"

struct kube_outcome {
	const struct kube_kind *kind; /* NULL: it was not looked up */
	const char *namespace; /* where it went; NULL for the cluster's */
	bool applied, created;
	struct error err; /* why it is not applied */
};

struct kube_application {
	const char *namespace; /* of objects that name none */
	unsigned flags; /* enum kube_flags */
	unsigned in_flight; /* at once; 0: 64 */
	int64_t deadline_us;
	struct progress *progress; /* or NULL */
	/* Called before an object is sent, so that each object is recorded
	 * before it exists. -1 stops everything. Or NULL. */
	int (*inventory)(const struct kube_object *o,
			 const struct kube_outcome *where, void *ctx,
			 struct error *err);
	void *ctx;
};

/*
 * Looks up all kinds first; if the cluster does not have a kind, nothing is
 * created. Then applies the objects stage by stage. If an object fails, the
 * rest of its stage is still applied, and the next stage is not started.
 * `outcomes` has one element for each object. -1: the error names the first
 * object that failed, and the number of failures.
 */
int kube_apply_all(struct kube *k, struct kinds *kinds,
		   const struct manifest *m, const struct kube_application *how,
		   struct kube_outcome *outcomes, struct error *err);

#endif
