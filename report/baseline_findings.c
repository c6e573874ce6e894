/* SPDX-License-Identifier: Apache-2.0 */
/* baseline_findings.c - which findings an earlier run did not have. */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "report/baseline.h"

struct entry {
	const struct finding *finding;
	const struct result_place *place;
	bool now; /* of the later run */
};

static int by_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

/* Of findings of one kind about one cell, or about one node of the network at
 * large. */
static int by_subject(const struct entry *a, const struct entry *b)
{
	int rc = (int)a->finding->kind - (int)b->finding->kind;

	rc = rc ? rc : by_text(a->place->notary, b->place->notary);
	rc = rc ? rc : by_text(a->place->payer, b->place->payer);
	rc = rc ? rc : by_text(a->place->payee, b->place->payee);
	if (!rc && !a->place->payer)
		rc = by_text(a->finding->node, b->finding->node);
	return rc;
}

/* Those of the later run first: a group's first finding is one of them. */
static int in_order(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int rc = by_subject(x, y);

	rc = rc ? rc : (int)y->now - (int)x->now;
	return rc ? rc
	       : x->now == y->now
		       ? (x->finding > y->finding) - (x->finding < y->finding)
		       : 0;
}

static size_t list_entries(const struct results *r, bool now,
			   struct entry *list)
{
	size_t count = 0;

	for (size_t i = 0; i < r->finding_count; i++)
		if (!r->findings[i].note)
			list[count++] = (struct entry){ &r->findings[i],
							&r->places[i], now };
	return count;
}

/* The findings from list[0] on with one subject; returns how many. */
static size_t take_group(const struct entry *list, size_t count,
			 struct compared_finding *ret)
{
	size_t n = 0;

	*ret = (struct compared_finding){ .first = list[0].finding,
					  .place = list[0].place };
	for (; n < count && !by_subject(&list[0], &list[n]); n++) {
		ret->was += !list[n].now;
		ret->is += list[n].now;
	}
	ret->change = !ret->was		   ? LIST_NEW
		      : !ret->is	   ? LIST_GONE
		      : ret->is > ret->was ? LIST_CHANGED
					   : LIST_SAME;
	return n;
}

int baseline_findings(struct baseline *b, struct arena *arena,
		      struct error *err)
{
	size_t most = b->was->finding_count + b->is->finding_count + 1, count;
	struct entry *list = arena_array(arena, most, sizeof(*list));

	b->findings = arena_array(arena, most, sizeof(*b->findings));
	if (!list || !b->findings)
		return error_nomem(err);
	count = list_entries(b->was, false, list);
	count += list_entries(b->is, true, list + count);
	if (count)
		qsort(list, count, sizeof(*list), in_order);
	for (size_t i = 0; i < count;) {
		struct compared_finding *f = &b->findings[b->finding_count];

		i += take_group(&list[i], count - i, f);
		b->finding_count += f->change != LIST_SAME;
	}
	return 0;
}
