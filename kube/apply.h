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
	/* Before an object is sent: what is created is written down first.
	 * -1 stops all. Or NULL. */
	int (*inventory)(const struct kube_object *o,
			 const struct kube_outcome *where, void *ctx,
			 struct error *err);
	void *ctx;
};

/*
 * Looks all kinds up first: a kind that the cluster does not have stops it
 * before anything is created. Then applies stage by stage; a stage whose
 * object failed is ended, the next is not begun. `outcomes` has an element an
 * object. -1: the error names the first object that failed, and how many did.
 */
int kube_apply_all(struct kube *k, struct kinds *kinds,
		   const struct manifest *m, const struct kube_application *how,
		   struct kube_outcome *outcomes, struct error *err);

#endif
