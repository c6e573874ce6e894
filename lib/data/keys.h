/* SPDX-License-Identifier: Apache-2.0 */
/* keys.h - tables of keys: how a YAML map fills a struct, and back. */
#ifndef DATA_KEYS_H
#define DATA_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/cleanup.h"
#include "data/json.h"
#include "data/yaml.h"

/*
 * A key is declared once. The reader takes its type, bounds and default from
 * the table, the writer its place, the documentation its help.
 */
enum key_type {
	KEY_TEXT, /* const char *; one of `choices` if there are any */
	KEY_CHOICE, /* an enum: the index of the text in `choices` */
	KEY_BOOL, /* bool */
	KEY_INT, /* int */
	KEY_UNSIGNED, /* unsigned */
	KEY_LONG, /* int64_t */
	KEY_SEED, /* uint64_t, any */
	KEY_REAL, /* double */
	KEY_AMOUNT, /* int64_t: money with two decimals, smallest units */
	KEY_RANGE, /* two int64_t in a row: [least, most], amounts */
	KEY_MAP, /* map of `inner` keys, whose offsets count from this one */
	KEY_LIST /* sequence of maps: a pointer to an array of structs */
};

struct keys;

struct key {
	const char *name;
	enum key_type type;
	size_t offset; /* of the member in the struct */
	size_t count_offset; /* KEY_LIST: of the unsigned number of items */
	const struct keys *inner;
	bool required;
	double min, max; /* numbers and amounts (whole units), items */
	const char *choices; /* separated by single spaces */
	const char *fallback; /* the default as a person would write it */
	const char *otherwise; /* what applies when absent without default */
	const char *help;
};

struct keys {
	const char *what; /* "a bank", for messages */
	const struct key *list;
	unsigned count;
	size_t size; /* of the struct, for KEY_LIST */
	size_t at_offset; /* where to keep the yaml_node, or KEYS_NO_PLACE */
};

#define KEYS_NO_PLACE ((size_t)-1)

/* A table for a map of its own, which keeps no place. */
#define KEYS_OF(about, array)                                                  \
	{ .what = about,                                                       \
	  .list = array,                                                       \
	  .count = ARRAY_SIZE(array),                                          \
	  .at_offset = KEYS_NO_PLACE }

/*
 * Fills the struct at `base` from `map`. Absent keys get their fallback; one
 * without stays as it was. Texts and arrays live in `arena`. Errors:
 * "file:line:column: what, expected …".
 */
int keys_read(const struct keys *keys, const struct yaml_file *file,
	      const struct yaml_node *map, void *base, struct arena *arena,
	      struct error *err);
/* Writes the struct as keys_read() takes it; empty and NULL texts are left
 * out. */
void keys_write(const struct keys *keys, const void *base, int indent,
		struct buf *out);
/* The same as a JSON object, of the caller: amounts are numbers of whole
 * units. Lists are left out. */
struct js *keys_json(const struct keys *keys, const void *base);
/* Adds rows of a Markdown table, "| key | value | default | help |". */
void keys_document(const struct keys *keys, const char *prefix,
		   struct buf *out);

#endif
