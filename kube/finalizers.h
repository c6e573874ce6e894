/* SPDX-License-Identifier: Apache-2.0 */
/* finalizers.h - the finalizers that keep an object from being deleted. */
#ifndef KUBE_FINALIZERS_H
#define KUBE_FINALIZERS_H

#include <stdbool.h>

#include "base/buf.h"
#include "data/json.h"

/*
 * Finalizers of kubernetes.io and k8s.io, and those without a domain, are the
 * cluster's own: its controllers take them off when it is safe, and so does
 * nobody else. Others are of programs which may be gone.
 */

/* The object's deletion was asked for. */
bool finalizers_deleting(const struct js *object);
/* The first that is not the cluster's own, or NULL. */
const char *finalizers_foreign(const struct js *object);
/* Adds a JSON merge patch that leaves the cluster's own only. It fails at the
 * server when the object is another or has changed meanwhile. */
int finalizers_patch(const struct js *object, struct buf *out,
		     struct error *err);
/* Adds ", held by a, b" or nothing. */
void finalizers_tell(const struct js *object, struct buf *out);

#endif
