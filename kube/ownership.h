/* SPDX-License-Identifier: Apache-2.0 */
/* ownership.h - turns fields of a create into fields of an apply. */
#ifndef KUBE_OWNERSHIP_H
#define KUBE_OWNERSHIP_H

#include <stdbool.h>

#include "base/buf.h"
#include "data/json.h"

/*
 * A create costs the server less than half of an apply, so medley creates new
 * objects. After a create, metadata.managedFields says that an Update of this
 * manager owns the fields: an apply that leaves a field out would not remove
 * it, and an apply that changes a field would be a conflict. So before such an
 * object is applied again, this entry is changed into one of KUBE_MANAGER's
 * applies.
 *
 * Creates use another manager name, so that later changes by KUBE_MANAGER do
 * not count as parts of a manifest.
 */
#define KUBE_MANAGER "medley"
#define KUBE_CREATOR "medley-create"

/* True if the object (or its metadata) has fields that a create still owns. */
bool ownership_is_creators(const struct js *object);
/* Adds the JSON patch that changes the owner. The server refuses the patch if
 * the object has changed in the meantime. */
int ownership_patch(const struct js *object, struct buf *out,
		    struct error *err);

#endif
