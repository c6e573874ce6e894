/* SPDX-License-Identifier: Apache-2.0 */
/* join_states.c - the second round: what all say of one state. */
#include "vault/state_view.h"

/*
 * For each state: who spent it, says whom; what each vault's rows say. What
 * is wrong goes to the transaction it is about, so that a lost transaction
 * comes out as one finding, with its consequences, in the third round.
 */
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

void state_tell(struct check *c, struct fact *f, enum fact_type type,
		const uint8_t key[FACT_ID])
{
	f->type = (uint8_t)type;
	memcpy(f->key, key, FACT_ID);
	spool_add(c->transactions, f);
}

static bool is_told(const struct state *s, unsigned node)
{
	for (unsigned i = 0; i < s->told->count; i++)
		if (s->told->nodes[i] == node)
			return true;
	return false;
}

static void record_told(const struct state *s, unsigned node)
{
	struct told *told = s->told;

	if (told->count < TOLD_MAX && !is_told(s, node))
		told->nodes[told->count++] = (uint16_t)node;
}

/* Then the sum of the node's rows is another than it should be. */
static bool is_about_value(enum problem what)
{
	return what == PROBLEM_NO_HOLDER || what == PROBLEM_NO_ROW ||
	       what == PROBLEM_STRAY_ROW || what == PROBLEM_STATUS ||
	       what == PROBLEM_ROW_VALUE;
}

void state_problem(const struct state *s, const uint8_t tx[FACT_ID],
		   unsigned node, enum problem what, const uint8_t *other)
{
	struct fact f = { .node = (uint16_t)node,
			  .index = s->any->index,
			  .extra = what };

	if (other)
		memcpy(f.other, other, FACT_ID);
	if (is_about_value(what))
		record_told(s, node);
	state_tell(s->check, &f, FACT_PROBLEM, tx);
}

void state_claim(const struct state *s, struct fact *f, enum fact_type type)
{
	f->type = (uint8_t)type;
	f->index = s->any->index;
	memcpy(f->key, s->spender->other, FACT_ID);
	memcpy(f->other, s->any->key, FACT_ID);
	spool_add(s->check->claims, f);
}

/* ---- who must have the transactions ---- */

static int64_t recorded(const struct state *s)
{
	return s->rows.count ? s->rows.at->time : 0;
}

/* Each spender takes the value in, the right one first; with two, one of them
 * did so in vain, and that is told as a doubled state, not as one of the sums.
 */
static void emit_spenders(const struct state *s, struct fact *f)
{
	struct range right = { s->spender, s->spender != NULL };
	struct range all[] = { right, s->spent };
	const struct fact *seen = NULL;
	struct asset *asset;

	if (s->claimed) {
		state_claim(s, f, FACT_HOLDER);
		return;
	}
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
			state_tell(s->check, f, FACT_HOLDER, by->other);
		}
}

/* The owner, by the key or by name; else the node whose vault has the state. */
static uint16_t holder(const struct state *s, const struct fact *owned)
{
	if (owned->node == NODE_NONE && s->owners.count == 1 &&
	    s->rows.count == 1)
		return s->rows.at->node;
	return owned->node;
}

static void emit_holder(const struct state *s, const struct fact *owned)
{
	struct fact f = { .node = holder(s, owned),
			  .index = s->any->index,
			  .asset = owned->asset,
			  .amount = owned->amount,
			  .flags = HOLDER_OUTPUT,
			  .time = recorded(s) };

	if (owned->flags & OUTPUT_CASH)
		f.flags |= HOLDER_CASH;
	state_tell(s->check, &f, FACT_HOLDER, s->any->key);
	f.flags &= ~HOLDER_OUTPUT;
	f.time = 0;
	/* Two inputs may have the same index: the state tells them apart. */
	memcpy(f.other, s->any->key, FACT_ID);
	emit_spenders(s, &f);
}

static void emit_holders(const struct state *s)
{
	struct fact unknown = { .node = NODE_NONE,
				.index = s->any->index,
				.asset = ASSET_NONE,
				.flags = HOLDER_UNKNOWN };

	for (size_t i = 0; i < s->owners.count; i++)
		emit_holder(s, &s->owners.at[i]);
	if (s->owned)
		return;
	memcpy(unknown.other, s->any->key, FACT_ID);
	emit_spenders(s, &unknown);
}

/* ---- the vaults' rows ---- */

