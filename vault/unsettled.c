/* SPDX-License-Identifier: Apache-2.0 */
/* unsettled.c - operations whose transaction the history does not name. */
#include "vault/unsettled.h"

#include <stdlib.h>

#include "vault/ops.h"

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

int unsettled_add(struct unsettled *u, const struct op_record *record,
		  size_t op, struct error *err)
{
	struct unsettled_entry *more;
	size_t room = u->room ? u->room * 2 : 64;

	if (u->count == u->room) {
		more = reallocarray(u->entries, room, sizeof(*more));
		if (!more)
			return error_nomem(err);
		u->entries = more;
		u->room = room;
	}
	u->entries[u->count++] = (struct unsettled_entry){
		.key = { .kind = (enum op_kind)record->kind,
			 .payer = record->payer,
			 .payee = record->payee,
			 .amount = record->amount },
		.op = op
	};
	return 0;
}

void unsettled_sort(struct unsettled *u)
{
	if (u->count > 1)
		qsort(u->entries, u->count, sizeof(*u->entries),
		      compare_entries);
}

void unsettled_release(struct unsettled *u)
{
	free(u->entries);
	*u = (struct unsettled){ 0 };
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
