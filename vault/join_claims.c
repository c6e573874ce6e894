/* SPDX-License-Identifier: Apache-2.0 */
/* join_claims.c - between the second and the third round: transactions that a
 * notary alone names as the spender of a state. */
#include <string.h>

#include "vault/check.h"

/*
 * Does a vault have the transaction, then the notary is wrong: the transaction
 * does not spend the state, and is innocent. What was claimed of it is told of
 * the one that made the state, which nobody can spend any more. Does no vault
 * have the transaction, then it is lost, and all that was claimed is its own.
 * One of another network is told as such: what a notary has of it is no more
 * than what follows from that.
 */
static void blame(struct check *c, const struct fact *claim, enum problem what,
		  const uint8_t *tx, const uint8_t *other)
{
	struct fact f = { .type = FACT_PROBLEM,
			  .node = claim->node,
			  .index = claim->index,
			  .extra = what };

	memcpy(f.key, tx, FACT_ID);
	memcpy(f.other, other, FACT_ID);
	spool_add(c->transactions, &f);
}

static void take_back(struct check *c, const struct fact *claim)
{
	struct asset *asset = assets_at(&c->assets, claim->asset);

	if (claim->type == FACT_CONSUMER && claim->flags & CLAIM_MADE)
		blame(c, claim, PROBLEM_CONSUMED, claim->other, claim->key);
	else if (claim->type == FACT_CONSUMER)
		blame(c, claim, PROBLEM_STRAY_COMMIT, claim->key, claim->other);
	else if (claim->type == FACT_PROBLEM)
		blame(c, claim, claim->extra, claim->other, claim->key);
	else if (claim->type == FACT_HOLDER && asset)
		asset->explained -= claim->amount;
}

static void pass_on(struct check *c, const struct fact *claim)
{
	spool_add(c->transactions, claim);
	if (claim->type == FACT_CONSUMER && !(claim->flags & CLAIM_MADE))
		blame(c, claim, PROBLEM_ABSENT, claim->key, claim->other);
}

static void forget(struct check *c, const struct fact *claim)
{
	struct asset *asset = assets_at(&c->assets, claim->asset);

	if (claim->type == FACT_HOLDER && asset)
		asset->explained -= claim->amount;
}

static int join_claim(const struct fact *facts, size_t count, void *ctx,
		      struct error *err)
{
	bool known = false, foreign = false;

	(void)err;
	for (size_t i = 0; i < count; i++)
		if (facts[i].type == FACT_STORED) {
			known = true;
			foreign |= facts[i].flags & STORED_FOREIGN;
		}
	for (size_t i = 0; i < count; i++)
		if (facts[i].type == FACT_STORED)
			continue;
		else if (foreign)
			forget(ctx, &facts[i]);
		else if (known)
			take_back(ctx, &facts[i]);
		else
			pass_on(ctx, &facts[i]);
	return 0;
}

int check_join_claims(struct check *c, struct error *err)
{
	return spool_groups(c->claims, 0, join_claim, c, err);
}
