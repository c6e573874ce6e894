/* SPDX-License-Identifier: Apache-2.0 */
/* transaction_findings.c - one finding for all that is wrong with it. */
#include <stdio.h>
#include <string.h>

#include "corda/signature.h"
#include "vault/flow_name.h"
#include "vault/tx_view.h"

enum { LOOK_UPS_MAX = 20, SUMMARY_MAX = 512 };

static enum finding_kind kind_of(enum problem what)
{
	static const enum finding_kind kinds[PROBLEMS] = {
		[PROBLEM_FOREIGN] = FINDING_FOREIGN,
		[PROBLEM_FORGED] = FINDING_FORGED,
		[PROBLEM_DOUBLED] = FINDING_DOUBLED,
		[PROBLEM_DOUBLED_COMMIT] = FINDING_DOUBLED,
		[PROBLEM_DOUBLED_OUTPUT] = FINDING_DOUBLED,
		[PROBLEM_ID] = FINDING_ID_MISMATCH,
		[PROBLEM_UNDECODABLE] = FINDING_UNDECODABLE,
		[PROBLEM_ODD_COMMIT] = FINDING_UNDECODABLE,
		[PROBLEM_SIGNATURE] = FINDING_BAD_SIGNATURE,
		[PROBLEM_ABSENT] = FINDING_LOST,
		[PROBLEM_CONSUMED] = FINDING_LOST,
		[PROBLEM_NOT_RECORDED] = FINDING_NOT_RECORDED,
		[PROBLEM_CHAIN_BROKEN] = FINDING_NOT_RECORDED,
		[PROBLEM_NOT_COMMITTED] = FINDING_NOT_RECORDED,
		[PROBLEM_NOT_SPENT] = FINDING_NOT_RECORDED,
		[PROBLEM_UNLISTED] = FINDING_NOT_RECORDED,
		[PROBLEM_FORGOTTEN] = FINDING_NOT_RECORDED,
		[PROBLEM_VALUE_LOST] = FINDING_LOST,
		[PROBLEM_NO_HOLDER] = FINDING_LOST,
		[PROBLEM_NO_KEY] = FINDING_KEY_MISMATCH,
		[PROBLEM_KEY_SHARED] = FINDING_KEY_MISMATCH,
		[PROBLEM_NO_ROW] = FINDING_ROW_MISMATCH,
		[PROBLEM_STRAY_ROW] = FINDING_ROW_MISMATCH,
		[PROBLEM_STRAY_COMMIT] = FINDING_ROW_MISMATCH,
		[PROBLEM_STATUS] = FINDING_ROW_MISMATCH,
		[PROBLEM_ROW_VALUE] = FINDING_ROW_MISMATCH,
		[PROBLEM_ROW_NAME] = FINDING_ROW_MISMATCH,
		[PROBLEM_ROW_PARTY] = FINDING_ROW_MISMATCH,
		[PROBLEM_UNVERIFIED] = FINDING_ROW_MISMATCH,
		[PROBLEM_LOCKED] = FINDING_SOFT_LOCK_LEFT,
	};

	return kinds[what];
}

/* What stands in place of an id, as it is; or NULL. */
static const char *odd_at(const struct tx_view *v, const struct trouble *t)
{
	if (t->what == PROBLEM_ID)
		return odd_text(&v->check->odd, t->node, v->id, 0);
	if (t->what == PROBLEM_ODD_COMMIT)
		return odd_text(&v->check->odd, t->node, t->other, t->index);
	return NULL;
}

/* Other transactions that its finding names. */
static bool has_other(enum problem what)
{
	return what == PROBLEM_DOUBLED || what == PROBLEM_DOUBLED_COMMIT ||
	       what == PROBLEM_DOUBLED_OUTPUT || what == PROBLEM_CONSUMED ||
	       what == PROBLEM_STRAY_COMMIT;
}

