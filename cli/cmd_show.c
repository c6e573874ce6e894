/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_show.c - medley show tx: everything a run's files say of a transaction.
 */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "base/money.h"
#include "base/plain.h"
#include "cli/cli.h"
#include "cli/job.h"
#include "run/records.h"
#include "sys/clock.h"

enum {
	EVIDENCE_MAX = 16 * 1024 * 1024,
	SHOWN_MAX = 256 * 1024 * 1024,
	ID_LEAST = 4
};

struct cmd_show_options {
	struct common_options common;
	struct run_options run;
};

static const struct option show_options[] = {
	OPTIONS_OF_GROUP(runs_group, struct cmd_show_options, run),
};

struct search {
	struct job *job;
	const char *prefix;
	struct operation *ops;
	struct settlement *settlements;
	struct finding *findings;
	size_t op_count, settlement_count, finding_count;
	unsigned found;
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

static int print_all(struct search *s, struct error *err)
{
	for (size_t i = 0; i < s->op_count; i++)
		if (op_matches(s, &s->ops[i])) {
			print_operation(s, &s->ops[i]);
			s->found++;
		}
	for (size_t i = 0; i < s->finding_count; i++) {
		const struct finding *f = &s->findings[i];

		if (!matches(s, f->tx) && !op_shown(s, f->op))
			continue;
		s->found++;
		if (print_finding(s, f, err) < 0)
			return -1;
	}
	if (s->found)
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

static int check_args(const struct cli *cli, struct error *err)
{
	const char *id = cli->args[1];
	size_t len = strlen(id);

	if (strcmp(cli->args[0], "tx"))
		return error_set(err, ERROR_INPUT,
				 "medley show knows 'tx', not '%s'",
				 cli->args[0]);
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
	fputs(buf_text(&plain), stdout);
	return 0;
}

static int show(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_show_options *o = cli->options;
	cleanup(job_release) struct job job = { 0 };
	cleanup(search_release) struct search s = { .job = &job };

	(void)exit_code;
	s.prefix = cli->args[1];
	if (check_args(cli, err) < 0 ||
	    job_open(&job, &o->common, &o->run, err) < 0 ||
	    job_load(&job, cli_arg(cli, 2), err) < 0 || load(&s, err) < 0)
		return -1;
	return print_found(&s, err);
}

const struct command command_show = {
	.name = "show",
	.usage = "tx ID [RUN]",
	.brief = "show a transaction: operations, databases, findings",
	.text = "ID is the beginning of a transaction id. Prints the "
		"operations, their rows in the databases, and every finding "
		"about them with its evidence.",
	.examples = EXAMPLES({ "medley show tx 19234D3C",
			       "a transaction of the latest run" }),
	.least = 2,
	.most = 3,
	COMMAND_OPTIONS(show_options, struct cmd_show_options),
	.run = show,
};
