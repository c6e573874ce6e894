/* SPDX-License-Identifier: Apache-2.0 */
/* yaml.h - YAML documents as trees that remember where each part stood. */
#ifndef DATA_YAML_H
#define DATA_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"

enum yaml_type { YAML_SCALAR, YAML_SEQUENCE, YAML_MAP };

struct yaml_node {
	enum yaml_type type;
	int line, column; /* from 1 */
	const char *text; /* scalar: its text, NUL-terminated */
	size_t len;
	bool plain; /* scalar without quotes: may be a number */
	size_t count; /* sequence: items; map: pairs */
	struct yaml_node **items; /* sequence: items; map: values */
	struct yaml_node **keys; /* map: keys (scalars), unique */
};

struct yaml_faults;

/* One file: all its documents. Nodes live in the caller's arena. */
struct yaml_file {
	const char *name; /* for errors */
	size_t count;
	struct yaml_node **documents;
	struct yaml_faults *faults; /* see below; NULL: none are gathered */
};

/*
 * Reads a file of at most 16 MiB, depth at most 64: UTF-8, with or without a
 * byte order mark, or UTF-16 with one. Aliases, tags and double keys are
 * refused. Errors: ERROR_INPUT, "name:line:column: what".
 */
int yaml_read(const char *path, struct arena *arena, struct yaml_file *ret,
	      struct error *err);
int yaml_parse(const char *name, const void *text, size_t len,
	       struct arena *arena, struct yaml_file *ret, struct error *err);

/*
 * The same for a file of other programs' making: aliases and merge keys ("<<")
 * are read, too. What the file shares is one node of the tree, and may stand in
 * it so often that only a look-up by keys ends in time.
 */
int yaml_parse_shared(const char *name, const void *text, size_t len,
		      struct arena *arena, struct yaml_file *ret,
		      struct error *err);

/* Whether the node is a plain null, ~, or nothing at all. */
bool yaml_is_null(const struct yaml_node *node);

/* The value of `key` in a map, or NULL: when node is NULL or not a map, when
 * the key is absent, and when its value is null, which means the same. */
struct yaml_node *yaml_get(const struct yaml_node *node, const char *key);
/* The text of the scalar at `key`, or NULL. */
const char *yaml_str(const struct yaml_node *node, const char *key);

/* ERROR_INPUT "name:line:column: message" for a part of the file. Where the
 * file gathers faults, it is added to them as well. */
int yaml_error(const struct yaml_file *file, const struct yaml_node *at,
	       struct error *err, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/*
 * A reader stops at the first fault of a file, unless the file gathers its
 * faults. Then the reader goes on after a fault, and still returns -1 in the
 * end.
 */
struct yaml_fault {
	int line, column; /* 0: of the whole file */
	const char *text; /* without the place */
};

struct yaml_faults {
	struct arena *arena;
	struct yaml_fault *list; /* in `arena` */
	unsigned count, room;
};

/* A reader that has failed so goes on: the file gathers faults, and memory has
 * not run out. */
bool yaml_goes_on(const struct yaml_file *file, const struct error *err);
/* Adds an error, whose text may begin with "name:line:column: ". */
void yaml_faults_add(struct yaml_faults *f, const char *name,
		     const struct error *err);
/* Sorts them by their places, and drops repeats. */
void yaml_faults_sort(struct yaml_faults *f);
/* A fault stands at this very place. */
bool yaml_faulty(const struct yaml_file *file, const struct yaml_node *at);

/* Adds `text` as a YAML double-quoted scalar (JSON's escapes). */
void yaml_quote(struct buf *out, const char *text);
/* Writes a tree back as block YAML at `indent` spaces; scalars are written
 * plain where that reads back the same, else quoted, long ones as "|". */
void yaml_write(struct buf *out, const struct yaml_node *node, int indent);

#endif
