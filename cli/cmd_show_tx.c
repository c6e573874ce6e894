/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_show_tx.c - medley show tx: everything a run's files say of a
 * transaction.
 */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "base/money.h"
#include "base/plain.h"
#include "cli/cmd_show.h"
#include "cli/job.h"
#include "cli/print.h"
#include "cli/show_stored.h"
#include "run/records.h"
#include "sys/clock.h"

enum {
	EVIDENCE_MAX = 16 * 1024 * 1024,
	SHOWN_MAX = 256 * 1024 * 1024,
	ID_LEAST = 4,
	ID_SHOWN = 12,
	FOUND_KEPT = 4
};

struct cmd_show_tx_options {
	struct common_options common;
	struct run_options run;
};

static const struct option tx_options[] = {
	OPTIONS_OF_GROUP(runs_group, struct cmd_show_tx_options, run),
	OPTIONS_OF_GROUP(json_group, struct cmd_show_tx_options, common),
};

struct search {
	struct job *job;
	const char *prefix;
	struct operation *ops;
	struct settlement *settlements;
	struct finding *findings;
	size_t op_count, settlement_count, finding_count;
	const char *found[FOUND_KEPT]; /* ids that begin with the prefix */
	unsigned found_count;
	struct buf *out; /* what is printed */
};

static void search_release(struct search *s)
{
	for (size_t i = 0; i < s->finding_count; i++)
		js_free(s->findings[i].evidence);
}

static bool matches(const struct search *s, const char *tx)
{
	return tx && !strncasecmp(tx, s->prefix, strlen(s->prefix));
}

static const struct settlement *settlement_of(const struct search *s,
					      uint64_t op)
{
	for (size_t i = 0; i < s->settlement_count; i++)
		if (s->settlements[i].op == op)
			return &s->settlements[i];
	return NULL;
}

static void print_time(struct buf *out, const char *what, int64_t us)
{
	char room[CLOCK_TEXT];

	buf_addf(out, "  %-10s %s\n", what,
		 us ? clock_text(room, us) : "never");
}

static const char *release_of(const struct search *s, const char *node)
{
	const struct network_node *n =
		node ? network_find(&s->job->net, node) : NULL;

	return n ? s->job->net.releases[n->release].label : "?";
}

static void print_party(const struct search *s, const char *what,
			const char *node, const char *has)
{
	if (node)
		buf_addf(s->out, "  %-10s %-28s %-20s %s\n", what, node,
			 release_of(s, node), has);
}

static const char *has_text(const struct settlement *st, bool has)
{
	if (!st)
		return "not checked";
	return has ? "has the transaction" : "has NOT the transaction";
}

static void print_operation(const struct search *s, const struct operation *op)
{
	const struct op_kind_info *kind = op_kind_info(op->kind);
	const struct settlement *st = settlement_of(s, op->id);
	char unseen[64];

	snprintf(unseen, sizeof(unseen), "does not see %s", kind->nouns);
	buf_addf(s->out, "%s %" PRIu64 ": ", kind->noun, op->id);
	money_add(s->out, op->amount, op->currency);
	buf_addf(s->out, ", outcome %s\n", op_outcome_word(op->outcome));
	if (op->tx || (st && st->tx))
		buf_addf(s->out, "  %-10s %s\n", "tx",
			 op->tx ? op->tx : st->tx);
	if (op->flow)
		buf_addf(s->out, "  %-10s %s\n", "flow", op->flow);
	print_time(s->out, "sent", op->sent_us);
	print_time(s->out, "done", op->done_us);
	print_party(s, "payer", op->payer, has_text(st, st && st->payer_has));
	if (kind->has_payee)
		print_party(s, "payee", op->payee,
			    has_text(st, st && st->payee_has));
	print_party(s, "notary", op->notary,
		    kind->settles == OP_SETTLES_ALONE
			    ? unseen
			    : has_text(st, st && st->notary_has));
	if (op->error_text)
		buf_addf(s->out, "  %-10s %s%s%s\n", "error",
			 op->error_class ? op->error_class : "",
			 op->error_class ? ": " : "", op->error_text);
	buf_addf(s->out, "\n");
}

static int print_finding(const struct search *s, const struct finding *f,
			 struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(EVIDENCE_MAX);

	buf_addf(s->out, "%s %s%s%s (%s)\n  %s\n", f->note ? "note" : "finding",
		 finding_name(f->kind), f->node ? " at " : "",
		 f->node ? f->node : "", release_of(s, f->node),
		 f->summary ? f->summary : "");
	if (!f->evidence)
		return 0;
	if (js_print(f->evidence, JS_PRETTY, &text, err) < 0)
		return -1;
	buf_addf(s->out, "%s\n", buf_text(&text));
	return 0;
}

