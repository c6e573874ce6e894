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
	OPT_HELP = 1ULL << 0,
	OPT_VERBOSE = 1ULL << 1,
	OPT_NO_COLOR = 1ULL << 2,
	OPT_JSON = 1ULL << 3,
	OPT_KEEP = 1ULL << 4,
	OPT_SEED = 1ULL << 5,
	OPT_RUNS = 1ULL << 6,
	OPT_FILE = 1ULL << 7,
	OPT_REPO = 1ULL << 8,
	OPT_LINES = 1ULL << 9,
	OPT_SECONDS = 1ULL << 10,
	OPT_ALL = 1ULL << 11,
	OPT_LIST = 1ULL << 12,
	OPT_REGISTRY = 1ULL << 13,
	OPT_CERT_DIR = 1ULL << 14,
	OPT_RECIPES = 1ULL << 15,
	OPT_LOAD = 1ULL << 16,
	OPT_ASK_NODES = 1ULL << 17,
	OPT_STATE = 1ULL << 20,
	OPT_DATABASE = 1ULL << 21,
	OPT_LISTEN = 1ULL << 22,
	OPT_APPROVE = 1ULL << 23,
	OPT_PARAMETERS = 1ULL << 24,
	OPT_POLL = 1ULL << 25,
	OPT_RATE = 1ULL << 26,
	OPT_REASON = 1ULL << 27,
	OPT_AFTER = 1ULL << 28,
	OPT_NOW = 1ULL << 29,
	OPT_NETWORK = 1ULL << 30,
	OPT_NAMESPACE = 1ULL << 31,
	OPT_STORAGE_CLASS = 1ULL << 32,
	OPT_CONTEXT = 1ULL << 33,
	OPT_KUBECONFIG = 1ULL << 37,
	OPT_OUTPUT = 1ULL << 34,
	OPT_FORMAT = 1ULL << 35,
	OPT_FROM_REGISTRY = 1ULL << 36,
	OPT_ENGINE = 1ULL << 44,
	OPT_OLDER_THAN = 1ULL << 40,
	OPT_DRY_RUN = 1ULL << 41,
	OPT_ONLY_NAMESPACE = 1ULL << 42,
	OPT_FROM = 1ULL << 52,
	OPT_COMMON = OPT_HELP | OPT_VERBOSE | OPT_NO_COLOR
};

enum { CLI_ARGS = 128 };

/* One command line, parsed. Texts are borrowed from argv. */
struct cli {
	const struct command *command;
	uint64_t given; /* option_bits */
	uint64_t seed;
	const char *runs; /* directory of runs */
	const char *file;
	const char *repo;
	const char *registry;
	const char *cert_dir; /* of the registry */
	const char *recipes; /* the user's own */
	uint64_t lines;
	uint64_t seconds;
	const char *load; /* of drive: a file */
	/* Of the doorman. */
	const char *state, *database, *listen, *approve, *parameters, *reason;
	const char *from;
	uint64_t poll, rate, after;
	/* Of generate, and of where a run goes. */
	const char *engine;
	const char *namespace;
	const char *storage_class;
	const char *context;
	const char *kubeconfig;
	const char *output;
	const char *format;
	/* Of clean. */
	const char *older_than;
	const char *args[CLI_ARGS];
	unsigned arg_count;
};

static inline bool cli_has(const struct cli *cli, enum option_bit bit)
{
	return (cli->given & bit) != 0;
}

struct command {
	const char *name;
	const char *usage; /* what follows the name */
	const char *brief; /* one line */
	const char *text; /* paragraphs */
	uint64_t options; /* option_bits, beside OPT_COMMON */
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
/* For a command's verb that takes only some of its options: ERROR_INPUT if
 * another one was given. */
int options_of_verb(const struct cli *cli, const char *verb, uint64_t bits,
		    struct error *err);
/* Adds "  -n, --lines N   help" lines; as rows of Markdown if `markdown`. */
void options_describe(uint64_t bits, bool markdown, struct buf *out);

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
int cmd_clean(struct cli *cli, int *exit_code, struct error *err);
int cmd_down(struct cli *cli, int *exit_code, struct error *err);
int cmd_scale(struct cli *cli, int *exit_code, struct error *err);
int cmd_upgrade(struct cli *cli, int *exit_code, struct error *err);
int cmd_status(struct cli *cli, int *exit_code, struct error *err);
int cmd_logs(struct cli *cli, int *exit_code, struct error *err);
int cmd_show(struct cli *cli, int *exit_code, struct error *err);
int cmd_health(struct cli *cli, int *exit_code, struct error *err);
int cmd_doorman(struct cli *cli, int *exit_code, struct error *err);
int cmd_doctor(struct cli *cli, int *exit_code, struct error *err);
int cmd_version(struct cli *cli, int *exit_code, struct error *err);
int cmd_help(struct cli *cli, int *exit_code, struct error *err);

#endif
