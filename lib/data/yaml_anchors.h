/* SPDX-License-Identifier: Apache-2.0 */
/* yaml_anchors.h - anchors and aliases of a YAML file; only for yaml.c. */
#ifndef DATA_YAML_ANCHORS_H
#define DATA_YAML_ANCHORS_H

#include "data/yaml.h"

/* Both are looked through one by one. */
enum { YAML_ANCHORS_MAX = 1000, YAML_MERGED_MAX = 100 };

/* Begins as zeros. All of it lives in the arena of the tree. */
struct yaml_anchors {
	struct yaml_anchor {
		const char *name;
		struct yaml_node *node;
	} *list;
	size_t count;
};

/* Remembers that the file calls `node` by that name. Called when the node is
 * whole, so that no node can hold itself. */
int yaml_anchors_add(struct yaml_anchors *all, struct arena *arena,
		     const char *name, struct yaml_node *node,
		     struct error *err);
/* The last node of that name, or NULL. */
struct yaml_node *yaml_anchors_find(const struct yaml_anchors *all,
				    const char *name);

/*
 * Replaces the key "<<" of a map by the pairs of the map, or of the list of
 * maps, behind it; keys of the map itself stay, and of a list the first map
 * that has a key counts. A "<<" behind other keys is refused, because readers
 * differ in which value they take then.
 */
int yaml_merge(const struct yaml_file *file, struct yaml_node *map,
	       struct arena *arena, struct error *err);

#endif