static bool op_matches(const struct search *s, const struct operation *op)
{
	const struct settlement *st = settlement_of(s, op->id);

	return matches(s, op->tx) || (st && matches(s, st->tx));
}

static bool op_shown(const struct search *s, uint64_t id)
{
	for (size_t i = 0; id && i < s->op_count; i++)
		if (s->ops[i].id == id)
			return op_matches(s, &s->ops[i]);
	return false;
}

static bool finding_matches(const struct search *s, const struct finding *f)
{
	return matches(s, f->tx) || op_shown(s, f->op);
}

static void print_stored(const struct search *s)
{
	cleanup(js_freep) struct js *tx = NULL;
	struct error why = { 0 };

	if (show_stored_read(s->job->run_dir, s->found[0], &tx, &why) < 0)
		buf_addf(s->out, "The transaction is not decoded: %s.\n\n",
			 why.text);
	else if (tx)
		show_stored_text(tx, s->out);
}

static int print_all(struct search *s, struct error *err)
{
	for (size_t i = 0; i < s->op_count; i++)
		if (op_matches(s, &s->ops[i]))
			print_operation(s, &s->ops[i]);
	print_stored(s);
	for (size_t i = 0; i < s->finding_count; i++)
		if (finding_matches(s, &s->findings[i]) &&
		    print_finding(s, &s->findings[i], err) < 0)
			return -1;
	return 0;
}

/* ---- for programs ---- */

static struct js *party_json(const struct search *s, const char *node,
			     const struct settlement *st, bool has)
{
	struct js *party = js_object();

	js_set_str(party, "node", node);
	js_set_str(party, "release", node ? release_of(s, node) : NULL);
	if (st)
		js_set_bool(party, "has_transaction", has);
	return party;
}

static void set_time(struct js *to, const char *key, int64_t us)
{
	char room[CLOCK_TEXT];

	js_set_str(to, key, us ? clock_text(room, us) : NULL);
}

static struct js *operation_json(const struct search *s,
				 const struct operation *op)
{
	const struct op_kind_info *kind = op_kind_info(op->kind);
	const struct settlement *st = settlement_of(s, op->id);
	struct js *o = js_object();

	js_set_int(o, "id", (int64_t)op->id);
	js_set_str(o, "kind", kind->noun);
	js_set_str(o, "tx", op->tx ? op->tx : st ? st->tx : NULL);
	js_set_str(o, "flow", op->flow);
	js_set_num(o, "amount", money_units(op->amount, op->currency));
	js_set_str(o, "currency", op->currency);
	js_set_str(o, "outcome", op_outcome_word(op->outcome));
	set_time(o, "sent", op->sent_us);
	set_time(o, "done", op->done_us);
	js_set(o, "payer", party_json(s, op->payer, st, st && st->payer_has));
	if (kind->has_payee)
		js_set(o, "payee",
		       party_json(s, op->payee, st, st && st->payee_has));
	js_set(o, "notary",
	       party_json(s, op->notary,
			  kind->settles == OP_SETTLES_ALONE ? NULL : st,
			  st && st->notary_has));
	js_set_str(o, "error_class", op->error_class);
	js_set_str(o, "error_text", op->error_text);
	return o;
}

static struct js *finding_json(const struct search *s, struct finding *f)
{
	struct js *o = js_object();

	js_set_str(o, "kind", finding_name(f->kind));
	js_set_bool(o, "note", f->note);
	js_set_str(o, "tx", f->tx);
	js_set_str(o, "node", f->node);
	js_set_str(o, "release", f->node ? release_of(s, f->node) : NULL);
	js_set_str(o, "summary", f->summary);
	js_set(o, "evidence", f->evidence);
	f->evidence = NULL;
	return o;
}

static int print_json(struct search *s, struct error *err)
{
	cleanup(js_freep) struct js *root = js_object(), *tx = NULL;
	struct js *ops = js_array(), *findings = js_array();
	struct error why = { 0 };

	for (size_t i = 0; i < s->op_count; i++)
		if (op_matches(s, &s->ops[i]))
			js_append(ops, operation_json(s, &s->ops[i]));
	for (size_t i = 0; i < s->finding_count; i++)
		if (finding_matches(s, &s->findings[i]))
			js_append(findings, finding_json(s, &s->findings[i]));
	if (show_stored_read(s->job->run_dir, s->found[0], &tx, &why) < 0)
		js_set_str(root, "not_decoded", why.text);
	js_set_str(root, "tx", s->found[0]);
	if (tx)
		js_set(root, "transaction", steal(tx));
	else
		js_set_str(root, "transaction", NULL);
	js_set(root, "operations", ops);
	js_set(root, "findings", findings);
	return job_print_json(root, err);
}

