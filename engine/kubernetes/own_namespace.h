/* SPDX-License-Identifier: Apache-2.0 */
/* own_namespace.h - the namespace that a run made: away with it, or left. */
#ifndef ENGINE_KUBERNETES_OWN_NAMESPACE_H
#define ENGINE_KUBERNETES_OWN_NAMESPACE_H

#include <stdbool.h>

#include "base/error.h"
#include "kube/kinds.h"

/* A run's own is one that bears its label medley.run. All is borrowed. */
struct own_namespace {
	struct kube *kube;
	struct kinds *kinds;
	const char *name, *run;
};

/* False: it is not there, or not the run's own. */
int own_namespace_there(const struct own_namespace *ns, bool *ret,
			struct error *err);

/*
 * To be called when what the run had in it is gone. Deletes it and waits, by
 * watch, until it is gone, a minute at most. Nothing is begun after
 * `deadline_us` (monotonic): own_namespace_there() tells.
 *
 * A namespace that others have moved into, or where a kind may not be listed
 * and so may hide something of theirs, is theirs from now on: it loses the
 * run's labels, and `stays` says why; its kind is ERROR_NONE otherwise.
 */
int own_namespace_remove(const struct own_namespace *ns, int64_t deadline_us,
			 struct error *stays, struct error *err);

#endif