/* The arguments are the node, then the index of the output or the state. */
static const char *const texts[PROBLEMS] = {
	[PROBLEM_FORGED] =
		"the outputs of the transaction are worth more than its inputs",
	[PROBLEM_DOUBLED] = "the transaction, which %s stores, spends a state "
			    "that another transaction also spends",
	[PROBLEM_DOUBLED_COMMIT] = "the transaction spends a state that %s has "
				   "committed as spent by another transaction",
	[PROBLEM_DOUBLED_OUTPUT] = "%s has committed output %u of the "
				   "transaction as spent by two transactions "
				   "that no vault has",
	[PROBLEM_ID] = "%s stores the transaction under an id that does not "
		       "match its bytes",
	[PROBLEM_UNDECODABLE] = "the copy of the transaction that %s stores "
				"cannot be decoded",
	[PROBLEM_ODD_COMMIT] = "%s has committed the state with index %u as "
			       "spent by a text that is not a transaction id",
	[PROBLEM_ABSENT] = "no vault has the transaction",
	[PROBLEM_CONSUMED] = "%s has committed output %u of the transaction as "
			     "spent by a transaction that does not spend it",
	[PROBLEM_NOT_RECORDED] = "%s has not recorded the transaction",
	[PROBLEM_CHAIN_BROKEN] = "%s has not recorded the transaction, but has "
				 "recorded one that spends an output of it",
	[PROBLEM_NOT_COMMITTED] = "notary %s has not committed the transaction",
	[PROBLEM_NOT_SPENT] = "notary %s lists the transaction, but has not "
			      "committed the states that it spends",
	[PROBLEM_UNLISTED] = "%s has committed the states that the transaction "
			     "spends, but does not list the transaction",
	[PROBLEM_FORGOTTEN] = "%s, a node of the notary, has lost the states "
			      "that the transaction spends",
	[PROBLEM_VALUE_LOST] =
		"the outputs of the transaction are worth less than its inputs",
	[PROBLEM_NO_HOLDER] = "%s owns output %u of the transaction, but no "
			      "vault has a row of this output, and no node has "
			      "the key for it",
	[PROBLEM_NO_KEY] = "%s owns output %u of the transaction, but does not "
			   "have the key for it",
	[PROBLEM_KEY_SHARED] = "%s owns output %u of the transaction, but "
			       "another node also has the key for it",
	[PROBLEM_NO_ROW] =
		"the vault of %s has no row of output %u of the transaction",
	[PROBLEM_STRAY_ROW] = "the vault of %s has a row of output %u of the "
			      "transaction, which it must not have",
	[PROBLEM_STRAY_COMMIT] = "%s has committed output %u of a transaction "
				 "that no vault has, as spent by this "
				 "transaction",
	[PROBLEM_STATUS] = "the vault of %s has the state with index %u with a "
			   "status that contradicts the stored transactions",
	[PROBLEM_ROW_VALUE] = "the vault of %s has another value for "
			      "output %u than the transaction",
	[PROBLEM_ROW_NAME] = "the vault of %s names a wrong owner, or none, "
			     "for output %u of the transaction",
	[PROBLEM_ROW_PARTY] = "the vault of %s names other parties for output "
			      "%u of the transaction than its owner",
	[PROBLEM_UNVERIFIED] = "%s stores the transaction as not verified",
	[PROBLEM_LOCKED] = "the vault of %s still has a soft lock on output %u "
			   "of the transaction",
};

/* What is wrong with one copy of the transaction, or NULL. */
static const char *fault_text(const struct trouble *t)
{
	if (t->what == PROBLEM_SIGNATURE)
		return signature_fault_text((enum signature_fault)t->index);
	if (t->what == PROBLEM_FOREIGN)
		return foreign_text((enum foreign)t->index);
	return NULL;
}

static void say(const struct tx_view *v, const struct trouble *t,
		struct buf *out)
{
	const char *node = check_node_name(v->check, t->node);
	const char *fault = fault_text(t);

	if (fault)
		buf_addf(out, "in the copy that %s stores, %s", node, fault);
	else
		buf_addf(out, texts[t->what], node, t->index);
	if (odd_at(v, t))
		buf_addf(out, ": '%s'", odd_at(v, t));
}

static int by_weight(const void *a, const void *b)
{
	const struct trouble *x = a, *y = b;

	if (x->what != y->what)
		return (int)x->what - (int)y->what;
	return x->node - y->node;
}

/* ---- flows that wait for it ---- */

/* Not every release stores which flow waits for which transaction. One
 * lost payment leaves one flow at a node that lacks it, and perhaps one at
 * the payer: as many as that are taken to be its consequence. */
static void add_flow(const struct tx_view *v, unsigned node, struct js *flows,
		     struct buf *summary)
{
	struct check *c = v->check;

	for (size_t i = 0; i < c->flow_count; i++) {
		struct flow_left *f = &c->flows[i];

		if (f->node != node || f->told)
			continue;
		f->told = true;
		js_append(flows, evidence_flow(c, f));
		buf_addf(summary, "; %s of %s has not ended%s%s",
			 f->name ? flow_short_name(f->name) : "a flow",
			 check_node_name(c, node), f->error ? ": " : "",
			 f->error ? f->error : "");
		return;
	}
}

static struct js *waiting(const struct tx_view *v, struct buf *summary)
{
	struct js *flows = js_array();
	struct buf dropped = BUF_INIT(SUMMARY_MAX);
	bool lacking = false;

