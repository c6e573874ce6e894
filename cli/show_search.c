/* SPDX-License-Identifier: Apache-2.0 */
/* show_search.c - what the files of a run have about one transaction, read line
 * by line.
 */
#include "cli/show_search.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "base/money.h"
#include "base/plain.h"
#include "cli/print.h"
#include "run/records.h"
#include "run/settled_reader.h"
#include "sys/clock.h"

enum {
	EVIDENCE_MAX = 16 * 1024 * 1024,
	SHOWN_MAX = 256 * 1024 * 1024,
	ID_LEAST = 4,
	ID_SHOWN = 12
};

void show_search_init(struct show_search *s, struct job *job, bool json)
{
	*s = (struct show_search){ .job = job,
				   .json = json,
				   .ops = BUF_INIT(SHOWN_MAX),
				   .findings = BUF_INIT(SHOWN_MAX),
				   .op_list = js_array(),
				   .finding_list = js_array() };
}

void show_search_release(struct show_search *s)
{
	id_set_release(&s->shown);
	buf_release(&s->ops);
	buf_release(&s->findings);
	js_free(s->op_list);
	js_free(s->finding_list);
}

static bool matches(const struct show_search *s, const char *tx)
{
	return tx && !strncasecmp(tx, s->prefix, strlen(s->prefix));
}

static void print_time(struct buf *out, const char *what, int64_t us)
{
	char room[CLOCK_TEXT];

	buf_addf(out, "  %-10s %s\n", what,
		 us ? clock_text(room, us) : "never");
}

static const char *release_of(const struct show_search *s, const char *node)
{
	const struct network_node *n =
		node ? network_find(&s->job->net, node) : NULL;

	return n ? s->job->net.releases[n->release].label : "?";
}

static void print_party(const struct show_search *s, struct buf *out,
			const char *what, const char *node, const char *has)
{
	if (node)
		buf_addf(out, "  %-10s %-28s %-20s %s\n", what, node,
			 release_of(s, node), has);
}

static const char *has_text(const struct settlement *st, bool has)
{
	if (!st)
		return "not checked";
	return has ? "has the transaction" : "does NOT have the transaction";
}

static void print_operation(struct show_search *s, const struct operation *op,
			    const struct settlement *st)
{
	const struct op_kind_info *kind = op_kind_info(op->kind);
	struct buf *out = &s->ops;
	char unseen[64];

	snprintf(unseen, sizeof(unseen), "takes no part in %s", kind->nouns);
	buf_addf(out, "%s %" PRIu64 ": ", kind->noun, op->id);
	money_add(out, op->amount, op->currency);
	buf_addf(out, ", outcome %s\n", op_outcome_word(op->outcome));
	if (op->tx || (st && st->tx))
		buf_addf(out, "  %-10s %s\n", "tx", op->tx ? op->tx : st->tx);
	if (op->flow)
		buf_addf(out, "  %-10s %s\n", "flow", op->flow);
	print_time(out, "sent", op->sent_us);
	print_time(out, "done", op->done_us);
	print_party(s, out, "payer", op->payer,
		    has_text(st, st && st->payer_has));
	if (kind->has_payee)
		print_party(s, out, "payee", op->payee,
			    has_text(st, st && st->payee_has));
	print_party(s, out, "notary", op->notary,
		    kind->settles == OP_SETTLES_ALONE
			    ? unseen
			    : has_text(st, st && st->notary_has));
	if (op->error_text)
		buf_addf(out, "  %-10s %s%s%s\n", "error",
			 op->error_class ? op->error_class : "",
			 op->error_class ? ": " : "", op->error_text);
	buf_addf(out, "\n");
}

static int print_finding(struct show_search *s, const struct finding *f,
			 struct error *err)
{
	struct buf *out = &s->findings;
	cleanup(buf_release) struct buf text = BUF_INIT(EVIDENCE_MAX);

	buf_addf(out, "%s %s%s%s (%s)\n  %s\n", f->note ? "note" : "finding",
		 finding_name(f->kind), f->node ? " at " : "",
		 f->node ? f->node : "", release_of(s, f->node),
		 f->summary ? f->summary : "");
	if (!f->evidence)
		return 0;
	if (js_print(f->evidence, JS_PRETTY, &text, err) < 0)
		return -1;
	buf_addf(out, "%s\n", buf_text(&text));
	return 0;
}

/* ---- for programs ---- */

