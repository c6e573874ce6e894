/* SPDX-License-Identifier: Apache-2.0 */
/* join_keys.c - the first round: which node owns an output. */
#include <string.h>

#include "vault/check.h"

static bool same_state(const struct fact *a, const struct fact *b)
{
	return a->index == b->index && memcmp(a->other, b->other, FACT_ID) == 0;
}

static int by_state(const void *a, const void *b)
{
	const struct fact *x = a, *y = b;
	int rc = memcmp(x->other, y->other, FACT_ID);

	return rc ? rc : (x->index > y->index) - (x->index < y->index);
}

/*
 * Whose the key is. Each node names the main keys of all others, so that one
 * whose list differs is outvoted; a key for change is named by its maker alone.
 */
struct owner {
	uint16_t node; /* NODE_NONE: nobody's, or that of several */
	uint8_t flags; /* OUTPUT_NO_KEY, OUTPUT_KEY_SHARED, or 0 */
};

/* Claims are sorted by node. */
static struct owner find_owner(const struct fact *claims, size_t count)
{
	struct owner owner = { NODE_NONE, OUTPUT_NO_KEY };
	size_t most = 0;

	for (size_t i = 0, n = 0; i < count; i++) {
		n = i && claims[i].node == claims[i - 1].node ? n + 1 : 1;
		if (n > most)
			owner = (struct owner){ claims[i].node, 0 };
		else if (n == most)
			owner = (struct owner){ NODE_NONE, OUTPUT_KEY_SHARED };
		if (n > most)
			most = n;
	}
	return owner;
}

/* A new contract's state of cash has the same owner; of another state it may
 * have other participants. */
static void upgrade(struct fact *owned)
{
	owned->flags |= OUTPUT_UPGRADED;
	if (owned->flags & OUTPUT_CASH)
		return;
	owned->flags |= OUTPUT_NOBODY;
	owned->node = NODE_NONE;
}

/* What notary changes and contract upgrades made of the output. */
static void own_heirs(struct check *c, const struct fact *root)
{
	size_t count;
	const struct heir *heirs =
		lineage_of(c->lineage, root->key, root->index, &count);

	for (size_t i = 0; i < count; i++) {
		struct fact f = *root;

		f.index = heirs[i].index;
		f.extra ^= heirs[i].change;
		if (heirs[i].upgrades)
			upgrade(&f);
		memcpy(f.key, heirs[i].tx, FACT_ID);
		spool_add(c->states, &f);
	}
}

static void own_output(struct check *c, const struct fact *output,
		       const struct owner *owner)
{
	struct fact f = *output;

	f.type = FACT_OWNED;
	f.flags |= owner->flags;
	if (owner->node != NODE_NONE)
		f.node = owner->node;
	memcpy(f.key, output->other, FACT_ID);
	memcpy(f.other, output->key, FACT_ID);
	spool_add(c->states, &f);
	own_heirs(c, &f);
}

/* All facts of one key: first who has it, then the outputs of which it is a
 * participant's, each as often as a vault holds the transaction. */
static int join_key(const struct fact *facts, size_t count, void *ctx,
		    struct error *err)
{
	struct owner owner;
	cleanup(freep) struct fact *outputs = calloc(count, sizeof(*outputs));
	size_t claims = 0, n = 0;

	if (!outputs)
		return error_nomem(err);
	for (size_t i = 0; i < count; i++)
		if (facts[i].type == FACT_KEY_OWNER)
			claims++;
		else
			outputs[n++] = facts[i];
	owner = find_owner(facts, claims);
	qsort(outputs, n, sizeof(*outputs), by_state);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || !same_state(&outputs[i], &outputs[i - 1]))
			own_output(ctx, &outputs[i], &owner);
	return 0;
}

int check_join_keys(struct check *c, struct error *err)
{
	if (lineage_resolve(c->lineage, err) < 0)
		return -1;
	return spool_groups(c->keys, 0, join_key, c, err);
}