	for (size_t i = 0; i < v->trouble_count; i++)
		if (v->troubles[i].what == PROBLEM_NOT_RECORDED) {
			add_flow(v, v->troubles[i].node, flows, summary);
			lacking = true;
		}
	if (lacking)
		add_flow(v, v->payer, flows, &dropped);
	buf_release(&dropped);
	return flows;
}

/* ---- the finding ---- */

static struct js *follows(const struct tx_view *v)
{
	struct js *list = js_array();

	for (size_t i = 1; i < v->trouble_count; i++) {
		cleanup(buf_release) struct buf text = BUF_INIT(SUMMARY_MAX);

		say(v, &v->troubles[i], &text);
		js_append_str(list, buf_text(&text));
	}
	return list;
}

static bool forgotten(const struct tx_view *v)
{
	return v->troubles[0].what == PROBLEM_FORGOTTEN;
}

/* Of a notary of several nodes the one that it is about. */
static unsigned notary_node(const struct tx_view *v)
{
	return forgotten(v) ? v->troubles[0].node : v->notary;
}

static struct js *evidence(struct tx_view *v, const char *tx)
{
	struct check *c = v->check;
	bool look_up = c->looked_up++ < LOOK_UPS_MAX;
	struct js *e = js_object();
	char text[FACT_TEXT];

	if (v->payer != NODE_NONE)
		js_set(e, "payer",
		       evidence_side(c, v->payer, tx, tx_view_has(v, v->payer),
				     look_up));
	if (v->payee != NODE_NONE && v->payee != v->payer)
		js_set(e, "payee",
		       evidence_side(c, v->payee, tx, tx_view_has(v, v->payee),
				     look_up));
	if (v->notary != NODE_NONE)
		js_set(e, "notary",
		       evidence_notary(c, notary_node(v), tx,
				       v->committed && !forgotten(v), look_up));
	if (has_other(v->troubles[0].what) && v->troubles[0].other)
		js_set_str(e, "other_transaction",
			   fact_text(text, v->troubles[0].other));
	return e;
}

/* The history knows better than the owners of states, where it knows. */
static void take_parties(struct tx_view *v)
{
	if (!v->op)
		return;
	if (v->op->payer != NODE_NONE)
		v->payer = v->op->payer;
	if (v->op->payee != NODE_NONE)
		v->payee = v->op->payee;
	if (v->notary == NODE_NONE)
		v->notary = v->op->notary;
}

static const char *name_or_null(const struct check *c, unsigned node)
{
	return node < c->net.node_count ? c->net.nodes[node].name : NULL;
}

/* "100.00 USD bank-a -> bank-b, notary n: " */
static void introduce(const struct tx_view *v, struct buf *out)
{
	const struct asset *asset = assets_at(&v->check->assets, v->asset);
	char currency[CURRENCY_ROOM];

	if (v->op)
		money_add(out, v->op->amount,
			  ops_currency(v->check->ops, v->op));
	else if (asset)
		money_add(out, v->amount, asset_currency(asset, currency));
	buf_add_str(out, out->len ? " " : "");
	if (v->payer != NODE_NONE)
		buf_addf(out, "%s -> %s", check_node_name(v->check, v->payer),
			 check_node_name(v->check, v->payee));
	if (v->notary != NODE_NONE)
		buf_addf(out, "%snotary %s", out->len ? ", " : "",
			 check_node_name(v->check, v->notary));
	buf_add_str(out, out->len ? ": " : "");
}

int tx_view_report(struct tx_view *v, struct error *err)
{
	struct check *c = v->check;
	cleanup(buf_release) struct buf summary = BUF_INIT(SUMMARY_MAX * 4);
	struct finding f = { 0 };
	struct js *flows;
	char tx[FACT_TEXT];

	qsort(v->troubles, v->trouble_count, sizeof(v->troubles[0]), by_weight);
	take_parties(v);
	fact_text(tx, v->id);
	introduce(v, &summary);
	say(v, &v->troubles[0], &summary);
	flows = waiting(v, &summary);
	f.kind = kind_of(v->troubles[0].what);
	f.tx = tx;
	f.op = v->op ? v->op->id : 0;
	f.node = name_or_null(c, v->troubles[0].node);
	f.payer = name_or_null(c, v->payer);
	f.payee = name_or_null(c, v->payee);
	f.notary = name_or_null(c, v->notary);
	f.summary = buf_text(&summary);
	f.evidence = evidence(v, tx);
	js_set(f.evidence, "stuck_flows", flows);
	js_set(f.evidence, "follows", follows(v));
	return check_found(c, &f, err);
}
