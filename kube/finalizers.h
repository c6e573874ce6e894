/* SPDX-License-Identifier: Apache-2.0 */
/* finalizers.h - the finalizers that keep an object from being deleted. */
#ifndef KUBE_FINALIZERS_H
#define KUBE_FINALIZERS_H

#include <stdbool.h>

#include "base/buf.h"
#include "data/json.h"

/*
 * Finalizers of kubernetes.io and k8s.io, and those without a domain, are the
 * cluster's own: only its controllers remove them, when it is safe. Other
 * finalizers belong to programs that may not run any more.
 */

/* True if the object is being deleted. */
bool finalizers_deleting(const struct js *object);
/* The first that is not the cluster's own, or NULL. */
const char *finalizers_foreign(const struct js *object);
/* Adds a JSON merge patch that keeps only the cluster's own finalizers. The
 * server refuses the patch if the object was replaced or has changed in the
 * meantime. */
int finalizers_patch(const struct js *object, struct buf *out,
		     struct error *err);
/* Adds ", held by a, b" or nothing. */
void finalizers_tell(const struct js *object, struct buf *out);

#endif
