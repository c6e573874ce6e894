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
	KEY_DATE, /* int64_t: when the day begins, UTC, us since 1970; 0: none
		   */
	KEY_RANGE, /* two int64_t in a row: [least, most], amounts */
	KEY_PAIRS, /* map of any keys to texts: a pointer to struct key_pair */
	KEY_MAP, /* map of `inner` keys, whose offsets count from this one */
	KEY_LIST /* sequence of maps: a pointer to an array of structs */
};

struct keys;

/* An item of a KEY_PAIRS. Both are texts, whatever YAML would make of them;
 * the value may be empty. */
struct key_pair {
	const char *name, *value;
};

struct key {
	const char *name;
	enum key_type type;
	size_t offset; /* of the member in the struct */
	/* KEY_LIST, KEY_PAIRS: of the unsigned number of items. */
	size_t count_offset;
	const struct keys *inner;
	unsigned only; /* forms of the file that have the key; 0: all */
	bool required;
	double min, max; /* numbers and amounts (whole units), items */
	const char *choices; /* separated by single spaces */
	const char *fallback; /* the default as a person would write it */
	const char *otherwise; /* what applies when absent without default */
	const char *help;
};

/*
 * Forms: a file may come in several forms which share most keys, such as what
 * a person writes and what a program saves of it. There is one list; each form
 * is a bit, and a table of its own over that list.
 *
 * Variants: with `one_of`, which is for the items of a KEY_LIST, a map has
 * exactly one of the keys, and this key says what the value is. So a list is a
 * sequence of different things:
 *
 *	struct deed {			- pay: {count: 3}
 *		enum deed_kind kind;	- pause: 30
 *		union {
 *			struct pay pay;
 *			int pause;
 *		};
 *	};
 *
 * `tag` is set to the index of the key in the list; only that key's member is
 * filled, so that the members may share a union.
 */
struct keys {
	const char *what; /* "a bank", for messages */
	const struct key *list;
	unsigned count;
	unsigned form; /* one bit: keys of other forms are unknown; 0: all */
	size_t size; /* of the struct, for KEY_LIST */
	size_t at_offset; /* where to keep the yaml_node, or KEYS_NO_PLACE */
	bool one_of;
	size_t tag_offset; /* of the enum, with one_of */
};

#define KEYS_NO_PLACE ((size_t)-1)

/* A table for a map of its own, which keeps no place. */
#define KEYS_OF(about, array)                                                  \
	{ .what = about,                                                       \
	  .list = array,                                                       \
	  .count = ARRAY_SIZE(array),                                          \
	  .at_offset = KEYS_NO_PLACE }

/* Variants: an enum of the struct has the index of the key. */
#define KEYS_ONE_OF(about, array, struct_type, tag)                            \
	{ .what = about,                                                       \
	  .list = array,                                                       \
	  .count = ARRAY_SIZE(array),                                          \
	  .size = sizeof(struct_type),                                         \
	  .at_offset = KEYS_NO_PLACE,                                          \
	  .one_of = true,                                                      \
	  .tag_offset = offsetof(struct_type, tag) }

/* The keys of the table's form, one by one: the next after `k`, at first NULL;
 * NULL: that was the last. */
const struct key *keys_next(const struct keys *keys, const struct key *k);
/* Of variants: the key that the tag names; NULL: it names none. */
const struct key *keys_variant(const struct keys *keys, const void *base);

/*
 * Fills the struct at `base` from `map`. Absent keys get their fallback; one
 * without stays as it was. Texts and arrays live in `arena`. Errors:
 * "file:line:column: what, expected …". Of a file that gathers its faults
 * (data/yaml.h), the whole map is read: a value that is wrong has its default,
 * and one that is missing stays as it was.
 */
int keys_read(const struct keys *keys, const struct yaml_file *file,
	      const struct yaml_node *map, void *base, struct arena *arena,
	      struct error *err);
/* Writes the struct as keys_read() takes it; empty and NULL texts and empty
 * lists are left out. */
void keys_write(const struct keys *keys, const void *base, int indent,
		struct buf *out);
/* The same as a JSON object, of the caller: amounts are numbers of whole
 * units. */
struct js *keys_json(const struct keys *keys, const void *base);
/* Called with each key that a file may have: its place as a person names it,
 * "banks[].release"; `variant`: one of the keys of an item. */
typedef void (*keys_visit_fn)(const char *place, const struct key *k,
			      bool variant, void *ctx);
void keys_walk(const struct keys *keys, keys_visit_fn visit, void *ctx);
/* Adds what the key takes: "a whole number from 1 to 5". */
void key_describe(const struct key *k, struct buf *out);
/* Adds rows of a Markdown table, "| key | value | default | help |". */
void keys_document(const struct keys *keys, struct buf *out);

#endif
