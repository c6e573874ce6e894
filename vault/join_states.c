/* SPDX-License-Identifier: Apache-2.0 */
/* join_states.c - the second round: what all say of one state. */
#include <string.h>

#include "vault/check.h"

/*
 * For each state: who spent it, says whom; what each vault's rows say. What
 * is wrong goes to the transaction it is about, so that a lost transaction
 * comes out as one finding, with its consequences, in the third round.
 */
struct range {
	const struct fact *at;
	size_t count;
};

struct state {
	struct check *check;
	const struct fact *any; /* for key and index */
	const struct fact *owned; /* the decoded output, or NULL */
	bool inherited;
	struct range spent, committed, rows, cash, fungible;
	const struct fact *spender; /* in `other`; NULL: unspent */
};

static struct range range_of(const struct fact *facts, size_t count,
			     enum fact_type type)
{
	struct range r = { facts, 0 };

	while (count > 0 && r.at->type < type)
		r.at++, count--;
	while (r.count < count && r.at[r.count].type == type)
		r.count++;
	return r;
}

static bool same_other(const struct fact *a, const struct fact *b)
{
	return memcmp(a->other, b->other, FACT_ID) == 0;
}

static void tell(struct check *c, struct fact *f, enum fact_type type,
		 const uint8_t key[FACT_ID])
{
	f->type = (uint8_t)type;
	memcpy(f->key, key, FACT_ID);
	spool_add(c->transactions, f);
}

static void problem(const struct state *s, const uint8_t tx[FACT_ID],
		    unsigned node, enum problem what, const uint8_t *other)
{
	struct fact f = { .node = (uint16_t)node,
			  .index = s->any->index,
			  .extra = what };

	if (other)
		memcpy(f.other, other, FACT_ID);
	tell(s->check, &f, FACT_PROBLEM, tx);
}

/* ---- who spent it ---- */

/* Whether a node of a notary has committed it to this spender. */
static bool committed_by(const struct state *s, unsigned node,
			 const struct fact *spent)
{
	for (size_t i = 0; i < s->committed.count; i++)
		if (same_other(&s->committed.at[i], spent) &&
		    s->committed.at[i].node == node)
			return true;
	return false;
}

/*
 * A node of a cluster that has read the log beyond the commit must know it. One
 * that is behind, say since it is down, need not, unless it lists the spender:
 * that is seen in the third round. `place` is the commit's, 0 without a log.
 */
static void check_memory(const struct state *s, const struct fact *spent,
			 int64_t place)
{
	const struct check *c = s->check;

	for (unsigned i = 0; i < c->net.node_count; i++) {
		struct fact behind = { .node = (uint16_t)i,
				       .index = s->any->index };

		if (check_notary(c, i) != spent->extra ||
		    committed_by(s, i, spent))
			continue;
		if (place && c->log_ends[i] >= place)
			problem(s, spent->other, i, PROBLEM_FORGOTTEN, NULL);
		else
			tell(s->check, &behind, FACT_BEHIND, spent->other);
	}
}

/* By the notary that the spender names: by enough of its nodes. */
static void check_committed(const struct state *s, const struct fact *spent)
{
	unsigned have = 0, of = check_notary_nodes(s->check, spent->extra);
	int64_t place = 0;

	for (size_t i = 0; i < s->committed.count; i++) {
		const struct fact *f = &s->committed.at[i];

		if (!same_other(f, spent) ||
		    check_notary(s->check, f->node) != spent->extra)
			continue;
		have++;
		place = f->amount;
	}
	if (!check_is_commit(s->check, spent->extra, have))
		problem(s, spent->other, spent->extra, PROBLEM_NOT_COMMITTED,
			NULL);
	else if (have < of)
		check_memory(s, spent, place);
}

/* Of two spenders the one that the notary knows, or most of its nodes, is the
 * right one. */
static const struct fact *right_spender(const struct state *s)
{
	const struct fact *best = NULL;
	size_t most = 0;

	for (size_t i = 0; i < s->committed.count; i++) {
		size_t n = 0;

		for (size_t j = i; j < s->committed.count; j++)
			n += same_other(&s->committed.at[i],
					&s->committed.at[j]);
		if (n > most) {
			most = n;
			best = &s->committed.at[i];
		}
	}
	return best;
}

static bool in_history(const struct check *c, const uint8_t tx[FACT_ID])
{
	uint8_t id[FACT_ID];

	for (size_t i = 0; i < c->op_count; i++)
		if (fact_key(c->ops[i].tx, id) && !memcmp(id, tx, FACT_ID))
			return true;
	return false;
}

/* The notary's commits to transactions of other networks prove nothing. */
static bool committed_to_own(const struct state *s)
{
	for (size_t i = 0; i < s->committed.count; i++) {
		bool foreign = false;

		for (size_t k = 0; k < s->spent.count && !foreign; k++)
			foreign = (s->spent.at[k].flags & SPENT_FOREIGN) &&
				  same_other(&s->spent.at[k],
					     &s->committed.at[i]);
		if (!foreign)
			return true;
	}
	return false;
}