static const struct fact *row_at(const struct range *rows, unsigned node)
{
	for (size_t i = 0; i < rows->count; i++)
		if (rows->at[i].node == node)
			return &rows->at[i];
	return NULL;
}

static void status_differs(const struct state *s, const struct fact *row)
{
	struct fact f = { .node = row->node, .extra = PROBLEM_STATUS };

	record_told(s, row->node);
	if (s->claimed)
		state_claim(s, &f, FACT_PROBLEM);
	else
		state_problem(s, s->spender ? s->spender->other : s->any->key,
			      row->node, PROBLEM_STATUS, NULL);
}

static void check_status(const struct state *s, const struct fact *row)
{
	bool spent = row_at(&s->spent, row->node) != NULL;
	bool consumed = row->flags & ROW_CONSUMED;
	bool timed = row->flags & ROW_CONSUMED_TIME;

	if (spent != consumed || timed != consumed)
		status_differs(s, row);
	if ((row->flags & ROW_LOCKED) && !consumed)
		state_problem(s, s->any->key, row->node, PROBLEM_LOCKED, NULL);
}

static bool issuer_differs(const struct state *s, const struct fact *fungible)
{
	const struct asset *asset =
		assets_at(&s->check->assets, s->owned->asset);

	return asset && asset->issuer_name && fungible->extra != asset->issuer;
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
	       fungible->amount != s->owned->amount ||
	       issuer_differs(s, fungible);
}

/* Or the notary, or the constraint: all three at once. */
static bool class_differs(const struct state *s, const struct fact *row)
{
	return !(s->owned->flags & OUTPUT_UPGRADED) &&
	       row->extra != s->owned->extra;
}

/* In the vault of a node that is not a participant. */
static bool is_stray(const struct state *s, const struct fact *row)
{
	if (!s->owned)
		return true;
	if (s->owned->flags & (OUTPUT_SHARED | OUTPUT_NOBODY))
		return false;
	for (size_t i = 0; i < s->owners.count; i++)
		if (s->owners.at[i].node == NODE_NONE ||
		    s->owners.at[i].node == row->node)
			return false;
	return true;
}

static void check_row(const struct state *s, const struct fact *row)
{
	check_status(s, row);
	if (s->inherited && !s->owned) {
		record_told(s, row->node); /* of its inputs, which nobody has */
		return;
	}
	if (is_stray(s, row))
		state_problem(s, s->any->key, row->node, PROBLEM_STRAY_ROW,
			      NULL);
	else if (class_differs(s, row) || cash_differs(s, row->node))
		state_problem(s, s->any->key, row->node, PROBLEM_ROW_VALUE,
			      NULL);
}

/*
 * An unspent output is in the vault of each participant, of cash its owner, and
 * that node runs and has the participant's key. So whatever add_sums()
 * subtracts has a row or is told here.
 */
static void check_holder(const struct state *s, const struct fact *o)
{
	const bool runs = check_covers(s->check, o->node);
	const uint16_t node = o->flags & OUTPUT_SHARED ? o->node : holder(s, o);

	if (o->flags & OUTPUT_NOBODY)
		return;
	if (!s->rows.count && !s->spender &&
	    (!runs || o->flags & OUTPUT_NO_KEY)) {
		state_problem(s, s->any->key, o->node, PROBLEM_NO_HOLDER, NULL);
		return;
	}
	if (runs && !row_at(&s->rows, o->node))
		state_problem(s, s->any->key, o->node, PROBLEM_NO_ROW, NULL);
	if (o->flags & OUTPUT_NO_KEY)
		state_problem(s, s->any->key, node, PROBLEM_NO_KEY, NULL);
	if (o->flags & OUTPUT_KEY_SHARED)
		state_problem(s, s->any->key, node, PROBLEM_KEY_SHARED, NULL);
}

static void check_rows(const struct state *s)
{
	for (size_t i = 0; i < s->rows.count; i++)
		check_row(s, &s->rows.at[i]);
	for (size_t i = 0; i < s->cash.count; i++)
		if (!row_at(&s->rows, s->cash.at[i].node))
			state_problem(s, s->any->key, s->cash.at[i].node,
				      PROBLEM_ROW_VALUE, NULL);
	for (size_t i = 0; i < s->owners.count; i++)
		check_holder(s, &s->owners.at[i]);
}

