/* SPDX-License-Identifier: Apache-2.0 */
/* settle.c - what became of an operation of the history. */
#include <string.h>

#include "corda/transaction.h"
#include "vault/tx_view.h"

enum { CLOCKS_APART_US = 2 * 1000 * 1000 };

static void take_op(struct tx_view *v, size_t at)
{
	v->op_at = at;
	v->op_room = ops_get(v->check->ops, at);
	v->op = &v->op_room;
}

void tx_view_find_op(struct tx_view *v)
{
	if (v->facts->type == FACT_OPERATION)
		take_op(v, v->facts->index);
}

/* What the key of an unsettled operation does not say. */
static bool fits(const void *ctx, size_t at)
{
	const struct tx_view *v = ctx;
	const struct op_record op = ops_get(v->check->ops, at);
	const struct asset *asset = assets_at(&v->check->assets, v->asset);
	const char *currency = ops_currency(v->check->ops, &op);
	size_t len = strlen(currency);

	return asset && strncmp(asset->name, currency, len) == 0 &&
	       asset->name[len] == '|' &&
	       (!v->time || v->time + CLOCKS_APART_US >= op.sent_us);
}

/* Of each kind that could have made this: one that makes coins issues them. */
static size_t take_unsettled(struct tx_view *v)
{
	const bool issues = v->flags & STORED_ISSUE;
	size_t at = SIZE_MAX;

	for (int kind = 0; kind < OP_KINDS && at == SIZE_MAX; kind++) {
		const struct unsettled_key key = {
			.kind = (enum op_kind)kind,
			.payer = v->payer,
			.payee = v->payee,
			.amount = v->amount,
		};

		if (op_makes_coins(key.kind) == issues)
			at = unsettled_take(ops_unsettled(v->check->ops), &key,
					    fits, v);
	}
	return at;
}

/* The first operation without an id that could have made this. */
static void find_by_content(struct tx_view *v)
{
	size_t at;

	if (!v->readable || v->kind != TX_WIRE || !ops_count(v->check->ops))
		return;
	at = take_unsettled(v);
	if (at == SIZE_MAX)
		return;
	take_op(v, at);
	memcpy(v->op_room.tx, v->id, FACT_ID);
	v->op_room.flags |= OP_TX_FOUND;
}

static uint8_t who_has(const struct tx_view *v)
{
	uint8_t who = 0;

	if (tx_view_has(v, v->op->payer))
		who |= OP_PAYER_HAS;
	if (tx_view_has(v, v->op->payee))
		who |= OP_PAYEE_HAS;
	if (v->committed || (v->readable && !(v->flags & STORED_NEEDS_NOTARY)))
		who |= OP_NOTARY_HAS;
	return who;
}

void tx_view_settle(struct tx_view *v)
{
	unsigned payee;

	if (!v->op)
		find_by_content(v);
	if (!v->op)
		return;
	payee = v->op->payee;
	v->op_room.flags |= who_has(v);
	ops_put(v->check->ops, v->op_at, &v->op_room);
	if (!v->stored && v->op->outcome == OUTCOME_OK)
		tx_view_trouble(v, PROBLEM_ABSENT, NODE_NONE, 0, NULL);
	else if (v->stored && !(v->op->flags & OP_PAYEE_HAS) &&
		 check_covers(v->check, payee))
		tx_view_trouble(v, PROBLEM_NOT_RECORDED, payee, 0, NULL);
}
