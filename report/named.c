/* SPDX-License-Identifier: Apache-2.0 */
/* named.c - the operations that findings name. */
#include "report/named.h"

#include <stdlib.h>
#include <string.h>

struct by_id {
	uint64_t id;
	struct operation *op; /* NULL: it did not come */
};

struct by_tx {
	const char *tx;
	struct operation *named; /* by its node; NULL: none */
	struct operation *found; /* by the check */
};

struct named_ops {
	struct arena *arena;
	struct by_id *ids; /* ascending, each once */
	struct by_tx *txs;
	size_t id_count, tx_count;
};

static int compare_ids(const void *a, const void *b)
{
	const struct by_id *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

static int compare_txs(const void *a, const void *b)
{
	const struct by_tx *x = a, *y = b;

	return strcmp(x->tx, y->tx);
}

/* Sorts, and keeps one of equal ones. Returns how many are left. */
static size_t sort_unique(void *items, size_t count, size_t size,
			  int (*compare)(const void *a, const void *b))
{
	char *list = items;
	size_t left = 0;

	if (count > 1)
		qsort(items, count, size, compare);
	for (size_t i = 0; i < count; i++)
		if (!left || compare(list + (left - 1) * size, list + i * size))
			memmove(list + left++ * size, list + i * size, size);
	return left;
}

int named_ops_new(const struct finding *findings, size_t count,
		  struct arena *arena, struct named_ops **ret,
		  struct error *err)
{
	struct named_ops *n = arena_new(arena, struct named_ops);

	if (!n)
		return error_nomem(err);
	n->arena = arena;
	n->ids = arena_array(arena, count + 1, sizeof(*n->ids));
	n->txs = arena_array(arena, count + 1, sizeof(*n->txs));
	if (!n->ids || !n->txs)
		return error_nomem(err);
	for (size_t i = 0; i < count; i++) {
		if (findings[i].op)
			n->ids[n->id_count++].id = findings[i].op;
		if (findings[i].tx)
			n->txs[n->tx_count++].tx = findings[i].tx;
	}
	n->id_count =
		sort_unique(n->ids, n->id_count, sizeof(*n->ids), compare_ids);
	n->tx_count =
		sort_unique(n->txs, n->tx_count, sizeof(*n->txs), compare_txs);
	*ret = n;
	return 0;
}

static struct by_id *find_id(const struct named_ops *n, uint64_t id)
{
	const struct by_id key = { .id = id };

	return n->id_count ? bsearch(&key, n->ids, n->id_count, sizeof(key),
				     compare_ids)
			   : NULL;
}

static struct by_tx *find_tx(const struct named_ops *n, const char *tx)
{
	const struct by_tx key = { .tx = tx };

	return tx && n->tx_count ? bsearch(&key, n->txs, n->tx_count,
					   sizeof(key), compare_txs)
				 : NULL;
}

static const char *copy(struct named_ops *n, const char *text, bool *failed)
{
	const char *own = text ? arena_strdup(n->arena, text) : NULL;

	*failed |= text && !own;
	return own;
}

/* In place of the one before, if that has a higher id. */
static int keep(struct named_ops *n, const struct operation *op,
		struct operation **at, struct error *err)
{
	struct operation *own = *at;
	bool failed = false;

	if (own && own->id <= op->id)
		return 0;
	if (!own)
		own = arena_new(n->arena, struct operation);
	if (!own)
		return error_nomem(err);
	*own = *op;
	own->payer = copy(n, op->payer, &failed);
	own->payee = copy(n, op->payee, &failed);
	own->notary = copy(n, op->notary, &failed);
	own->currency = copy(n, op->currency, &failed);
	own->error_class = copy(n, op->error_class, &failed);
	own->error_text = copy(n, op->error_text, &failed);
	own->flow = copy(n, op->flow, &failed);
	own->tx = copy(n, op->tx, &failed);
	*at = own;
	return failed ? error_nomem(err) : 0;
}

int named_ops_offer(struct named_ops *n, const struct operation *op,
		    const struct settlement *s, struct error *err)
{
	struct by_id *id = find_id(n, op->id);
	struct by_tx *named = find_tx(n, op->tx);
	struct by_tx *found = find_tx(n, s ? s->tx : NULL);

	if ((id && keep(n, op, &id->op, err) < 0) ||
	    (named && keep(n, op, &named->named, err) < 0) ||
	    (found && keep(n, op, &found->found, err) < 0))
		return -1;
	return 0;
}

const struct operation *named_ops_of(const struct named_ops *n,
				     const struct finding *f)
{
	const struct by_id *id = f->op ? find_id(n, f->op) : NULL;
	const struct by_tx *tx = find_tx(n, f->tx);

	if (id && id->op)
		return id->op;
	if (!tx)
		return NULL;
	return tx->named ? tx->named : tx->found;
}
