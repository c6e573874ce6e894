/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_show_state.c - medley show state: one output of a transaction: its
 * content, its way through the vaults, and what was found about it.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/cmd_show.h"
#include "cli/job.h"
#include "cli/show_search.h"
#include "cli/show_stored.h"

enum { REF_MAX = 160, INDEX_DIGITS = 9, SHOWN_MAX = 16 * 1024 * 1024 };

struct cmd_show_state_options {
	struct common_options common;
	struct run_options run;
};

static const struct option state_options[] = {
	OPTIONS_OF_GROUP(runs_group, struct cmd_show_state_options, run),
	OPTIONS_OF_GROUP(json_group, struct cmd_show_state_options, common),
};

struct state_view {
	struct job job;
	char tx[REF_MAX]; /* as typed: the beginning of an id */
	unsigned index;
	struct show_search search;
	struct js *stored; /* owned; NULL: no database has it, or `why` */
	struct error why; /* the databases cannot be read */
};

static void state_view_release(struct state_view *v)
{
	js_free(v->stored);
	show_search_release(&v->search);
	job_release(&v->job);
}

/* ---- which state ---- */

/* "TXID:INDEX", or "TXID(INDEX)" as `show tx` prints it. */
static int read_ref(struct state_view *v, const char *ref, struct error *err)
{
	size_t id = strcspn(ref, ":("), digits;
	const char *number = ref + id + (ref[id] != 0);

	digits = strspn(number, "0123456789");
	if (id >= sizeof(v->tx) || !digits || digits > INDEX_DIGITS ||
	    strcmp(number + digits, ref[id] == '(' ? ")" : "") != 0)
		return error_set(err, ERROR_INPUT,
				 "expected TXID:INDEX, such as 19234D3C:0, not "
				 "'%s'",
				 ref);
	memcpy(v->tx, ref, id);
	v->tx[id] = 0;
	v->index = (unsigned)strtoul(number, NULL, 10);
	return show_search_check(v->tx, err);
}

static int refuse_index(const struct state_view *v, struct error *err)
{
	const char *tx = v->search.found[0], *kind = js_str(v->stored, "kind");
	size_t count = js_count(js_get(v->stored, "outputs"));
	const char *input = js_text(js_at(js_get(v->stored, "inputs"), 0));

	if (!count && input)
		return error_set(err, ERROR_INPUT,
				 "the transaction %s (%s) has no outputs of "
				 "its own; its first input is %s",
				 tx, kind, input);
	return error_set(err, ERROR_INPUT,
			 "the transaction %s has no output %u; it has %zu, "
			 "counted from 0",
			 tx, v->index, count);
}

static int load(struct state_view *v, struct error *err)
{
	const char *tx;

	if (show_search(&v->search, v->tx, err) < 0)
		return -1;
	tx = v->search.found[0];
	if (show_stored_read(v->job.run_dir, tx, &v->stored, &v->why) < 0)
		return 0;
	if (v->stored && !js_at(js_get(v->stored, "outputs"), v->index))
		return refuse_index(v, err);
	if (!v->stored)
		error_set(&v->why, ERROR_INPUT,
			  "no node's database has the transaction");
	return 0;
}

/* ---- for people ---- */

static int print_text(struct state_view *v, struct error *err)
{
	cleanup(buf_release) struct buf out = BUF_INIT(SHOWN_MAX);
	const struct buf *texts[] = { &out, &v->search.ops,
				      &v->search.findings };

	buf_addf(&out, "state %s:%u\n", v->search.found[0], v->index);
	if (v->stored)
		show_stored_state(v->stored, v->index, &out);
	else
		buf_addf(&out, "The state is not decoded: %s.\n\n",
			 v->why.text);
	return show_search_print(texts, ARRAY_SIZE(texts), err);
}

/* ---- for programs ---- */

static int print_json(struct state_view *v, struct error *err)
{
	cleanup(js_freep) struct js *root = js_object();
	const struct js *outputs = js_get(v->stored, "outputs");

	js_set_str(root, "tx", v->search.found[0]);
	js_set_int(root, "index", v->index);
	if (v->stored) {
		js_set(root, "state", js_copy(js_at(outputs, v->index)));
		js_set_str(root, "kind", js_str(v->stored, "kind"));
		js_set(root, "stored_by",
		       js_copy(js_get(v->stored, "stored_by")));
	} else {
		js_set_str(root, "state", NULL);
		js_set_str(root, "not_decoded", v->why.text);
	}
	js_set(root, "operations", steal(v->search.op_list));
	js_set(root, "findings", steal(v->search.finding_list));
	return job_print_json(root, err);
}

/* ---- both ---- */

static int show_state(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_show_state_options *o = cli->options;
	cleanup(state_view_release) struct state_view v = { .index = 0 };

	(void)exit_code;
	show_search_init(&v.search, &v.job, o->common.json);
	if (read_ref(&v, cli->args[0], err) < 0 ||
	    job_open(&v.job, &o->common, &o->run, err) < 0 ||
	    job_load(&v.job, cli_arg(cli, 1), err) < 0 || load(&v, err) < 0)
		return -1;
	return o->common.json ? print_json(&v, err) : print_text(&v, err);
}

const struct command command_show_state = {
	.name = "show state",
	.usage = "REF [RUN]",
	.brief = "show a state: content, vaults, consumer, findings",
	.text = "REF is TXID:INDEX: the beginning of the id of the "
		"transaction that made the state, and the number of the "
		"output, counted from 0. While the network is up, decodes the "
		"state from the nodes' databases: amount, currency, issuer, "
		"owner, contract, notary and participants; the transaction "
		"that has consumed it; and the vaults that have it, with its "
		"status and soft locks. Prints the operations of the "
		"transaction that made it, and every finding about them.",
	.examples = EXAMPLES({ "medley show state 19234D3C:0",
			       "the first output of a transaction" },
			     { "medley show state 19234D3C:1 red --json",
			       "a state of another run, as JSON" }),
	.least = 1,
	.most = 2,
	COMMAND_OPTIONS(state_options, struct cmd_show_state_options),
	.run = show_state,
};
