/* SPDX-License-Identifier: Apache-2.0 */
/* yaml_insert.h - adds an item to a list of a YAML file that people write. */
#ifndef DATA_YAML_INSERT_H
#define DATA_YAML_INSERT_H

#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "data/yaml.h"

/*
 * Adds to `out` the text of a file with one more item at the end of the list
 * `key`, a key of the file's only document, which is a map. All other bytes
 * stay: comments, order, blank lines. If the key is absent or has no value, it
 * is added as well, at the end of the file. *ret_line is the line of the item.
 *
 * The function parses the result again and compares it with the original. If
 * the file has a form that cannot be extended in this way, such as a list in
 * brackets, it returns ERROR_INPUT with the place, and no damaged text. `out`
 * must be empty.
 */
int yaml_insert_item(const char *name, const char *text, size_t len,
		     const char *key, struct yaml_node *item,
		     struct arena *arena, struct buf *out, int *ret_line,
		     struct error *err);

#endif
