/* SPDX-License-Identifier: Apache-2.0 */
/* tree.h - builds and changes YAML trees, for manifests that are rewritten. */
#ifndef DEPLOY_TREE_H
#define DEPLOY_TREE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "data/yaml.h"

/*
 * Nodes live in the arena. A step that finds no memory marks the tree
 * `failed` and gives NULL, which every call takes; the caller asks once, at
 * the end: tree_check(). Trees that yaml_parse() made may be changed too, but
 * a part that several trees share must be copied first.
 */
struct tree {
	struct arena *arena;
	bool failed;
};

int tree_check(const struct tree *t, struct error *err);

struct yaml_node *tree_map(struct tree *t);
struct yaml_node *tree_list(struct tree *t);
/* A string, and a scalar that is no string: a number, true, false. */
struct yaml_node *tree_text(struct tree *t, const char *text);
struct yaml_node *tree_plain(struct tree *t, const char *text);
struct yaml_node *tree_copy(struct tree *t, const struct yaml_node *node);

/* Replaces the value of `key`, or adds the pair. */
void tree_set(struct tree *t, struct yaml_node *map, const char *key,
	      struct yaml_node *value);
void tree_set_text(struct tree *t, struct yaml_node *map, const char *key,
		   const char *text);
/* Removes the pair if it is there. */
void tree_drop(struct yaml_node *map, const char *key);
void tree_append(struct tree *t, struct yaml_node *list,
		 struct yaml_node *item);

/* yaml_get() along several keys, up to a NULL. */
struct yaml_node *tree_at(const struct yaml_node *node, const char *key, ...)
	__attribute__((sentinel));
/* The count of a sequence or map; 0 for NULL. */
size_t tree_count(const struct yaml_node *node);

#endif