/*
 * A state that nobody's transaction made. If a vault, the notary or the history
 * knows it, its transaction is gone; else whoever spends it does not belong
 * here.
 */
static void check_origin(const struct state *s)
{
	if (s->rows.count || s->cash.count || committed_to_own(s) ||
	    in_history(s->check, s->any->key)) {
		problem(s, s->any->key, s->spender->node, PROBLEM_ABSENT, NULL);
		return;
	}
	for (size_t i = 0; i < s->spent.count; i++) {
		const struct fact *spent = &s->spent.at[i];
		struct fact f = { .node = spent->node,
				  .index = FOREIGN_INPUT,
				  .extra = PROBLEM_FOREIGN };

		if (!(spent->flags & SPENT_FOREIGN))
			tell(s->check, &f, FACT_PROBLEM, spent->other);
	}
}

/* Nodes keep the whole chain of what they store; spenders are sorted by node.
 */
static void tell_needed(const struct state *s)
{
	for (size_t i = 0; i < s->spent.count; i++) {
		struct fact f = { .node = s->spent.at[i].node };

		if (i == 0 || f.node != s->spent.at[i - 1].node)
			tell(s->check, &f, FACT_NEEDED, s->any->key);
	}
}

static void check_spenders(struct state *s)
{
	const struct fact *first = right_spender(s);

	for (size_t i = 0; i < s->spent.count; i++) {
		const struct fact *f = &s->spent.at[i];

		if (!first)
			first = f;
		if (!same_other(f, first))
			problem(s, f->other, f->node, PROBLEM_DOUBLED,
				first->other);
		if (f->extra != NODE_NONE && check_covers(s->check, f->extra))
			check_committed(s, f);
	}
	tell_needed(s);
	for (size_t i = 0; i < s->committed.count; i++) {
		const struct fact *f = &s->committed.at[i];
		struct fact consumer = { .node = f->node };

		tell(s->check, &consumer, FACT_CONSUMER, f->other);
	}
	s->spender = first;
	if (first && !s->owned && !s->inherited)
		check_origin(s);
}

/* ---- who must have the transactions ---- */

static int64_t recorded(const struct state *s)
{
	return s->rows.count ? s->rows.at->time : 0;
}

/* Each spender takes the value in, the right one first; with two, one of them
 * did so in vain, and that is told as a doubled state, not as one of the sums.
 */
static void tell_spenders(const struct state *s, struct fact *f)
{
	struct range right = { s->spender, s->spender != NULL };
	struct range all[] = { right, s->committed, s->spent };
	const struct fact *seen = NULL;
	struct asset *asset;

	for (size_t r = 0; r < ARRAY_SIZE(all); r++)
		for (size_t i = 0; i < all[r].count; i++) {
			const struct fact *by = &all[r].at[i];

			if (seen && (same_other(by, seen) ||
				     same_other(by, s->spender)))
				continue;
			asset = assets_at(&s->check->assets, f->asset);
			if (seen && asset)
				asset->explained += f->amount;
			seen = by;
			tell(s->check, f, FACT_HOLDER, by->other);
		}
}

/* The owner, by the key or by name; else the node whose vault has the state. */
static uint16_t holder(const struct state *s)
{
	if (s->owned->node == NODE_NONE && s->rows.count == 1)
		return s->rows.at->node;
	return s->owned->node;
}

static void tell_holders(const struct state *s)
{
	struct fact f = { .node = NODE_NONE,
			  .index = s->any->index,
			  .asset = ASSET_NONE };

	if (s->owned) {
		f.node = holder(s);
		f.asset = s->owned->asset;
		f.amount = s->owned->amount;
		f.flags = s->owned->flags & OUTPUT_CASH ? HOLDER_CASH : 0;
		f.time = recorded(s);
		f.flags |= HOLDER_OUTPUT;
		tell(s->check, &f, FACT_HOLDER, s->any->key);
		f.flags &= ~HOLDER_OUTPUT;
	} else {
		f.flags = HOLDER_UNKNOWN;
	}
	/* Two inputs may have the same index: the state tells them apart. */
	memcpy(f.other, s->any->key, FACT_ID);
	f.time = 0;
	tell_spenders(s, &f);
}

/* ---- the vaults' rows ---- */

static const struct fact *row_at(const struct range *rows, unsigned node)
{
	for (size_t i = 0; i < rows->count; i++)
		if (rows->at[i].node == node)
			return &rows->at[i];
	return NULL;
}

static void check_status(const struct state *s, const struct fact *row)
{
	bool spent = row_at(&s->spent, row->node) != NULL;
	bool consumed = row->flags & ROW_CONSUMED;
	bool timed = row->flags & ROW_CONSUMED_TIME;

	if (spent != consumed || timed != consumed)
		problem(s, s->spender ? s->spender->other : s->any->key,
			row->node, PROBLEM_STATUS, NULL);
	if ((row->flags & ROW_LOCKED) && !consumed)
		problem(s, s->any->key, row->node, PROBLEM_LOCKED, NULL);
}

