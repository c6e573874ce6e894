/* SPDX-License-Identifier: Apache-2.0 */
/* evidence.c - who takes part in what went wrong, and what each store says. */
#include <stdio.h>
#include <string.h>

#include "report/words.h"

enum { EVIDENCE_DEPTH = 4 };

struct telling {
	struct buf *out;
	int depth;
	bool first;
};

static void tell(struct buf *out, const struct js *value, int depth);

/* "node_our_key" reads "node our key". */
static void write_key(struct buf *out, const char *key)
{
	char words[256];

	snprintf(words, sizeof(words), "%s", key);
	for (char *p = words; *p; p++)
		if (*p == '_')
			*p = ' ';
	plain_line(out, words);
}

static int write_member(const char *key, const struct js *member, void *ctx)
{
	struct telling *t = ctx;

	if (js_is_null(member)) /* no content: nothing to tell */
		return 0;
	if (!t->first)
		buf_add_str(t->out, ", ");
	t->first = false;
	/* "text" and "summary" are sentences of their own. */
	if (strcmp(key, "text") != 0 && strcmp(key, "summary") != 0) {
		write_key(t->out, key);
		buf_add_u8(t->out, ' ');
	}
	tell(t->out, member, t->depth + 1);
	return 0;
}

static void write_items(struct buf *out, const struct js *value, int depth)
{
	for (size_t i = 0; i < js_count(value); i++) {
		if (i)
			buf_add_str(out, "; ");
		tell(out, js_at(value, i), depth + 1);
	}
}

/* Numbers, booleans and null, which json.h reads only as members. */
static void write_other(struct buf *out, const struct js *value)
{
	cleanup(buf_release) struct buf text = BUF_PART(out, 4096);
	struct error ignored;

	if (js_print(value, JS_LINE, &text, &ignored) == 0)
		plain_line(out, buf_text(&text));
	else if (!text.failed)
		buf_fail(out);
}

static void tell(struct buf *out, const struct js *value, int depth)
{
	struct telling t = { out, depth, true };

	if (js_text(value)) {
		plain_line(out, js_text(value));
	} else if (depth < EVIDENCE_DEPTH && js_count(value)) {
		write_items(out, value, depth);
	} else {
		if (depth < EVIDENCE_DEPTH)
			js_each(value, write_member, &t);
		if (t.first && value)
			write_other(out, value);
	}
}

void write_evidence(struct buf *out, const struct js *value)
{
	tell(out, value, 0);
}

/* ---- one store's side of a finding ---- */

/* Shown elsewhere: of node and release a row has columns of its own. */
static bool is_said_elsewhere(const char *key)
{
	static const char *const keys[] = { "node",	"release", "contracts",
					    "cordapps", "has",	   "committed",
					    "rows" };

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (!strcmp(key, keys[i]))
			return true;
	return false;
}

static int side_member(const char *key, const struct js *member, void *ctx)
{
	return is_said_elsewhere(key) ? 0 : write_member(key, member, ctx);
}

static int count_table(const char *key, const struct js *rows, void *ctx)
{
	struct telling *t = ctx;

	if (!js_count(rows))
		return 0;
	buf_addf(t->out, "%s%zu in ", t->first ? " (rows: " : ", ",
		 js_count(rows));
	plain_line(t->out, key);
	t->first = false;
	return 0;
}

void write_side(struct buf *out, const struct js *side)
{
	struct telling tables = { .out = out, .first = true };
	struct telling rest = { .out = out, .first = true };

	if (js_text(side)) {
		plain_line(out, js_text(side));
		return;
	}
	if (js_get(side, "has"))
		buf_add_str(out, js_bool(side, "has", false)
					 ? "has the transaction"
					 : "has no such transaction");
	if (js_get(side, "committed"))
		buf_add_str(out, js_bool(side, "committed", false)
					 ? "committed"
					 : "nothing was committed");
	js_each(js_get(side, "rows"), count_table, &tables);
	if (!tables.first)
		buf_add_u8(out, ')');
	rest.first = !js_get(side, "has") && !js_get(side, "committed");
	js_each(side, side_member, &rest);
}

/* ---- who takes part ---- */

static void set_role(const struct judgement *j, struct role *role,
		     const char *name, const char *node_name)
{
	const struct network *net = &j->record->net;
	const struct network_node *node =
		node_name ? network_find(net, node_name) : NULL;

	*role = (struct role){ .name = name, .node = node_name };
	if (node)
		role->release = &net->releases[node->release];
}

static const char *either(const char *a, const char *b)
{
	return a ? a : b;
}

void finding_roles(const struct judgement *j, const struct placed_finding *p,
		   struct role ret[ROLES])
{
	static const struct operation nobody = { 0 };
	const struct finding *f = p->finding;
	const struct operation *op = p->op ? p->op : &nobody;

	set_role(j, &ret[0], "payer", either(f->payer, op->payer));
	set_role(j, &ret[1], "notary", either(f->notary, op->notary));
	set_role(j, &ret[2], "payee", either(f->payee, op->payee));
	for (int i = 0; i < ROLES; i++)
		ret[i].evidence = js_get(f->evidence, ret[i].name);
}

/* The payer's own words, and how long it took to say them. */
static void write_answer(struct buf *out, const struct operation *op)
{
	if (op->outcome == OUTCOME_UNKNOWN)
		buf_add_str(out, "gave no answer");
	else
		buf_addf(out, "answered %s", op_outcome_word(op->outcome));
	if (op->done_us > op->sent_us && op->sent_us) {
		buf_add_str(out, " after ");
		write_duration(out, op->done_us - op->sent_us);
	}
	if (op->error_class) {
		buf_add_str(out, ": ");
		plain_line(out, op->error_class);
	}
	if (op->error_text) {
		buf_add_str(out, ": ");
		plain_line(out, op->error_text);
	}
}

void payment_roles(const struct judgement *j, const struct operation *op,
		   const struct settlement *s, struct role ret[ROLES],
		   struct buf ret_texts[ROLES])
{
	set_role(j, &ret[0], "payer", op->payer);
	set_role(j, &ret[1], "notary", op->notary);
	set_role(j, &ret[2], "payee", op->payee);
	write_answer(&ret_texts[0], op);
	if (!s) {
		buf_add_str(&ret_texts[1], "not known");
		buf_add_str(&ret_texts[2], "not known");
		return;
	}
	buf_add_str(&ret_texts[0],
		    s->payer_has ? "; its database has the transaction"
				 : "; its database has no such transaction");
	buf_add_str(&ret_texts[1],
		    s->notary_has ? "committed" : "nothing was committed");
	buf_add_str(&ret_texts[2], s->payee_has ? "has the transaction"
						: "has no such transaction");
}
