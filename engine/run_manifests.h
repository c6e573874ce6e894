/* SPDX-License-Identifier: Apache-2.0 */
/* run_manifests.h - the Kubernetes objects of a run, as generate wrote them. */
#ifndef ENGINE_RUN_MANIFESTS_H
#define ENGINE_RUN_MANIFESTS_H

#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "data/yaml.h"

/* Every document below <run>/config, in the order of their paths. */
struct manifests {
	struct yaml_node **documents;
	size_t count;
};

/* All parts live in `arena`. ERROR_INPUT when there is no config. */
int manifests_load(const char *run_dir, struct arena *arena,
		   struct manifests *ret, struct error *err);

/* The object of that kind and name, or NULL. */
struct yaml_node *manifests_find(const struct manifests *m, const char *kind,
				 const char *name);

/* metadata.name of an object, or NULL. */
const char *manifest_name(const struct yaml_node *object);

#endif