static struct js *party_json(const struct show_search *s, const char *node,
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

static struct js *operation_json(const struct show_search *s,
				 const struct operation *op,
				 const struct settlement *st)
{
	const struct op_kind_info *kind = op_kind_info(op->kind);
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

static struct js *finding_json(const struct show_search *s,
			       const struct finding *f)
{
	struct js *o = js_object();

	js_set_str(o, "kind", finding_name(f->kind));
	js_set_bool(o, "note", f->note);
	js_set_str(o, "tx", f->tx);
	js_set_str(o, "node", f->node);
	js_set_str(o, "release", f->node ? release_of(s, f->node) : NULL);
	js_set_str(o, "summary", f->summary);
	js_set(o, "evidence", f->evidence ? js_copy(f->evidence) : NULL);
	return o;
}

/* ---- which transaction ---- */

/* Counts a transaction once, and keeps the first few. */
static int count_found(struct show_search *s, const char *tx, struct error *err)
{
	if (!matches(s, tx))
		return 0;
	for (unsigned i = 0; i < s->found_count && i < SHOW_FOUND_KEPT; i++)
		if (!strcasecmp(s->found[i], tx))
			return 0;
	if (s->found_count < SHOW_FOUND_KEPT) {
		s->found[s->found_count] = arena_strdup(&s->job->arena, tx);
		if (!s->found[s->found_count])
			return error_nomem(err);
	}
	s->found_count++;
	return 0;
}

/* An operation of the transaction, or of one whose id begins like it. */
static int add_operation(struct show_search *s, const struct operation *op,
			 const struct settlement *st, struct error *err)
{
	const char *recorded = st ? st->tx : NULL;

	if (!matches(s, op->tx) && !matches(s, recorded))
		return 0;
	if (s->json)
		js_append(s->op_list, operation_json(s, op, st));
	else
		print_operation(s, op, st);
	if (count_found(s, op->tx, err) < 0 ||
	    count_found(s, recorded, err) < 0)
		return -1;
	return id_set_add(&s->shown, op->id, err);
}

/* About the transaction, or an operation that is shown. */
static int add_finding(const struct finding *f, void *ctx, struct error *err)
{
	struct show_search *s = ctx;

	if (!matches(s, f->tx) && !id_set_has(&s->shown, f->op))
		return 0;
	if (count_found(s, f->tx, err) < 0)
		return -1;
	if (!s->json)
		return print_finding(s, f, err);
	js_append(s->finding_list, finding_json(s, f));
	return 0;
}

static int read_operations(struct show_search *s, struct error *err)
{
	cleanup(settled_reader_freep) struct settled_reader *r = NULL;
	const struct settlement *st;
	struct operation op;
	int rc = settled_reader_open(s->job->run_dir, &r, err);

	while (rc >= 0 && (rc = settled_read(r, &op, &st, err)) > 0)
		rc = add_operation(s, &op, st, err);
	if (rc >= 0 && settled_doubt(r))
		print_line(stderr, "medley: warning: %s/%s", s->job->run_dir,
			   settled_doubt(r));
	return rc;
}

static int refuse_ambiguous(const struct show_search *s, struct error *err)
{
	char names[SHOW_FOUND_KEPT * (ID_SHOWN + 5) + 1] = "";
	size_t len = 0;

	for (unsigned i = 0; i < SHOW_FOUND_KEPT && i < s->found_count; i++) {
		snprintf(names + len, sizeof(names) - len, "%s%.*s",
			 i ? ", " : "", ID_SHOWN, s->found[i]);
		len = strlen(names);
	}
	return error_set(err, ERROR_INPUT,
			 "several transactions of %s begin with %s: %s%s; type "
			 "more digits",
			 s->job->run_dir, s->prefix, names,
			 s->found_count > SHOW_FOUND_KEPT ? " ..." : "");
}

int show_search_check(const char *id, struct error *err)
{
	size_t len = strlen(id);

	if (len < ID_LEAST || strspn(id, "0123456789abcdefABCDEF") != len)
		return error_set(err, ERROR_INPUT,
				 "expected at least %d hex digits of a "
				 "transaction id, not '%s'",
				 ID_LEAST, id);
	return 0;
}

int show_search(struct show_search *s, const char *prefix, struct error *err)
{
	s->prefix = prefix;
	if (read_operations(s, err) < 0 ||
	    finding_each(s->job->run_dir, add_finding, s, err) < 0)
		return -1;
	if (s->found_count > 1)
		return refuse_ambiguous(s, err);
	if (s->found_count)
		return 0;
	return error_set(err, ERROR_INPUT,
			 "%s has no transaction that begins with %s",
			 s->job->run_dir, s->prefix);
}

int show_search_print(const struct buf *const *texts, unsigned count,
		      struct error *err)
{
	cleanup(buf_release) struct buf plain = BUF_INIT(SHOWN_MAX);

	for (unsigned i = 0; i < count; i++) {
		if (buf_check(texts[i], err) < 0)
			return -1;
		plain_lines(&plain, buf_text(texts[i]));
	}
	if (buf_check(&plain, err) < 0)
		return -1;
	print_lines(stdout, buf_text(&plain));
	return 0;
}
