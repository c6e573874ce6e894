/* SPDX-License-Identifier: Apache-2.0 */
/* settle.c - what became of an operation of the history. */
#include <string.h>

#include "corda/transaction.h"
#include "vault/tx_view.h"

enum { CLOCKS_APART_US = 2 * 1000 * 1000 };

const struct operation *tx_view_named_by(const struct tx_view *v)
{
	if (v->facts->type != FACT_OPERATION)
		return NULL;
	return &v->check->ops[v->facts->index];
}

/* What the key of an unsettled operation does not say. */
static bool fits(const void *ctx, size_t at)
{
	const struct tx_view *v = ctx;
	const struct operation *op = &v->check->ops[at];
	const struct asset *asset = assets_at(&v->check->assets, v->asset);
	const char *currency = op->currency ? op->currency : "";
	size_t len = strlen(currency);

	return asset && strncmp(asset->name, currency, len) == 0 &&
	       asset->name[len] == '|' &&
	       (!v->time || v->time + CLOCKS_APART_US >= op->sent_us);
}

/* The first operation without an id that could have made this. */
static const struct operation *by_content(const struct tx_view *v)
{
	struct check *c = v->check;
	const struct unsettled_key key = {
		.kind = v->flags & STORED_ISSUE ? OP_ISSUE : OP_PAY,
		.payer = v->payer,
		.payee = v->payee,
		.amount = v->amount,
	};
	size_t at;

	if (!v->readable || v->kind != TX_WIRE)
		return NULL;
	at = unsettled_take(&c->unsettled, &key, fits, v);
	return at == SIZE_MAX ? NULL : &c->ops[at];
}

void tx_view_settle(struct tx_view *v)
{
	struct check *c = v->check;
	struct settlement *s;
	char text[FACT_TEXT];
	unsigned payee;

	v->op = tx_view_named_by(v);
	if (!v->op)
		v->op = by_content(v);
	if (!v->op)
		return;
	payee = check_node_index(c, v->op->payee);
	s = &c->settled[v->op - c->ops];
	s->tx = v->op->tx ? v->op->tx
			  : arena_strdup(&c->arena, fact_text(text, v->id));
	s->payer_has = tx_view_has(v, check_node_index(c, v->op->payer));
	s->payee_has = tx_view_has(v, payee);
	s->notary_has = v->committed ||
			(v->readable && !(v->flags & STORED_NEEDS_NOTARY));
	if (!v->stored && v->op->outcome == OUTCOME_OK)
		tx_view_trouble(v, PROBLEM_ABSENT, NODE_NONE, 0, NULL);
	else if (v->stored && !s->payee_has && check_covers(c, payee))
		tx_view_trouble(v, PROBLEM_NOT_RECORDED, payee, 0, NULL);
}
