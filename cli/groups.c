/* SPDX-License-Identifier: Apache-2.0 */
/* groups.c - options that several commands share. */
#include "cli/groups.h"

static const struct option common_list[] = {
	{ .name = "verbose",
	  .letter = 'v',
	  OPTION_OF(struct common_options, verbose),
	  .help = "print all progress, each step on its own line" },
	{ .name = "no-color",
	  OPTION_OF(struct common_options, no_color),
	  .help = "no colours, even on a terminal" },
	{ .name = "help",
	  .letter = 'h',
	  OPTION_OF(struct common_options, help),
	  .help = "print this help" },
};

const struct option_group common_group =
	OPTION_GROUP(common_list, struct common_options);

static const struct option program_list[] = {
	OPTIONS_OF_GROUP(common_group, struct program_options, common),
	{ .name = "version",
	  .letter = 'V',
	  OPTION_OF(struct program_options, version),
	  .help = "print the version and the build options" },
};

const struct option_group program_group =
	OPTION_GROUP(program_list, struct program_options);

static const struct option json_list[] = {
	{ .name = "json",
	  OPTION_OF(struct common_options, json),
	  .help = "one JSON document on standard output (docs/json.md)" },
};

const struct option_group json_group =
	OPTION_GROUP(json_list, struct common_options);

static const struct option runs_list[] = {
	{ .name = "runs",
	  .value = "DIR",
	  OPTION_OF(struct run_options, runs),
	  .fallback = "runs",
	  .help = "directory of the runs (runs); RUN is a path, or the "
		  "beginning of a run's name in DIR (DIR/latest)" },
};

const struct option_group runs_group =
	OPTION_GROUP(runs_list, struct run_options);

static const struct option seed_list[] = {
	{ .name = "seed",
	  .value = "N",
	  OPTION_OF(struct run_options, seed),
	  .help = "random seed of the schedule (the seed in the file, or a new "
		  "one)" },
};

const struct option_group seed_group =
	OPTION_GROUP(seed_list, struct run_options);

static const struct option check_list[] = {
	{ .name = "ask-nodes",
	  OPTION_OF(struct check_options, ask_nodes),
	  .help = "also ask each bank's node over RPC how much cash it holds, "
		  "and compare the answer with the databases" },
};

const struct option_group check_group =
	OPTION_GROUP(check_list, struct check_options);

static const struct option load_list[] = {
	{ .name = "load",
	  .value = "FILE",
	  OPTION_OF(struct load_options, file),
	  .help = "drive the load in FILE, instead of the load of the run" },
};

const struct option_group load_group =
	OPTION_GROUP(load_list, struct load_options);