/* ---- which transaction ---- */

/* Counts a transaction once, and keeps the first few. */
static void count_found(struct search *s, const char *tx)
{
	if (!matches(s, tx))
		return;
	for (unsigned i = 0; i < s->found_count && i < FOUND_KEPT; i++)
		if (!strcasecmp(s->found[i], tx))
			return;
	if (s->found_count < FOUND_KEPT)
		s->found[s->found_count] = tx;
	s->found_count++;
}

static int refuse_ambiguous(const struct search *s, struct error *err)
{
	char names[FOUND_KEPT * (ID_SHOWN + 5) + 1] = "";
	size_t len = 0;

	for (unsigned i = 0; i < FOUND_KEPT && i < s->found_count; i++) {
		snprintf(names + len, sizeof(names) - len, "%s%.*s",
			 i ? ", " : "", ID_SHOWN, s->found[i]);
		len = strlen(names);
	}
	return error_set(err, ERROR_INPUT,
			 "several transactions of %s begin with %s: %s%s; type "
			 "more digits",
			 s->job->run_dir, s->prefix, names,
			 s->found_count > FOUND_KEPT ? " ..." : "");
}

static int check_found(struct search *s, struct error *err)
{
	for (size_t i = 0; i < s->op_count; i++)
		count_found(s, s->ops[i].tx);
	for (size_t i = 0; i < s->settlement_count; i++)
		count_found(s, s->settlements[i].tx);
	for (size_t i = 0; i < s->finding_count; i++)
		count_found(s, s->findings[i].tx);
	if (s->found_count > 1)
		return refuse_ambiguous(s, err);
	if (s->found_count)
		return 0;
	return error_set(err, ERROR_INPUT,
			 "%s has no transaction that begins with %s",
			 s->job->run_dir, s->prefix);
}

static int load(struct search *s, struct error *err)
{
	struct job *job = s->job;

	if (history_load(job->run_dir, &job->arena, &s->ops, &s->op_count,
			 err) < 0 ||
	    settlement_load(job->run_dir, &job->arena, &s->settlements,
			    &s->settlement_count, err) < 0)
		return -1;
	return finding_load(job->run_dir, &job->arena, &s->findings,
			    &s->finding_count, err);
}

static int check_id(const char *id, struct error *err)
{
	size_t len = strlen(id);

	if (len < ID_LEAST || strspn(id, "0123456789abcdefABCDEF") != len)
		return error_set(err, ERROR_INPUT,
				 "expected at least %d hex digits of a "
				 "transaction id, not '%s'",
				 ID_LEAST, id);
	return 0;
}

/* Nodes wrote a part of it: see base/plain.h. */
static int print_found(struct search *s, struct error *err)
{
	cleanup(buf_release) struct buf found = BUF_INIT(SHOWN_MAX);
	cleanup(buf_release) struct buf plain = BUF_INIT(SHOWN_MAX);

	s->out = &found;
	if (print_all(s, err) < 0 || buf_check(&found, err) < 0)
		return -1;
	plain_lines(&plain, buf_text(&found));
	if (buf_check(&plain, err) < 0)
		return -1;
	print_lines(stdout, buf_text(&plain));
	return 0;
}

static int show_tx(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_show_tx_options *o = cli->options;
	cleanup(job_release) struct job job = { 0 };
	cleanup(search_release) struct search s = { .job = &job };

	(void)exit_code;
	s.prefix = cli->args[0];
	if (check_id(cli->args[0], err) < 0 ||
	    job_open(&job, &o->common, &o->run, err) < 0 ||
	    job_load(&job, cli_arg(cli, 1), err) < 0 || load(&s, err) < 0 ||
	    check_found(&s, err) < 0)
		return -1;
	return o->common.json ? print_json(&s, err) : print_found(&s, err);
}

const struct command command_show_tx = {
	.name = "show tx",
	.usage = "ID [RUN]",
	.brief = "show a transaction: operations, databases, findings",
	.text = "ID is the beginning of a transaction id, of which the run "
		"has one. While the network is up, decodes the transaction "
		"from "
		"the nodes' databases: inputs, outputs with amounts and "
		"owners, "
		"commands, signers, notary. Prints the "
		"operations, their rows in the databases, and every finding "
		"about them with its evidence.",
	.examples = EXAMPLES({ "medley show tx 19234D3C",
			       "a transaction of the latest run" }),
	.least = 1,
	.most = 2,
	COMMAND_OPTIONS(tx_options, struct cmd_show_tx_options),
	.run = show_tx,
};
