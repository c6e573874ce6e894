/* SPDX-License-Identifier: Apache-2.0 */
/* options.h - tables of options: how a command line fills a struct. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/error.h"

/*
 * Each command declares its options once, in a table over a struct of its own.
 * The parser takes name, type, bounds and default from the table; help and
 * docs/commands.md take the rest. Options that several commands share are a
 * group: a table over a struct that is a member of the command's. Two commands
 * may have options of one name that mean different things.
 */
struct option_number {
	uint64_t value; /* the fallback, or 0, unless given */
	bool given;
};

/* The values of an option that may be repeated, in their order. */
enum { OPTION_TEXTS_MAX = 16 };
struct option_texts {
	const char *list[OPTION_TEXTS_MAX]; /* borrowed from argv */
	unsigned count;
};

enum option_type {
	OPTION_FLAG, /* bool */
	OPTION_TEXT, /* const char *: borrowed from argv, or the fallback */
	OPTION_NUMBER, /* struct option_number */
	OPTION_TEXTS /* struct option_texts: given several times */
};

struct option_group;

struct option {
	const char *name; /* of the long form, without "--" */
	char letter; /* of the short form, or 0 */
	const char *value; /* what stands for the value; NULL: a flag */
	enum option_type type;
	size_t offset; /* of the member in the struct */
	uint64_t most; /* of a number from 1 on; 0: any number */
	const char *choices; /* of a text: separated by single spaces */
	const char *fallback; /* value unless given; the help says "(value)" */
	const char *help;
	/* This entry stands for the options of a group, over the struct of
	 * `size` bytes at `offset`; it has no name. */
	const struct option_group *group;
	size_t size;
};

/* The type of an option is the type of its member. */
#define OPTION_OF(struct_type, member)                                         \
	.type = _Generic(((struct_type *)0)->member,                           \
		bool: OPTION_FLAG,                                             \
		const char *: OPTION_TEXT,                                     \
		struct option_number: OPTION_NUMBER,                           \
		struct option_texts: OPTION_TEXTS),                            \
	.offset = offsetof(struct_type, member)

/* The options of a group, whose struct is a member of this one. */
#define OPTIONS_OF_GROUP(which, struct_type, member)                           \
	{ .group = &(which),                                                   \
	  .offset = offsetof(struct_type, member),                             \
	  .size = sizeof(((struct_type *)0)->member) }
/* The options of a group over the same struct. */
#define OPTIONS_OF_SAME(which, struct_type)                                    \
	{ .group = &(which), .size = sizeof(struct_type) }

struct option_group {
	const struct option *list;
	unsigned count;
	size_t size; /* of the struct */
};

#define OPTION_GROUP(array, struct_type)                                       \
	{ .list = array,                                                       \
	  .count = ARRAY_SIZE(array),                                          \
	  .size = sizeof(struct_type) }

enum { OPTIONS_MAX = 40 };

/* Options without groups; the offsets count from one struct. */
struct option_list {
	struct option list[OPTIONS_MAX];
	unsigned count;
};

/* Appends the options of the group, whose struct is at `offset`. */
void options_gather(const struct option_group *group, size_t offset,
		    struct option_list *list);
/* NULL: there is none. */
const struct option *options_find(const struct option_list *list,
				  const char *name, size_t len);
const struct option *options_find_letter(const struct option_list *list,
					 char letter);
/* The option that the word "--name", "--name=value", "-n" or "-nvalue" names;
 * *value: the value that the word has as well, or NULL. */
const struct option *options_match(const struct option_list *list,
				   const char *word, const char **value);
/* Puts the fallbacks into the struct at `base`. */
int options_preset(const struct option_list *list, void *base,
		   struct error *err);
/* Puts one value into the struct; `value` of a flag is ignored. ERROR_INPUT
 * names the option. */
int option_take(const struct option *o, const char *value, void *base,
		struct error *err);
/* "-n, --lines N" */
enum { OPTION_FORM = 64 };
const char *option_form(const struct option *o, char room[OPTION_FORM]);
/* Adds "  -n, --lines N   help" lines of at most `width` columns. */
void options_describe(const struct option_list *list, unsigned width,
		      struct buf *out);
/* The same as items of Markdown. */
void options_document(const struct option_list *list, struct buf *out);

#endif
