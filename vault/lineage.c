/* SPDX-License-Identifier: Apache-2.0 */
/* lineage.c - states that notary changes and contract upgrades made. */
#include "vault/lineage.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { HEIRS_MAX = 1 << 20 };

struct lineage {
	pthread_mutex_t lock;
	struct heir *list; /* owned; sorted by state, then by root */
	size_t count, room;
	struct error failure; /* kind ERROR_NONE: none */
};

struct lineage *lineage_new(void)
{
	struct lineage *l = calloc(1, sizeof(*l));

	if (l)
		pthread_mutex_init(&l->lock, NULL);
	return l;
}

void lineage_free(struct lineage *l)
{
	if (!l)
		return;
	pthread_mutex_destroy(&l->lock);
	free(l->list);
	free(l);
}

static int grow(struct lineage *l)
{
	size_t room = l->room ? l->room * 2 : 64;
	struct heir *more;

	if (room > HEIRS_MAX)
		return error_set(&l->failure, ERROR_INTERNAL,
				 "more than %d states of notary changes and"
				 " contract upgrades",
				 HEIRS_MAX);
	more = reallocarray(l->list, room, sizeof(*more));
	if (!more)
		return error_nomem(&l->failure);
	l->list = more;
	l->room = room;
	return 0;
}

void lineage_add(struct lineage *l, const struct heir *heir)
{
	pthread_mutex_lock(&l->lock);
	if (l->failure.kind == ERROR_NONE &&
	    (l->count < l->room || grow(l) == 0))
		l->list[l->count++] = *heir;
	pthread_mutex_unlock(&l->lock);
}

/* ---- resolving ---- */

static int compare(const uint8_t *tx, uint32_t index, const uint8_t *other,
		   uint32_t other_index)
{
	int rc = memcmp(tx, other, FACT_ID);

	return rc ? rc : (index > other_index) - (index < other_index);
}

static int by_state(const void *a, const void *b)
{
	const struct heir *x = a, *y = b;

	return compare(x->tx, x->index, y->tx, y->index);
}

static int by_root(const void *a, const void *b)
{
	const struct heir *x = a, *y = b;

	return compare(x->root, x->root_index, y->root, y->root_index);
}

static void drop_copies(struct lineage *l)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->count; i++)
		if (!kept || by_state(&l->list[i], &l->list[kept - 1]) != 0)
			l->list[kept++] = l->list[i];
	l->count = kept;
}

/* What made its input, if that is an heir, too; else NULL. */
static struct heir *parent_of(const struct lineage *l, const struct heir *h)
{
	struct heir key = { .index = h->root_index };

	memcpy(key.tx, h->root, FACT_ID);
	return bsearch(&key, l->list, l->count, sizeof(key), by_state);
}

/*
 * Walks up to the root or to an heir that has it already, then once more to
 * write it to all heirs on the way, so that a long chain is walked twice, not
 * once for each of its heirs.
 */
static void resolve(const struct lineage *l, struct heir *first)
{
	struct heir *h = first, *parent;
	struct heir end = { .resolved = true };

	/* An id is a hash of its inputs' ids: there are no circles. */
	while (!h->resolved && (parent = parent_of(l, h))) {
		end.change ^= h->change;
		end.upgrades += h->upgrades;
		h = parent;
	}
	end.change ^= h->change;
	end.upgrades += h->upgrades;
	memcpy(end.root, h->root, FACT_ID);
	end.root_index = h->root_index;
	for (struct heir *at = first; at && !at->resolved;) {
		struct heir own = *at;

		parent = at == h ? NULL : parent_of(l, at);
		at->resolved = true;
		at->change = end.change;
		at->upgrades = end.upgrades;
		memcpy(at->root, end.root, FACT_ID);
		at->root_index = end.root_index;
		end.change ^= own.change;
		end.upgrades -= own.upgrades;
		at = parent;
	}
}

int lineage_resolve(struct lineage *l, struct error *err)
{
	if (l->failure.kind != ERROR_NONE) {
		if (err)
			*err = l->failure;
		return -1;
	}
	if (l->count == 0)
		return 0;
	qsort(l->list, l->count, sizeof(*l->list), by_state);
	drop_copies(l);
	for (size_t i = 0; i < l->count; i++)
		resolve(l, &l->list[i]);
	qsort(l->list, l->count, sizeof(*l->list), by_root);
	return 0;
}

const struct heir *lineage_of(const struct lineage *l, const uint8_t *tx,
			      uint32_t index, size_t *ret_count)
{
	struct heir key = { .root_index = index };
	const struct heir *found;
	size_t from, to;

	*ret_count = 0;
	memcpy(key.root, tx, FACT_ID);
	found = l->count
			? bsearch(&key, l->list, l->count, sizeof(key), by_root)
			: NULL;
	if (!found)
		return NULL;
	from = to = (size_t)(found - l->list);
	while (from > 0 && by_root(&l->list[from - 1], &key) == 0)
		from--;
	while (to < l->count && by_root(&l->list[to], &key) == 0)
		to++;
	*ret_count = to - from;
	return &l->list[from];
}
