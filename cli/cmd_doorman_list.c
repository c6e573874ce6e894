/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_doorman_list.c - medley doorman list: requests, nodes and parameters. */
#include <inttypes.h>
#include <stdio.h>

#include "cli/cmd_doorman.h"
#include "cli/job.h"
#include "cli/table.h"

struct cmd_doorman_list_options {
	struct common_options common;
	struct doorman_place place;
};

static const struct option list_options[] = {
	OPTIONS_OF_GROUP(doorman_group, struct cmd_doorman_list_options, place),
	OPTIONS_OF_GROUP(json_group, struct cmd_doorman_list_options, common),
};

static const char *text_of(const struct js *entry, const char *key)
{
	const char *text = js_str(entry, key);

	return text ? text : "-";
}

static void print_requests(const struct js *list)
{
	for (size_t i = 0; i < js_count(list); i++) {
		const struct js *r = js_at(list, i);

		table_line(stdout, 37, "%-8s  %.16s  %-7s  %s%s%s",
			   text_of(r, "state"), text_of(r, "id"),
			   text_of(r, "role"), text_of(r, "name"),
			   js_str(r, "reason") ? ": " : "",
			   js_str(r, "reason") ? js_str(r, "reason") : "");
	}
}

static void print_nodes(const struct js *list)
{
	for (size_t i = 0; i < js_count(list); i++) {
		const struct js *n = js_at(list, i);
		const bool accepted = js_bool(n, "accepted", false);

		table_line(stdout, 37,
			   "in map    %.16s  %-7" PRId64 "  %s at %s%s",
			   text_of(n, "hash"), js_int(n, "platform", 0),
			   text_of(n, "name"), text_of(n, "address"),
			   accepted ? ", accepts the update" : "");
	}
}

void doorman_print_parameters(const struct js *p)
{
	const struct js *missing = js_get(p, "waiting_for");

	printf("parameters %.16s\n", text_of(p, "current"));
	if (js_get(p, "update"))
		table_line(stdout, 11, "update     %.16s  %s",
			   text_of(js_get(p, "update"), "hash"),
			   text_of(js_get(p, "update"), "description"));
	for (size_t i = 0; i < js_count(missing); i++)
		table_line(stdout, 0, "waiting for notary %s",
			   js_text(js_at(missing, i)));
}

static int list(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_doorman_list_options *o = cli->options;
	cleanup(doorman_closep) struct doorman *d = NULL;
	cleanup(js_freep) struct js *all = NULL;

	(void)exit_code;
	if (doorman_open_place(&o->place, &d, err) < 0 ||
	    doorman_list(d, &all, err) < 0)
		return -1;
	if (o->common.json)
		return job_print_json(all, err);
	print_requests(js_get(all, "requests"));
	print_nodes(js_get(all, "nodes"));
	doorman_print_parameters(js_get(all, "parameters"));
	return 0;
}

const struct command command_doorman_list = {
	.name = "doorman list",
	.usage = "",
	.brief = "list requests, nodes and parameters",
	.examples = EXAMPLES({ "medley doorman list --json", "for a program" }),
	COMMAND_OPTIONS(list_options, struct cmd_doorman_list_options),
	.run = list,
};
