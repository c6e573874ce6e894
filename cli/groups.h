/* SPDX-License-Identifier: Apache-2.0 */
/* groups.h - options that several commands share: common, run, load. Those of
 * where a network goes are in placement.h. */
#ifndef CLI_GROUPS_H
#define CLI_GROUPS_H

#include "cli/options.h"
#include "cli/placement.h"

/* Every command takes them; json only if it names json_group as well. */
struct common_options {
	bool help, verbose, no_color, json;
};

extern const struct option_group common_group, json_group;

/* What may stand before the command. */
struct program_options {
	struct common_options common;
	bool version;
};

extern const struct option_group program_group;

/* Which run, and what is said of one that begins. */
struct run_options {
	const char *runs; /* directory of runs */
	struct option_number seed;
	struct placement place;
};

extern const struct option_group runs_group, seed_group;

/* What is looked at besides the databases. */
struct check_options {
	bool ask_nodes;
};

extern const struct option_group check_group;

/* The load that is driven. */
struct load_options {
	const char *file; /* NULL: the run's own load */
};

extern const struct option_group load_group;

#endif
