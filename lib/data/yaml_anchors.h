/* SPDX-License-Identifier: Apache-2.0 */
/* yaml_anchors.h - anchors and aliases of a YAML file; only for yaml.c. */
#ifndef DATA_YAML_ANCHORS_H
#define DATA_YAML_ANCHORS_H

#include "data/yaml.h"

/* Searched linearly, so the numbers are small. */
enum { YAML_ANCHORS_MAX = 1000, YAML_MERGED_MAX = 100 };

/* Initialised with zeros. Everything lives in the arena of the tree. */
struct yaml_anchors {
	struct yaml_anchor {
		const char *name;
		struct yaml_node *node;
	} *list;
	size_t count;
};

/* Stores the anchor `name` of `node`. Called when the node is complete, so that
 * no node can contain itself. */
int yaml_anchors_add(struct yaml_anchors *all, struct arena *arena,
		     const char *name, struct yaml_node *node,
		     struct error *err);
/* The last node of that name, or NULL. */
struct yaml_node *yaml_anchors_find(const struct yaml_anchors *all,
				    const char *name);

/*
 * Replaces the key "<<" of a map by the pairs of its value, a map or a list of
 * maps. Keys of the map itself have priority; of a list, the first map with a
 * key counts. A "<<" after other keys is refused, because readers differ in the
 * value that they use then.
 */
int yaml_merge(const struct yaml_file *file, struct yaml_node *map,
	       struct arena *arena, struct error *err);

#endif
