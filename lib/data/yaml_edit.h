/* SPDX-License-Identifier: Apache-2.0 */
/* yaml_edit.h - builds and changes YAML trees, such as manifests. */
#ifndef DATA_YAML_EDIT_H
#define DATA_YAML_EDIT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "data/yaml.h"

/*
 * Nodes live in the arena. A call that gets no memory marks the tree as
 * `failed` and returns NULL, which every call accepts; the caller checks once,
 * at the end, with yaml_edit_check(). Trees of yaml_parse() may be changed too,
 * but a part that several trees share must be copied first.
 */
struct yaml_edit {
	struct arena *arena;
	bool failed;
};

int yaml_edit_check(const struct yaml_edit *t, struct error *err);

struct yaml_node *yaml_edit_map(struct yaml_edit *t);
struct yaml_node *yaml_edit_list(struct yaml_edit *t);
/* A string, and a scalar that is not a string: a number, true, false. */
struct yaml_node *yaml_edit_text(struct yaml_edit *t, const char *text);
struct yaml_node *yaml_edit_plain(struct yaml_edit *t, const char *text);
struct yaml_node *yaml_edit_copy(struct yaml_edit *t,
				 const struct yaml_node *node);

/* Replaces the value of `key`, or adds the pair. */
void yaml_edit_set(struct yaml_edit *t, struct yaml_node *map, const char *key,
		   struct yaml_node *value);
void yaml_edit_set_text(struct yaml_edit *t, struct yaml_node *map,
			const char *key, const char *text);
/* Removes the pair if it is there. */
void yaml_edit_drop(struct yaml_node *map, const char *key);
void yaml_edit_append(struct yaml_edit *t, struct yaml_node *list,
		      struct yaml_node *item);

/* yaml_get() along several keys, up to a NULL. */
struct yaml_node *yaml_edit_at(const struct yaml_node *node, const char *key,
			       ...) __attribute__((sentinel));
/* The count of a sequence or map; 0 for NULL. */
size_t yaml_edit_count(const struct yaml_node *node);

#endif