static bool cash_differs(const struct state *s, unsigned node)
{
	const struct fact *cash = row_at(&s->cash, node);
	const struct fact *fungible = row_at(&s->fungible, node);

	if (!(s->owned->flags & OUTPUT_CASH))
		return false;
	/* A new contract need not keep the tables of the old one. */
	if ((s->owned->flags & OUTPUT_UPGRADED) && !cash && !fungible)
		return false;
	return !cash || !fungible || cash->amount != s->owned->amount ||
	       cash->asset != s->owned->asset ||
	       fungible->amount != s->owned->amount;
}

/* Or the notary, or the constraint: all three at once. */
static bool class_differs(const struct state *s, const struct fact *row)
{
	return !(s->owned->flags & OUTPUT_UPGRADED) &&
	       row->extra != s->owned->extra;
}

static void check_row(const struct state *s, const struct fact *row)
{
	check_status(s, row);
	if (s->inherited && !s->owned)
		return;
	if (!s->owned ||
	    (s->owned->node != NODE_NONE && s->owned->node != row->node))
		problem(s, s->any->key, row->node, PROBLEM_STRAY_ROW, NULL);
	else if (class_differs(s, row) || cash_differs(s, row->node))
		problem(s, s->any->key, row->node, PROBLEM_ROW_VALUE, NULL);
}

/*
 * An unspent output is in the vault of one node that runs, and that node has
 * the key of its owner. So whatever add_sums() subtracts has a row or is told
 * here.
 */
static void check_holder(const struct state *s)
{
	const struct fact *o = s->owned;
	bool runs = o && check_covers(s->check, o->node);

	if (!o || !(o->flags & OUTPUT_CASH))
		return;
	if (!s->rows.count && !s->spender &&
	    (!runs || o->flags & OUTPUT_NO_KEY)) {
		problem(s, s->any->key, o->node, PROBLEM_NO_HOLDER, NULL);
		return;
	}
	if (runs && !row_at(&s->rows, o->node))
		problem(s, s->any->key, o->node, PROBLEM_NO_ROW, NULL);
	if (o->flags & OUTPUT_NO_KEY)
		problem(s, s->any->key, holder(s), PROBLEM_NO_KEY, NULL);
	if (o->flags & OUTPUT_KEY_SHARED)
		problem(s, s->any->key, holder(s), PROBLEM_KEY_SHARED, NULL);
}

static void check_rows(const struct state *s)
{
	for (size_t i = 0; i < s->rows.count; i++)
		check_row(s, &s->rows.at[i]);
	for (size_t i = 0; i < s->cash.count; i++)
		if (!row_at(&s->rows, s->cash.at[i].node))
			problem(s, s->any->key, s->cash.at[i].node,
				PROBLEM_ROW_VALUE, NULL);
	check_holder(s);
}

/*
 * What the vaults hold of it, and by how much that is not what it should be:
 * a difference here is told as a problem of the state, and not once more as
 * one of the sums.
 */
static void add_sums(const struct state *s)
{
	const struct fact *row;
	struct asset *asset;

	for (size_t i = 0; i < s->cash.count; i++) {
		const struct fact *cash = &s->cash.at[i];

		row = row_at(&s->rows, cash->node);
		asset = assets_at(&s->check->assets, cash->asset);
		if (!asset || !row || (row->flags & ROW_CONSUMED))
			continue;
		asset->held += cash->amount;
		asset->explained += cash->amount;
	}
	asset = s->owned && !s->spender
			? assets_at(&s->check->assets, s->owned->asset)
			: NULL;
	if (!asset)
		return;
	asset->explained -= s->owned->amount;
	row = row_at(&s->rows, s->owned->node);
	if ((s->owned->flags & OUTPUT_UPGRADED) && !s->cash.count && row &&
	    !(row->flags & ROW_CONSUMED)) {
		asset->held += s->owned->amount;
		asset->explained += s->owned->amount;
	}
}

static int join_state(const struct fact *facts, size_t count, void *ctx,
		      struct error *err)
{
	struct state s = {
		.check = ctx,
		.any = facts,
		.inherited = range_of(facts, count, FACT_INHERITED).count > 0,
		.spent = range_of(facts, count, FACT_SPENT),
		.committed = range_of(facts, count, FACT_COMMITTED),
		.rows = range_of(facts, count, FACT_VAULT_ROW),
		.cash = range_of(facts, count, FACT_CASH_ROW),
		.fungible = range_of(facts, count, FACT_FUNGIBLE_ROW),
	};

	(void)err;
	if (facts->type == FACT_OWNED)
		s.owned = facts;
	check_spenders(&s);
	tell_holders(&s);
	check_rows(&s);
	add_sums(&s);
	return 0;
}

int check_join_states(struct check *c, struct error *err)
{
	return spool_groups(c->states, 1, join_state, c, err);
}
