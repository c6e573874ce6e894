/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_check.c - medley check: proves from the databases what became of the
 * money. */
#include "cli/cli.h"
#include "cli/job.h"

struct cmd_check_options {
	struct common_options common;
	struct run_options run;
	struct check_options check;
};

static const struct option check_options[] = {
	OPTIONS_OF_GROUP(runs_group, struct cmd_check_options, run),
	OPTIONS_OF_GROUP(check_group, struct cmd_check_options, check),
	OPTIONS_OF_GROUP(kubeconfig_group, struct cmd_check_options, run.place),
	OPTIONS_OF_GROUP(json_group, struct cmd_check_options, common),
};

static int check(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_check_options *o = cli->options;
	cleanup(job_release) struct job job = { 0 };

	(void)exit_code;
	if (job_open(&job, &o->common, &o->run, err) < 0)
		return -1;
	job.ask_nodes = o->check.ask_nodes;
	if (job_load(&job, cli_arg(cli, 0), err) < 0 ||
	    job_step(&job, &step_check, err) < 0)
		return -1;
	return o->common.json ? job_print_json(job.details, err) : 0;
}

const struct command command_check = {
	.name = "check",
	.usage = "[RUN]",
	.brief = "check the databases of all nodes: was money lost or forged?",
	.text = "Waits until the vaults are quiet, opens every node's database "
		"and writes RUN/settlements.jsonl, RUN/findings.jsonl and "
		"RUN/balances.jsonl again. With --ask-nodes, which needs the "
		"running network, it also asks each bank's node over RPC how "
		"much cash it holds: an answer that the databases do not "
		"explain is a finding; a missing answer is a note, which "
		"changes no verdict. `medley "
		"report` judges the findings; this command fails only if it "
		"cannot read the databases.",
	.examples =
		EXAMPLES({ "medley check", "the latest run" },
			 { "medley check --ask-nodes",
			   "and compare with what the nodes answer over RPC" }),
	.most = 1,
	.needs_data = true,
	COMMAND_OPTIONS(check_options, struct cmd_check_options),
	.run = check,
};
