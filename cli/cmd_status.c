/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_status.c - medley status: how a network is just now. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/job.h"
#include "cli/table.h"
#include "deploy/deploy.h"
#include "run/run.h"
#include "sys/clock.h"

enum { STATUS_MAX = 16 * 1024 * 1024 };

struct cmd_status_options {
	struct common_options common;
	struct run_options run;
};

static const struct option status_options[] = {
	OPTIONS_OF_GROUP(runs_group, struct cmd_status_options, run),
	OPTIONS_OF_GROUP(kubeconfig_group, struct cmd_status_options,
			 run.place),
	OPTIONS_OF_GROUP(json_group, struct cmd_status_options, common),
};

static const char *readiness(const struct js *node)
{
	if (!js_get(node, "ready"))
		return "";
	return js_bool(node, "ready", false) ? "ready" : "not ready";
}

/* Name, state, readiness, place. */
static const struct table_column columns[] = {
	{ .head = "", .width = 28 },
	{ .head = "", .width = 8, .gap = 2 },
	{ .head = "", .width = 9, .gap = 2 },
	{ .head = "", .gap = 2 },
};

static void add_node(struct table *t, const struct js *node)
{
	char where[128] = "";

	if (js_str(node, "host"))
		snprintf(where, sizeof(where), "%s:%d", js_str(node, "host"),
			 (int)js_int(node, "port", 0));
	else if (js_get(node, "exit_code"))
		snprintf(where, sizeof(where), "exit code %d",
			 (int)js_int(node, "exit_code", 0));
	TABLE_ROW(t, js_str(node, "name") ?: "?", js_str(node, "state") ?: "?",
		  readiness(node), where);
}

static void print_status(const struct job *job, const struct js *status)
{
	cleanup(table_release) struct table t = { .columns = columns,
						  .count =
							  ARRAY_SIZE(columns) };
	const struct js *nodes = js_get(status, "nodes");

	if (js_str(status, "down_since"))
		table_line(stdout, 0,
			   "%s is down since %s; 'medley up %s' boots it again",
			   job->run_dir, js_str(status, "down_since"),
			   job->run_dir);
	for (size_t i = 0; i < js_count(nodes); i++)
		add_node(&t, js_at(nodes, i));
	if (js_get(status, "database"))
		add_node(&t, js_get(status, "database"));
	table_print(&t, stdout);
}

/* What `medley down` proved to be gone is not looked for. */
static int describe(const struct job *job, struct js **ret, struct error *err)
{
	char time[CLOCK_TEXT];
	const int down = inventory_closed(job->run_dir, time, err);

	if (down < 0)
		return -1;
	if (!down)
		return deploy_status(job->run_dir, ret, err);
	*ret = js_object();
	js_set_str(*ret, "down_since", time);
	js_set(*ret, "nodes", js_array());
	return 0;
}

static int status(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_status_options *o = cli->options;
	cleanup(buf_release) struct buf text = BUF_INIT(STATUS_MAX);
	cleanup(js_freep) struct js *seen = NULL;
	cleanup(job_release) struct job job = { 0 };

	(void)exit_code;
	if (job_open(&job, &o->common, &o->run, err) < 0 ||
	    job_load(&job, cli_arg(cli, 0), err) < 0 ||
	    describe(&job, &seen, err) < 0)
		return -1;
	if (!o->common.json) {
		print_status(&job, seen);
		return 0;
	}
	if (js_print(seen, JS_PRETTY, &text, err) < 0)
		return -1;
	fputs(buf_text(&text), stdout);
	return 0;
}

const struct command command_status = {
	.name = "status",
	.usage = "[RUN]",
	.brief = "list the nodes of a run: state and address",
	.examples =
		EXAMPLES({ "medley status", "the nodes of the latest run" },
			 { "medley status --json", "the same for a program" }),
	.most = 1,
	COMMAND_OPTIONS(status_options, struct cmd_status_options),
	.run = status,
};
