/* SPDX-License-Identifier: Apache-2.0 */
/* origin.c - whether a state's transaction is known, and who must have it. */
#include "vault/state_view.h"

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

/* For the round of claims. */
static void emit_foreign(struct check *c, const uint8_t tx[FACT_ID])
{
	struct fact f = { .type = FACT_STORED, .flags = STORED_FOREIGN };

	memcpy(f.key, tx, FACT_ID);
	spool_add(c->claims, &f);
}

void state_check_origin(const struct state *s)
{
	if (s->rows.count || s->cash.count || committed_to_own(s) ||
	    ops_name(s->check->ops, s->any->key)) {
		state_problem(s, s->any->key, s->spender->node, PROBLEM_ABSENT,
			      NULL);
		return;
	}
	for (size_t i = 0; i < s->spent.count; i++) {
		const struct fact *spent = &s->spent.at[i];
		struct fact f = { .node = spent->node,
				  .index = FOREIGN_INPUT,
				  .extra = PROBLEM_FOREIGN };

		if (!(spent->flags & SPENT_FOREIGN))
			state_tell(s->check, &f, FACT_PROBLEM, spent->other);
		emit_foreign(s->check, spent->other);
	}
}

/* Spenders are sorted by node. */
void state_tell_needed(const struct state *s)
{
	for (size_t i = 0; i < s->spent.count; i++) {
		struct fact f = { .node = s->spent.at[i].node };

		if (i == 0 || f.node != s->spent.at[i - 1].node)
			state_tell(s->check, &f, FACT_NEEDED, s->any->key);
	}
}
