/* SPDX-License-Identifier: Apache-2.0 */
/* cli.h - a command as typed, and the table of commands it is found in. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

/* Options are declared once, in options.c; a command names those it takes. */
enum option_bit {
	OPT_HELP = 1 << 0,
	OPT_VERBOSE = 1 << 1,
	OPT_NO_COLOR = 1 << 2,
	OPT_JSON = 1 << 3,
	OPT_KEEP = 1 << 4,
	OPT_SEED = 1 << 5,
	OPT_RUNS = 1 << 6,
	OPT_FILE = 1 << 7,
	OPT_REPO = 1 << 8,
	OPT_LINES = 1 << 9,
	OPT_SECONDS = 1 << 10,
	OPT_ALL = 1 << 11,
	OPT_LIST = 1 << 12,
	OPT_REGISTRY = 1 << 13,
	OPT_CERT_DIR = 1 << 14,
	OPT_RECIPES = 1 << 15,
	OPT_NETWORK = 1 << 16,
	OPT_NAMESPACE = 1 << 17,
	OPT_STORAGE_CLASS = 1 << 18,
	OPT_CONTEXT = 1 << 19,
	OPT_OUTPUT = 1 << 20,
	OPT_FORMAT = 1 << 21,
	OPT_FROM_REGISTRY = 1 << 22,
	OPT_COMMON = OPT_HELP | OPT_VERBOSE | OPT_NO_COLOR
};

enum { CLI_ARGS = 64 };

/* One command line, parsed. Texts are borrowed from argv. */
struct cli {
	const struct command *command;
	unsigned given; /* option_bits */
	uint64_t seed;
	const char *runs; /* directory of runs */
	const char *file;
	const char *repo;
	const char *registry;
	const char *cert_dir; /* of the registry */
	const char *recipes; /* the user's own */
	uint64_t lines;
	uint64_t seconds;
	const char *namespace;
	const char *storage_class;
	const char *context;
	const char *output;
	const char *format;
	const char *args[CLI_ARGS];
	unsigned arg_count;
};

static inline bool cli_has(const struct cli *cli, enum option_bit bit)
{
	return cli->given & bit;
}

struct command {
	const char *name;
	const char *usage; /* what follows the name */
	const char *brief; /* one line */
	const char *text; /* paragraphs */
	unsigned options; /* option_bits, beside OPT_COMMON */
	unsigned least, most; /* arguments */
	/* 0, or -1 and the error; a verdict's code in *exit_code. */
	int (*run)(struct cli *cli, int *exit_code, struct error *err);
};

extern const struct command commands[];
extern const unsigned command_count;

/* ERROR_INPUT with the nearest command when there is none of this name. */
const struct command *command_find(const char *name, struct error *err);

/* Reads what follows the command's name. Errors: ERROR_INPUT. */
int options_parse(struct cli *cli, int argc, char **argv, struct error *err);
/* Adds "  -n, --lines N   help" lines; as rows of Markdown if `markdown`. */
void options_describe(unsigned bits, bool markdown, struct buf *out);

/* What `medley help` writes. */
void help_overview(struct buf *out);
void help_command(const struct command *c, struct buf *out);
/* docs/commands.md */
void help_document(struct buf *out);

/* The commands; each in a file of its name or of its family's. */
int cmd_run(struct cli *cli, int *exit_code, struct error *err);
int cmd_build(struct cli *cli, int *exit_code, struct error *err);
int cmd_generate(struct cli *cli, int *exit_code, struct error *err);
int cmd_up(struct cli *cli, int *exit_code, struct error *err);
int cmd_drive(struct cli *cli, int *exit_code, struct error *err);
int cmd_check(struct cli *cli, int *exit_code, struct error *err);
int cmd_report(struct cli *cli, int *exit_code, struct error *err);
int cmd_down(struct cli *cli, int *exit_code, struct error *err);
int cmd_status(struct cli *cli, int *exit_code, struct error *err);
int cmd_logs(struct cli *cli, int *exit_code, struct error *err);
int cmd_show(struct cli *cli, int *exit_code, struct error *err);
int cmd_health(struct cli *cli, int *exit_code, struct error *err);
int cmd_doctor(struct cli *cli, int *exit_code, struct error *err);
int cmd_version(struct cli *cli, int *exit_code, struct error *err);
int cmd_help(struct cli *cli, int *exit_code, struct error *err);

#endif
