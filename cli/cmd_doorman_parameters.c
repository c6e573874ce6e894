/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_doorman_parameters.c - medley doorman parameters and flag-day: what the
 * nodes of the network agree on. */
#include <stdio.h>

#include "cli/cmd_doorman.h"

/* ---- parameters ---- */

struct cmd_doorman_parameters_options {
	struct common_options common;
	struct doorman_place place;
	const char *reason;
	struct option_number after;
};

static const struct option parameters_options[] = {
	OPTIONS_OF_GROUP(doorman_group, struct cmd_doorman_parameters_options,
			 place),
	{ .name = "reason",
	  .value = "TEXT",
	  OPTION_OF(struct cmd_doorman_parameters_options, reason),
	  .help = "text that the nodes get as the reason" },
	{ .name = "after",
	  .value = "SECONDS",
	  OPTION_OF(struct cmd_doorman_parameters_options, after),
	  .most = 315360000,
	  .fallback = "86400",
	  .help = "how long nodes may accept new parameters (86400)" },
};

static int parameters(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_doorman_parameters_options *o = cli->options;
	cleanup(doorman_closep) struct doorman *d = NULL;
	cleanup(js_freep) struct js *all = NULL;

	(void)exit_code;
	if (doorman_open_place(&o->place, &d, err) < 0 ||
	    doorman_plan(d, cli->args[0], o->reason, o->after.value, err) < 0 ||
	    doorman_list(d, &all, err) < 0)
		return -1;
	doorman_print_parameters(js_get(all, "parameters"));
	return 0;
}

const struct command command_doorman_parameters = {
	.name = "doorman parameters",
	.usage = "FILE",
	.brief = "sign network parameters, or announce an update",
	.text = "The first parameters are signed as soon as the notaries in "
		"FILE have registered. Later ones are an update, which `medley "
		"doorman flag-day` makes valid.",
	.examples = EXAMPLES(
		{ "medley doorman parameters parameters.yaml --after 3600",
		  "announce an update that nodes may accept for an hour" }),
	.least = 1,
	.most = 1,
	COMMAND_OPTIONS(parameters_options,
			struct cmd_doorman_parameters_options),
	.run = parameters,
};

/* ---- flag-day ---- */

struct cmd_doorman_flag_day_options {
	struct common_options common;
	struct doorman_place place;
	bool now;
};

static const struct option flag_day_options[] = {
	OPTIONS_OF_GROUP(doorman_group, struct cmd_doorman_flag_day_options,
			 place),
	{ .name = "now",
	  OPTION_OF(struct cmd_doorman_flag_day_options, now),
	  .help = "make the update valid before its deadline" },
};

static int flag_day(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_doorman_flag_day_options *o = cli->options;
	cleanup(doorman_closep) struct doorman *d = NULL;
	char hash[DOORMAN_ID];

	(void)exit_code;
	if (doorman_open_place(&o->place, &d, err) < 0 ||
	    doorman_flag_day(d, o->now, hash, err) < 0)
		return -1;
	printf("parameters %s are valid now\n", hash);
	return 0;
}

const struct command command_doorman_flag_day = {
	.name = "doorman flag-day",
	.usage = "",
	.brief = "make an update of the network parameters valid",
	.examples = EXAMPLES({ "medley doorman flag-day --now",
			       "without waiting for the deadline" }),
	COMMAND_OPTIONS(flag_day_options, struct cmd_doorman_flag_day_options),
	.run = flag_day,
};
