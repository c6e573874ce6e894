/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_show_node.c - medley show node: everything a run's files have about a
 * node. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/money.h"
#include "base/plain.h"
#include "cli/cmd_show.h"
#include "cli/job.h"
#include "cli/print.h"
#include "run/history.h"
#include "run/records.h"

enum { SHOWN_MAX = 64 * 1024 * 1024, TEXT_MAX = 256 };

struct cmd_show_node_options {
	struct common_options common;
	struct run_options run;
};

static const struct option node_options[] = {
	OPTIONS_OF_GROUP(runs_group, struct cmd_show_node_options, run),
	OPTIONS_OF_GROUP(json_group, struct cmd_show_node_options, common),
};

/* What it did as payer, payee and notary: counts by outcome. */
enum part { PART_PAYER, PART_PAYEE, PART_NOTARY, PARTS };
static const char *const part_names[PARTS] = { "payer", "payee", "notary" };

struct node_view {
	struct job *job;
	const struct network_node *node;
	size_t done[PARTS][OUTCOMES];
	struct balance *balances;
	struct finding *findings;
	size_t balance_count, finding_count;
};

static void node_view_release(struct node_view *v)
{
	for (size_t i = 0; i < v->finding_count; i++)
		js_free(v->findings[i].evidence);
}

static bool is_node(const struct node_view *v, const char *name)
{
	return name && !strcmp(name, v->node->name);
}

static void count_operation(struct node_view *v, const struct operation *op)
{
	const struct op_kind_info *kind = op_kind_info(op->kind);
	const char *const names[PARTS] = {
		[PART_PAYER] = op->payer,
		[PART_PAYEE] = kind->has_payee ? op->payee : NULL,
		[PART_NOTARY] =
			kind->settles == OP_SETTLES_ALONE ? NULL : op->notary,
	};

	for (int part = 0; part < PARTS; part++)
		if (is_node(v, names[part]))
			v->done[part][op->outcome]++;
}

static bool did(const struct node_view *v, enum part part)
{
	for (int o = 0; o < OUTCOMES; o++)
		if (v->done[part][o])
			return true;
	return false;
}

static int load(struct node_view *v, struct error *err)
{
	cleanup(history_reader_freep) struct history_reader *r = NULL;
	struct job *job = v->job;
	struct operation op;
	int rc = history_reader_open(job->run_dir, &r, err);

	while (rc >= 0 && (rc = history_read(r, &op, err)) > 0)
		count_operation(v, &op);
	if (rc < 0 ||
	    balance_load(job->run_dir, &job->arena, &v->balances,
			 &v->balance_count, err) < 0 ||
	    finding_load(job->run_dir, &job->arena, &v->findings,
			 &v->finding_count, err) < 0)
		return -1;
	return 0;
}

/* NULL: it holds nothing of that. */
static const struct holding *holding_of(const struct node_view *v,
					const struct balance *b)
{
	for (size_t i = 0; i < b->node_count; i++)
		if (is_node(v, b->nodes[i].node))
			return &b->nodes[i];
	return NULL;
}

/* ---- for people ---- */

static void add_line(struct buf *out, const char *what, const char *text)
{
	if (text)
		buf_addf(out, "  %-10s %s\n", what, text);
}

static void add_release(const struct node_view *v, struct buf *out)
{
	const struct release *r = &v->job->net.releases[v->node->release];
	char text[TEXT_MAX];

	snprintf(text, sizeof(text), "%s, platform %d, CorDapps %s", r->word,
		 r->platform, r->cordapps ? r->cordapps : "-");
	add_line(out, "release", text);
	add_line(out, "not built", r->failure);
}

static void add_parts(const struct node_view *v, struct buf *out)
{
	char text[TEXT_MAX];

	for (int part = 0; part < PARTS; part++) {
		const size_t *n = v->done[part];

		if (!did(v, part))
			continue;
		snprintf(text, sizeof(text), "%zu ok, %zu failed, %zu unknown",
			 n[OUTCOME_OK], n[OUTCOME_FAIL], n[OUTCOME_UNKNOWN]);
		add_line(out, part_names[part], text);
	}
}

static void add_balances(const struct node_view *v, struct buf *out)
{
	for (size_t i = 0; i < v->balance_count; i++) {
		const struct balance *b = &v->balances[i];
		const struct holding *h = holding_of(v, b);

		if (!h)
			continue;
		buf_addf(out, "  %-10s ", "holds");
		money_add(out, h->held, b->currency);
		buf_addf(out, " issued by %s\n",
			 b->issuer ? b->issuer : "an unknown party");
	}
}

