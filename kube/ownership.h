/* SPDX-License-Identifier: Apache-2.0 */
/* ownership.h - turns fields of a create into fields of an apply. */
#ifndef KUBE_OWNERSHIP_H
#define KUBE_OWNERSHIP_H

#include <stdbool.h>

#include "base/buf.h"
#include "data/json.h"

/*
 * A create costs the server less than half of an apply, so fresh objects are
 * created. Then metadata.managedFields says that an Update of this manager
 * owns the fields: an apply that leaves one out would not remove it, one that
 * changes it would be a conflict. Before such an object is applied again its
 * entry is made into one of KUBE_MANAGER's applies.
 *
 * The manager has a name of its own, so that what is changed later, as
 * KUBE_MANAGER, is not taken for a part of a manifest.
 */
#define KUBE_MANAGER "medley"
#define KUBE_CREATOR "medley-create"

/* An object, or its metadata, has fields that are still the create's. */
bool ownership_is_creators(const struct js *object);
/* Adds the JSON patch that hands them over; it fails at the server when the
 * object has changed meanwhile. */
int ownership_patch(const struct js *object, struct buf *out,
		    struct error *err);

#endif
