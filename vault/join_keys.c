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

static void own_output(struct check *c, const struct fact *output,
		       uint16_t owner)
{
	struct fact f = *output;

	f.type = FACT_OWNED;
	f.node = owner;
	memcpy(f.key, output->other, FACT_ID);
	memset(f.other, 0, FACT_ID);
	spool_add(c->states, &f);
}

/* All facts of one key: who made it, and the outputs that it owns, each as
 * often as a vault holds the transaction. */
static int join_key(const struct fact *facts, size_t count, void *ctx,
		    struct error *err)
{
	uint16_t owner = NODE_NONE;
	cleanup(freep) struct fact *outputs = calloc(count, sizeof(*outputs));
	size_t n = 0;

	if (!outputs)
		return error_nomem(err);
	for (size_t i = 0; i < count; i++)
		if (facts[i].type == FACT_KEY_OWNER)
			owner = facts[i].node;
		else
			outputs[n++] = facts[i];
	qsort(outputs, n, sizeof(*outputs), by_state);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || !same_state(&outputs[i], &outputs[i - 1]))
			own_output(ctx, &outputs[i], owner);
	return 0;
}

int check_join_keys(struct check *c, struct error *err)
{
	return spool_groups(c->keys, 0, join_key, c, err);
}