static void add_findings(const struct node_view *v, struct buf *out)
{
	for (size_t i = 0; i < v->finding_count; i++) {
		const struct finding *f = &v->findings[i];

		if (!is_node(v, f->node))
			continue;
		buf_addf(out, "%s %s%s%s\n  %s\n", f->note ? "note" : "finding",
			 finding_name(f->kind), f->tx ? " of " : "",
			 f->tx ? f->tx : "", f->summary ? f->summary : "");
	}
}

static int print_view(const struct node_view *v, struct error *err)
{
	cleanup(buf_release) struct buf out = BUF_INIT(SHOWN_MAX);
	cleanup(buf_release) struct buf plain = BUF_INIT(SHOWN_MAX);

	buf_addf(&out, "%s, %s\n", v->node->name,
		 v->node->role == NODE_BANK ? "bank" : "notary");
	add_release(v, &out);
	add_line(&out, "legal name", v->node->legal_name);
	add_line(&out, "service", v->node->service);
	add_line(&out, "host", v->node->host);
	add_line(&out, "database", v->node->database);
	add_parts(v, &out);
	add_balances(v, &out);
	add_findings(v, &out);
	plain_lines(&plain, buf_text(&out));
	if (buf_check(&out, err) < 0 || buf_check(&plain, err) < 0)
		return -1;
	print_lines(stdout, buf_text(&plain));
	return 0;
}

/* ---- for programs ---- */

static struct js *parts_json(const struct node_view *v)
{
	struct js *all = js_object();

	for (int part = 0; part < PARTS; part++) {
		struct js *one;

		if (!did(v, part))
			continue;
		one = js_object();
		for (int o = 0; o < OUTCOMES; o++)
			js_set_int(one, op_outcome_word(o),
				   (int64_t)v->done[part][o]);
		js_set(all, part_names[part], one);
	}
	return all;
}

static struct js *balances_json(const struct node_view *v)
{
	struct js *list = js_array();

	for (size_t i = 0; i < v->balance_count; i++) {
		const struct balance *b = &v->balances[i];
		const struct holding *h = holding_of(v, b);
		struct js *one;

		if (!h)
			continue;
		one = js_object();
		js_set_str(one, "currency", b->currency);
		js_set_str(one, "issuer", b->issuer);
		sum_set(one, "held", h->held);
		js_append(list, one);
	}
	return list;
}

static struct js *findings_json(struct node_view *v)
{
	struct js *list = js_array();

	for (size_t i = 0; i < v->finding_count; i++) {
		struct finding *f = &v->findings[i];
		struct js *one;

		if (!is_node(v, f->node))
			continue;
		one = js_object();
		js_set_str(one, "kind", finding_name(f->kind));
		js_set_bool(one, "note", f->note);
		js_set_str(one, "tx", f->tx);
		js_set_str(one, "summary", f->summary);
		js_append(list, one);
	}
	return list;
}

static int print_json(struct node_view *v, struct error *err)
{
	const struct release *r = &v->job->net.releases[v->node->release];
	cleanup(js_freep) struct js *root = js_object();

	js_set_str(root, "node", v->node->name);
	js_set_str(root, "role",
		   v->node->role == NODE_BANK ? "bank" : "notary");
	js_set_str(root, "release", r->label);
	js_set_str(root, "word", r->word);
	js_set_int(root, "platform", r->platform);
	js_set_str(root, "cordapps", r->cordapps);
	js_set_str(root, "legal_name", v->node->legal_name);
	js_set_str(root, "host", v->node->host);
	js_set_str(root, "database", v->node->database);
	js_set(root, "operations", parts_json(v));
	js_set(root, "balances", balances_json(v));
	js_set(root, "findings", findings_json(v));
	return job_print_json(root, err);
}

/* ---- both ---- */

static int show_node(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_show_node_options *o = cli->options;
	cleanup(job_release) struct job job = { 0 };
	cleanup(node_view_release) struct node_view v = { .job = &job };

	(void)exit_code;
	if (job_open(&job, &o->common, &o->run, err) < 0 ||
	    job_load(&job, cli_arg(cli, 1), err) < 0)
		return -1;
	v.node = job_find_node(&job, cli->args[0], err);
	if (!v.node || load(&v, err) < 0)
		return -1;
	return o->common.json ? print_json(&v, err) : print_view(&v, err);
}

const struct command command_show_node = {
	.name = "show node",
	.usage = "NODE [RUN]",
	.brief = "show a node: release, operations, money, findings",
	.text = "Prints the data that the files of the run have about the "
		"node: its release and names, the results of the operations in "
		"which it was payer, payee or notary, the cash in its vault, "
		"and every finding about it.",
	.examples = EXAMPLES({ "medley show node bank-4.0-0", "a node" },
			     { "medley show node bank-4.0-0 red --json",
			       "a node of another run, as JSON" }),
	.least = 1,
	.most = 2,
	COMMAND_OPTIONS(node_options, struct cmd_show_node_options),
	.run = show_node,
};
