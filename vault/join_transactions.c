/* SPDX-License-Identifier: Apache-2.0 */
/* join_transactions.c - the third round: all that is said of a transaction. */
#include <assert.h>
#include <string.h>

#include "corda/transaction.h"
#include "vault/motion.h"

/* ---- what the facts say ---- */

static void apply_stored(struct tx_view *v, const struct fact *f)
{
	v->stored = true;
	if (f->time && (!v->time || f->time < v->time))
		v->time = f->time;
	if (f->flags & STORED_UNREADABLE)
		return;
	v->readable = true;
	v->kind = f->index;
	v->notary = (uint16_t)f->extra;
	v->flags |= f->flags;
	if (f->flags & STORED_UNVERIFIED)
		tx_view_trouble(v, PROBLEM_UNVERIFIED, f->node, 0, NULL);
}

static struct tx_value *value_of(struct tx_view *v, int32_t asset)
{
	for (size_t i = 0; i < v->value_count; i++)
		if (v->values[i].asset == asset)
			return &v->values[i];
	assert(v->value_count < v->count);
	v->values[v->value_count] = (struct tx_value){ .asset = asset };
	return &v->values[v->value_count++];
}

static void apply_holder(struct tx_view *v, const struct fact *f)
{
	if (f->flags & HOLDER_UNKNOWN)
		v->value_unknown = true;
	if (f->time && (!v->time || f->time < v->time))
		v->time = f->time;
	if (!(f->flags & HOLDER_CASH))
		return;
	if (f->flags & HOLDER_OUTPUT)
		value_of(v, f->asset)->out += f->amount;
	else
		value_of(v, f->asset)->in += f->amount;
	if (!(f->flags & HOLDER_OUTPUT) && v->payer == NODE_NONE)
		v->payer = f->node;
}

/* A cluster has committed what enough of its nodes have. */
static void apply_committed(struct tx_view *v, unsigned node)
{
	v->committed_at |= UINT32_C(1)
			   << (v->check->net.nodes[node].ordinal % 32);
	v->committed = check_is_commit(
		v->check, node, (unsigned)__builtin_popcount(v->committed_at));
}

/* What it lists it had committed, whatever it has read since. */
static void apply_behind(struct tx_view *v, const struct fact *behind)
{
	for (size_t i = 0; i < v->count; i++)
		if (v->facts[i].type == FACT_COMMITTED_TX &&
		    v->facts[i].node == behind->node)
			tx_view_trouble(v, PROBLEM_FORGOTTEN, behind->node,
					behind->index, NULL);
}

static void see(struct tx_view *v, const struct fact *f,
		const struct fact *before)
{
	switch (f->type) {
	case FACT_STORED:
		apply_stored(v, f);
		break;
	case FACT_HOLDER:
		apply_holder(v, f);
		break;
	case FACT_EXIT: /* once from each copy */
		if (!before || before->type != FACT_EXIT ||
		    before->index != f->index)
			value_of(v, f->asset)->exit += f->amount;
		break;
	case FACT_COMMITTED_TX:
	case FACT_CONSUMER:
		/* What another notary has committed counts for nothing. */
		if (v->notary == NODE_NONE)
			v->notary = check_notary(v->check, f->node);
		if (check_notary(v->check, f->node) == v->notary)
			apply_committed(v, f->node);
		break;
	case FACT_BEHIND:
		apply_behind(v, f);
		break;
	case FACT_PROBLEM:
		tx_view_trouble(v, f->extra, f->node, f->index, f->other);
		break;
	default:
		break;
	}
}

/* Another than the payer who gets something, else the payer himself. */
static void apply_payee(struct tx_view *v)
{
	for (size_t i = 0; i < v->count; i++) {
		const struct fact *f = &v->facts[i];

		if (f->type != FACT_HOLDER || !(f->flags & HOLDER_OUTPUT) ||
		    f->node == NODE_NONE)
			continue;
		if (v->payee == NODE_NONE ||
		    (v->payee == v->payer && f->node != v->payer)) {
			v->payee = f->node;
			v->amount = 0;
			v->asset = f->asset;
		}
		if (f->node == v->payee && f->asset == v->asset)
			v->amount += f->amount;
	}
	if (v->payer == NODE_NONE)
		v->payer = v->payee;
}

