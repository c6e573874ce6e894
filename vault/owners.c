/* SPDX-License-Identifier: Apache-2.0 */
/* owners.c - whose an output is that has an unknown key. */
#include "vault/tx_view.h"

/*
 * A cash flow pays one node and gives the rest back to the payer. So an output
 * whose key nobody knows is the payer's if another one is the payee's, and the
 * other way round. The history says who these are, and how much was paid; else
 * the owners of inputs and of the other outputs do.
 */
struct sides {
	uint16_t payer, payee; /* NODE_NONE: not known */
	int64_t amount; /* what the payee gets; 0: not known */
	bool paid, kept; /* there is an output that is known to be so */
};

static bool is_output(const struct fact *f)
{
	return f->type == FACT_HOLDER && (f->flags & HOLDER_OUTPUT) &&
	       (f->flags & HOLDER_CASH);
}

static struct sides sides_by_history(const struct tx_view *v)
{
	const struct op_record *op = v->op;
	struct sides s = { v->payer, NODE_NONE, 0, false, false };

	if (!op)
		return s;
	s.payer = op->payer;
	s.payee = op->payee;
	s.amount = op->amount;
	return s;
}

/* The one node that stores the transaction and is neither payer nor notary;
 * NODE_NONE: there is none, or more than one. */
static uint16_t other_bank(const struct tx_view *v, unsigned payer)
{
	uint16_t bank = NODE_NONE;

	for (size_t i = 0; i < v->count; i++) {
		const struct fact *f = &v->facts[i];

		if (f->type != FACT_STORED || f->node == payer ||
		    v->check->net.nodes[f->node].role != NODE_BANK)
			continue;
		if (bank != NODE_NONE)
			return NODE_NONE;
		bank = f->node;
	}
	return bank;
}

static struct sides find_sides(const struct tx_view *v)
{
	struct sides s = sides_by_history(v);

	for (size_t i = 0; i < v->count; i++) {
		const struct fact *f = &v->facts[i];

		if (!is_output(f) || f->node == NODE_NONE)
			continue;
		if (f->node == s.payer) {
			s.kept = true;
			continue;
		}
		s.paid = true;
		if (s.payee == NODE_NONE)
			s.payee = f->node;
	}
	if (s.payee == NODE_NONE && s.payer != NODE_NONE)
		s.payee = other_bank(v, s.payer);
	return s;
}

static uint16_t owner_of(const struct sides *s, const struct fact *output)
{
	if (s->payer == s->payee || s->paid)
		return s->payer;
	if (s->kept || output->amount == s->amount)
		return s->payee;
	return s->amount ? s->payer : NODE_NONE;
}

static void blame(struct tx_view *v, uint32_t index, uint16_t owner)
{
	for (size_t i = 0; i < v->trouble_count; i++) {
		struct trouble *t = &v->troubles[i];

		if ((t->what == PROBLEM_NO_HOLDER ||
		     t->what == PROBLEM_NO_KEY ||
		     t->what == PROBLEM_KEY_SHARED) &&
		    t->index == index && t->node == NODE_NONE)
			t->node = owner;
	}
}

void tx_view_find_owners(struct tx_view *v, struct fact *facts)
{
	struct sides sides = find_sides(v);

	for (size_t i = 0; i < v->count; i++) {
		struct fact *f = &facts[i];

		if (!is_output(f) || f->node != NODE_NONE)
			continue;
		f->node = owner_of(&sides, f);
		blame(v, f->index, f->node);
	}
}
