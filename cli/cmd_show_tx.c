/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_show_tx.c - medley show tx: everything that a run's files and databases
 * have about a transaction.
 */
#include "cli/cmd_show.h"
#include "cli/job.h"
#include "cli/show_search.h"
#include "cli/show_stored.h"

struct cmd_show_tx_options {
	struct common_options common;
	struct run_options run;
};

static const struct option tx_options[] = {
	OPTIONS_OF_GROUP(runs_group, struct cmd_show_tx_options, run),
	OPTIONS_OF_GROUP(json_group, struct cmd_show_tx_options, common),
};

static int print_json(struct show_search *s, struct error *err)
{
	cleanup(js_freep) struct js *root = js_object(), *tx = NULL;
	struct error why = { 0 };

	if (show_stored_read(s->job->run_dir, s->found[0], &tx, &why) < 0)
		js_set_str(root, "not_decoded", why.text);
	js_set_str(root, "tx", s->found[0]);
	if (tx)
		js_set(root, "transaction", steal(tx));
	else
		js_set_str(root, "transaction", NULL);
	js_set(root, "operations", steal(s->op_list));
	js_set(root, "findings", steal(s->finding_list));
	return job_print_json(root, err);
}

static int print_text(struct show_search *s, struct error *err)
{
	cleanup(js_freep) struct js *tx = NULL;
	const struct buf *texts[] = { &s->ops, &s->findings };
	struct error why = { 0 };

	if (show_stored_read(s->job->run_dir, s->found[0], &tx, &why) < 0)
		buf_addf(&s->ops, "The transaction is not decoded: %s.\n\n",
			 why.text);
	else if (tx)
		show_stored_text(tx, &s->ops);
	return show_search_print(texts, ARRAY_SIZE(texts), err);
}

static int show_tx(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_show_tx_options *o = cli->options;
	cleanup(job_release) struct job job = { 0 };
	cleanup(show_search_release) struct show_search s;

	(void)exit_code;
	show_search_init(&s, &job, o->common.json);
	if (show_search_check(cli->args[0], err) < 0 ||
	    job_open(&job, &o->common, &o->run, err) < 0 ||
	    job_load(&job, cli_arg(cli, 1), err) < 0 ||
	    show_search(&s, cli->args[0], err) < 0)
		return -1;
	return s.json ? print_json(&s, err) : print_text(&s, err);
}

const struct command command_show_tx = {
	.name = "show tx",
	.usage = "ID [RUN]",
	.brief = "show a transaction: operations, databases, findings",
	.text = "ID is the beginning of the id of one transaction of the run. "
		"While the network is up, decodes the transaction from the "
		"nodes' databases: inputs, outputs with amounts and owners, "
		"commands, signers, notary. Prints the operations, their rows "
		"in the databases, and every finding about them with its "
		"evidence.",
	.examples = EXAMPLES({ "medley show tx 19234D3C",
			       "a transaction of the latest run" }),
	.least = 1,
	.most = 2,
	COMMAND_OPTIONS(tx_options, struct cmd_show_tx_options),
	.run = show_tx,
};