/* ---- what follows from them ---- */

/* As one who owns something of it. */
static bool lacks(const struct tx_view *v, unsigned node)
{
	for (size_t i = 0; i < v->trouble_count; i++)
		if (v->troubles[i].what == PROBLEM_NOT_RECORDED &&
		    v->troubles[i].node == node)
			return true;
	return false;
}

static void check_presence(struct tx_view *v)
{
	if (v->stored)
		tx_view_drop(v, PROBLEM_ABSENT);
	else if (v->committed)
		tx_view_trouble(v, PROBLEM_ABSENT, v->notary, 0, NULL);
	for (size_t i = 0; v->stored && i < v->count; i++) {
		const struct fact *f = &v->facts[i];

		if (f->type == FACT_HOLDER && check_covers(v->check, f->node) &&
		    !tx_view_has(v, f->node))
			tx_view_trouble(v, PROBLEM_NOT_RECORDED, f->node, 0,
					NULL);
		else if (f->type == FACT_NEEDED && !tx_view_has(v, f->node) &&
			 !lacks(v, f->node))
			tx_view_trouble(v, PROBLEM_CHAIN_BROKEN, f->node, 0,
					NULL);
	}
	if (v->readable && (v->flags & STORED_NEEDS_NOTARY) && !v->committed &&
	    check_covers(v->check, v->notary) && !v->check->no_committed_txs)
		tx_view_trouble(v, PROBLEM_NOT_COMMITTED, v->notary, 0, NULL);
}

/*
 * What goes in comes out, but for what is issued and what leaves. A
 * difference told here is taken out of the sums; so is the value of a
 * transaction of which not all is known.
 */
static void check_value(struct tx_view *v, const struct tx_value *value)
{
	struct asset *asset = assets_at(&v->check->assets, value->asset);
	MONEY_SUM more = value->out + value->exit - value->in;
	bool known = v->readable && v->kind == TX_WIRE && !v->value_unknown;

	if (!asset)
		return;
	if (v->flags & STORED_ISSUE && known && more >= 0)
		asset->issued += more;
	else
		asset->explained += more;
	if (v->readable)
		asset->exited += value->exit;
	if (!known || v->flags & STORED_ISSUE || more == 0)
		return;
	tx_view_trouble(v, more > 0 ? PROBLEM_FORGED : PROBLEM_VALUE_LOST,
			NODE_NONE, 0, NULL);
}

static int by_type(const void *a, const void *b)
{
	const struct fact *x = a, *y = b;

	return x->type != y->type ? x->type - y->type : fact_compare(a, b);
}

static int join_transaction(const struct fact *facts, size_t count, void *ctx,
			    struct error *err)
{
	cleanup(freep) struct fact *sorted = calloc(count, sizeof(*sorted));
	cleanup(freep) struct tx_value *values = calloc(count, sizeof(*values));
	struct tx_view v = { .check = ctx,
			     .id = facts->key,
			     .facts = sorted,
			     .count = count,
			     .values = values,
			     .payer = NODE_NONE,
			     .payee = NODE_NONE,
			     .notary = NODE_NONE,
			     .asset = ASSET_NONE };

	if (!sorted || !values)
		return error_nomem(err);
	memcpy(sorted, facts, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), by_type);
	tx_view_find_op(&v);
	for (size_t i = 0; i < count; i++)
		see(&v, &sorted[i], i ? &sorted[i - 1] : NULL);
	tx_view_find_owners(&v, sorted);
	apply_payee(&v);
	check_presence(&v);
	tx_view_check_commits(&v);
	for (size_t i = 0; i < v.value_count; i++)
		check_value(&v, &v.values[i]);
	tx_view_settle(&v);
	motion_excuse(&v);
	return v.trouble_count ? tx_view_report(&v, err) : 0;
}

int check_join_transactions(struct check *c, struct error *err)
{
	return spool_groups(c->transactions, 0, join_transaction, c, err);
}
