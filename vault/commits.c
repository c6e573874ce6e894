/* SPDX-License-Identifier: Apache-2.0 */
/* commits.c - what a notary has of a transaction, in both of its lists. */
#include "vault/tx_view.h"

static bool has(const struct tx_view *v, enum fact_type type, unsigned node)
{
	for (size_t i = 0; i < v->count; i++)
		if (v->facts[i].type == type &&
		    (node == NODE_NONE || v->facts[i].node == node))
			return true;
	return false;
}

/* A node that has committed a state to it lists it. */
static void check_listed(struct tx_view *v)
{
	for (size_t i = 0; i < v->count; i++) {
		const struct fact *f = &v->facts[i];

		if (f->type == FACT_CONSUMER &&
		    check_notary(v->check, f->node) == v->notary &&
		    !has(v, FACT_COMMITTED_TX, f->node))
			tx_view_trouble(v, PROBLEM_UNLISTED, f->node, 0, NULL);
	}
}

/* What the notary lists it has committed, but not what it spends. */
static void check_spent(struct tx_view *v)
{
	for (size_t i = 0; i < v->trouble_count; i++) {
		struct trouble *t = &v->troubles[i];

		if (t->what == PROBLEM_NOT_COMMITTED && v->committed &&
		    has(v, FACT_COMMITTED_TX, t->node))
			t->what = PROBLEM_NOT_SPENT;
	}
}

void tx_view_check_commits(struct tx_view *v)
{
	if (!v->check->no_committed_txs)
		check_listed(v);
	check_spent(v);
	/* It is the rival in another's finding, and nothing else. */
	if (has(v, FACT_TOLD, NODE_NONE) && !has(v, FACT_CONSUMER, NODE_NONE))
		tx_view_drop(v, PROBLEM_ABSENT);
}