static struct share *share_of(const struct state *s, struct asset *asset,
			      uint16_t node, struct error *err)
{
	struct check *c = s->check;

	if (!asset->shares)
		asset->shares = arena_array(&c->arena, c->net.node_count,
					    sizeof(*asset->shares));
	if (asset->shares)
		return &asset->shares[node];
	error_nomem(err);
	return NULL;
}

static int add_held(const struct state *s, struct asset *asset, uint16_t node,
		    int64_t amount, struct error *err)
{
	struct share *share = share_of(s, asset, node, err);

	if (!share)
		return -1;
	share->held += amount;
	asset->held += amount;
	asset->explained += amount;
	return 0;
}

/* Others have the transaction that spends it, and the node has not: that is
 * told of this transaction (NOT_RECORDED), and not of the state. */
static bool is_spent_elsewhere(const struct state *s, unsigned node)
{
	return s->spent.count && !row_at(&s->spent, node);
}

static int add_cash_row(const struct state *s, struct asset *asset,
			const struct fact *cash, struct error *err)
{
	struct share *share;

	if (add_held(s, asset, cash->node, cash->amount, err) < 0)
		return -1;
	share = &asset->shares[cash->node];
	share->in_rows += cash->amount;
	if (is_told(s, cash->node) || is_spent_elsewhere(s, cash->node))
		share->told += cash->amount;
	return 0;
}

/* What its owner should have a row of. What a notary alone says of a spender
 * does not change that: no vault can know it. */
static int add_owned(const struct state *s, struct error *err)
{
	struct asset *asset =
		s->owned ? assets_at(&s->check->assets, s->owned->asset) : NULL;
	const uint16_t node = asset ? holder(s, s->owned) : NODE_NONE;
	struct share *share;

	if (node >= s->check->net.node_count || s->spent.count)
		return 0;
	/* A new contract need not keep the tables of the old one. */
	if ((s->owned->flags & OUTPUT_UPGRADED) && !s->cash.count)
		return 0;
	share = share_of(s, asset, node, err);
	if (!share)
		return -1;
	share->owned += s->owned->amount;
	if (is_told(s, node))
		share->told -= s->owned->amount;
	return 0;
}

static bool is_held(const struct fact *row)
{
	return row && !(row->flags & ROW_CONSUMED);
}

/*
 * What the vaults hold of it, and by how much that is not what it should be:
 * a difference here is told as a problem of the state, and not once more as
 * one of the sums.
 */
static int add_sums(const struct state *s, struct error *err)
{
	const struct fact *row;
	struct asset *asset;

	for (size_t i = 0; i < s->cash.count; i++) {
		const struct fact *cash = &s->cash.at[i];

		asset = assets_at(&s->check->assets, cash->asset);
		if (asset && is_held(row_at(&s->rows, cash->node)) &&
		    add_cash_row(s, asset, cash, err) < 0)
			return -1;
	}
	if (add_owned(s, err) < 0)
		return -1;
	asset = s->owned && !s->spender
			? assets_at(&s->check->assets, s->owned->asset)
			: NULL;
	if (!asset)
		return 0;
	asset->explained -= s->owned->amount;
	row = row_at(&s->rows, s->owned->node);
	if ((s->owned->flags & OUTPUT_UPGRADED) && !s->cash.count &&
	    is_held(row))
		return add_held(s, asset, row->node, s->owned->amount, err);
	return 0;
}

static int join_state(const struct fact *facts, size_t count, void *ctx,
		      struct error *err)
{
	struct told told = { .count = 0 };
	struct state s = {
		.check = ctx,
		.told = &told,
		.any = facts,
		.owners = range_of(facts, count, FACT_OWNED),
		.inherited = range_of(facts, count, FACT_INHERITED).count > 0,
		.spent = range_of(facts, count, FACT_SPENT),
		.committed = range_of(facts, count, FACT_COMMITTED),
		.rows = range_of(facts, count, FACT_VAULT_ROW),
		.cash = range_of(facts, count, FACT_CASH_ROW),
		.fungible = range_of(facts, count, FACT_FUNGIBLE_ROW),
		.parties = range_of(facts, count, FACT_PARTY_ROW),
	};

	s.owned = s.owners.count ? s.owners.at : NULL;
	state_find_spender(&s);
	state_check_spenders(&s);
	emit_holders(&s);
	check_rows(&s);
	state_check_parties(&s);
	return add_sums(&s, err);
}

int check_join_states(struct check *c, struct error *err)
{
	return spool_groups(c->states, 1, join_state, c, err);
}
