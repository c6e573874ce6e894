/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_doorman_decide.c - medley doorman approve, reject and forget: what the
 * operator does with requests. */
#include <stdio.h>

#include "cli/cmd_doorman.h"
#include "base/counted.h"

static int decide(const struct cli *cli, const struct doorman_place *place,
		  bool approved, const char *reason, struct error *err)
{
	cleanup(doorman_closep) struct doorman *d = NULL;
	char id[DOORMAN_ID];

	if (doorman_open_place(place, &d, err) < 0)
		return -1;
	for (unsigned i = 0; i < cli->arg_count; i++) {
		if (doorman_decide(d, cli->args[i], approved, reason, id, err) <
		    0)
			return -1;
		printf("%s %s\n", approved ? "approved" : "rejected", id);
	}
	return 0;
}

/* ---- approve ---- */

struct cmd_doorman_approve_options {
	struct common_options common;
	struct doorman_place place;
};

static const struct option approve_options[] = {
	OPTIONS_OF_GROUP(doorman_group, struct cmd_doorman_approve_options,
			 place),
};

static int approve(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_doorman_approve_options *o = cli->options;

	(void)exit_code;
	return decide(cli, &o->place, true, NULL, err);
}

const struct command command_doorman_approve = {
	.name = "doorman approve",
	.usage = "ID...",
	.brief = "approve requests that wait for the operator",
	.text = "ID is the beginning of a request's id, as `medley doorman "
		"list` prints it.",
	.examples = EXAMPLES(
		{ "medley doorman approve 3F9A 77B0", "two requests" }),
	.least = 1,
	.most = CLI_ARGS,
	COMMAND_OPTIONS(approve_options, struct cmd_doorman_approve_options),
	.run = approve,
};

/* ---- reject ---- */

struct cmd_doorman_reject_options {
	struct common_options common;
	struct doorman_place place;
	const char *reason;
};

static const struct option reject_options[] = {
	OPTIONS_OF_GROUP(doorman_group, struct cmd_doorman_reject_options,
			 place),
	{ .name = "reason",
	  .value = "TEXT",
	  OPTION_OF(struct cmd_doorman_reject_options, reason),
	  .help = "text that the nodes get as the reason" },
};

static int reject(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_doorman_reject_options *o = cli->options;

	(void)exit_code;
	return decide(cli, &o->place, false, o->reason, err);
}

const struct command command_doorman_reject = {
	.name = "doorman reject",
	.usage = "ID...",
	.brief = "reject requests, even if they were approved",
	.text = "ID is the beginning of a request's id. The node of a request "
		"that was approved before leaves the map.",
	.examples = EXAMPLES({ "medley doorman reject 3F9A --reason unknown",
			       "with a reason for the node" }),
	.least = 1,
	.most = CLI_ARGS,
	COMMAND_OPTIONS(reject_options, struct cmd_doorman_reject_options),
	.run = reject,
};

/* ---- forget ---- */

struct cmd_doorman_forget_options {
	struct common_options common;
	struct doorman_place place;
	const char *from;
};

static const struct option forget_options[] = {
	OPTIONS_OF_GROUP(doorman_group, struct cmd_doorman_forget_options,
			 place),
	{ .name = "from",
	  .value = "ADDRESS",
	  OPTION_OF(struct cmd_doorman_forget_options, from),
	  .help = "all requests of this address that nobody has decided and "
		  "whose nodes are not in the map" },
};

static int forget_ids(const struct cli *cli, struct doorman *d,
		      struct error *err)
{
	char id[DOORMAN_ID];

	for (unsigned i = 0; i < cli->arg_count; i++) {
		if (doorman_forget(d, cli->args[i], id, err) < 0)
			return -1;
		printf("forgot %s\n", id);
	}
	return 0;
}

static int forget(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_doorman_forget_options *o = cli->options;
	cleanup(doorman_closep) struct doorman *d = NULL;
	unsigned count;

	(void)exit_code;
	if (!o->from == !cli->arg_count)
		return error_set(err, ERROR_INPUT,
				 "medley doorman forget: expected ID... or "
				 "--from ADDRESS");
	if (doorman_open_place(&o->place, &d, err) < 0)
		return -1;
	if (!o->from)
		return forget_ids(cli, d, err);
	if (doorman_forget_from(d, o->from, &count, err) < 0)
		return -1;
	printf("forgot %lld %s of %s\n", COUNTED(count, "request"), o->from);
	return 0;
}

const struct command command_doorman_forget = {
	.name = "doorman forget",
	.usage = "ID...|--from ADDRESS",
	.brief = "remove requests",
	.text = "Removes each request with its decision and its certificate, "
		"unless its node is in the map. The same key can send a "
		"request again. ID is the beginning of a request's id.",
	.examples = EXAMPLES(
		{ "medley doorman forget --from 10.0.0.7",
		  "all requests of this address that nobody has decided" }),
	.most = CLI_ARGS,
	COMMAND_OPTIONS(forget_options, struct cmd_doorman_forget_options),
	.run = forget,
};
