/* SPDX-License-Identifier: Apache-2.0 */
/* cli.h - a command line as typed, and the table of commands. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "cli/groups.h"
#include "cli/options.h"

enum { CLI_ARGS = 128 };

/* One command line, read. Texts are borrowed from argv. */
struct cli {
	const struct command *command; /* what is to be done */
	/* What was typed, which errors and --help name: the same, but
	 * "doorman" without a verb, which does what "doorman serve" does. */
	const struct command *typed;
	void *options; /* the command's struct, filled; owned */
	const char *args[CLI_ARGS];
	unsigned arg_count;
};

/* A line that somebody may type, and what it does. */
struct usage_example {
	const char *line, *what;
};

/* A list of them, which ends with an empty one. */
#define EXAMPLES(...)                                                          \
	((const struct usage_example[]){ __VA_ARGS__, { NULL, NULL } })

/*
 * A command, in a file of its own with its options, their struct and what it
 * does. A command with verbs does nothing itself: each verb is a command, with
 * options and help of its own, and the first one is done if none is typed.
 */
struct command {
	const char *name; /* of a verb: "doorman approve" */
	const char *usage; /* what follows the name */
	const char *brief; /* one line */
	const char *text; /* paragraphs, or NULL */
	const struct usage_example *examples; /* EXAMPLES() */
	struct option_group options; /* beside common_group */
	size_t common_offset; /* of struct common_options in the struct */
	unsigned least, most; /* arguments */
	bool needs_data; /* medley's data files (sys/home.h) */
	bool hidden; /* for programs: no help lists it */
	/* 0, or -1 and the error; a verdict's code in *exit_code. */
	int (*run)(const struct cli *cli, int *exit_code, struct error *err);
	const struct command *const *verbs; /* NULL: none */
	unsigned verb_count;
};

/* The options of a command: an array over a struct with a member `common`. */
#define COMMAND_OPTIONS(array, struct_type)                                    \
	.options = OPTION_GROUP(array, struct_type),                           \
	.common_offset = offsetof(struct_type, common)
/* Of a command that has none beside common_group. */
#define COMMAND_NO_OPTIONS .options = { .size = sizeof(struct common_options) }

extern const struct command *const commands[];
extern const unsigned command_count;
/* The title above the command of that index in `medley help`; NULL: it belongs
 * to the same group as the one before. */
const char *command_group(unsigned index);

/* ERROR_INPUT with the nearest command, or verb, when there is none of this
 * name. */
const struct command *command_find(const char *name, struct error *err);
const struct command *command_find_verb(const struct command *command,
					const char *word, struct error *err);
/* The last word of its name. */
const char *command_word(const struct command *command);
/* All its options in the order of the help; common_group is last. */
void command_options(const struct command *command, struct option_list *ret);

/*
 * Reads the options before the command, from argv[1] on, and moves the command
 * in front of them: the command then reads them like those after it.
 * Errors: ERROR_INPUT.
 */
int cli_read_program(struct program_options *ret, int argc, char **argv,
		     struct error *err);
/* Reads what follows the command's name. Errors: ERROR_INPUT. */
int cli_read(struct cli *cli, const struct command *command, int argc,
	     char **argv, struct error *err);
void cli_release(struct cli *cli);
const struct common_options *cli_common(const struct cli *cli);
/* That argument, or NULL. */
const char *cli_arg(const struct cli *cli, unsigned number);

struct exit_code {
	int code;
	const char *meaning;
};

extern const struct exit_code exit_codes[];
extern const unsigned exit_code_count;

/* What `medley help` writes, in lines of at most `width` columns. */
void help_overview(unsigned width, struct buf *out);
void help_command(const struct command *c, unsigned width, struct buf *out);
/* What standard output has room for, 80 at most. */
unsigned help_width(void);
/* docs/commands.md */
void help_document(struct buf *out);

#define GROUP(title)
#define COMMAND(word) extern const struct command command_##word;
#include "cli/commands.def"
#undef COMMAND
#undef GROUP

#endif
