/* SPDX-License-Identifier: Apache-2.0 */
/* unsettled.c - operations whose transaction the history does not name. */
#include "vault/unsettled.h"

#include <stdlib.h>

#include "vault/fact.h"

static int compare_keys(const struct unsettled_key *a,
			const struct unsettled_key *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->payer != b->payer)
		return a->payer < b->payer ? -1 : 1;
	if (a->payee != b->payee)
		return a->payee < b->payee ? -1 : 1;
	return (a->amount > b->amount) - (a->amount < b->amount);
}

static int compare_entries(const void *x, const void *y)
{
	const struct unsettled_entry *a = x, *b = y;
	int order = compare_keys(&a->key, &b->key);

	return order ? order : (a->op > b->op) - (a->op < b->op);
}

static unsigned node_index(const struct network *net, const char *name)
{
	const struct network_node *n = name ? network_find(net, name) : NULL;

	return n ? (unsigned)(n - net->nodes) : NODE_NONE;
}

static bool is_unsettled(const struct operation *op)
{
	return !op->tx && op->sent_us && op->outcome != OUTCOME_FAIL;
}

int unsettled_list(const struct network *net, const struct operation *ops,
		   size_t op_count, struct arena *arena, struct unsettled *ret,
		   struct error *err)
{
	size_t count = 0;

	for (size_t i = 0; i < op_count; i++)
		count += is_unsettled(&ops[i]);
	*ret = (struct unsettled){
		.entries = arena_array(arena, count + 1, sizeof(*ret->entries)),
	};
	if (!ret->entries)
		return error_nomem(err);
	for (size_t i = 0; i < op_count; i++) {
		if (!is_unsettled(&ops[i]))
			continue;
		ret->entries[ret->count++] = (struct unsettled_entry){
			.key = { .kind = ops[i].kind,
				 .payer = node_index(net, ops[i].payer),
				 .payee = node_index(net, ops[i].payee),
				 .amount = ops[i].amount },
			.op = i
		};
	}
	qsort(ret->entries, ret->count, sizeof(*ret->entries), compare_entries);
	return 0;
}

/* Where the first of `key` is, or would be. */
static size_t first_of(const struct unsettled *u,
		       const struct unsettled_key *key)
{
	size_t low = 0, high = u->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_keys(&u->entries[middle].key, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t unsettled_take(struct unsettled *u, const struct unsettled_key *key,
		      bool (*fits)(const void *ctx, size_t op), const void *ctx)
{
	size_t first = first_of(u, key);
	struct unsettled_entry *e;

	if (first == u->count)
		return SIZE_MAX;
	e = &u->entries[first];
	while (first + e->skip < u->count && u->entries[first + e->skip].taken)
		e->skip++;
	for (size_t i = first + e->skip; i < u->count; i++) {
		e = &u->entries[i];
		if (compare_keys(&e->key, key) != 0)
			break;
		if (e->taken || !fits(ctx, e->op))
			continue;
		e->taken = true;
		return e->op;
	}
	return SIZE_MAX;
}
