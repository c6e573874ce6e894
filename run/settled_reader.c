/* SPDX-License-Identifier: Apache-2.0 */
/* settled_reader.c - the operations of a run, each with what the vaults say of
 * it. */
#include "run/settled_reader.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/id_set.h"
#include "run/line_reader.h"
#include "run/lines.h"

enum { DOUBT_MAX = 512 };

/* Of settlements that are kept, as they do not come in order. */
static const size_t kept_max = (size_t)2 << 30;

/* A settlement and the line that it stands in. */
struct placed {
	struct settlement settlement;
	unsigned line;
	bool met; /* its operation came */
};

struct settled_reader {
	struct history_reader *history;
	struct settlement_reader *settlements;
	struct placed next; /* that was read last */
	bool has_next;
	uint64_t count;
	struct id_set operations, settled; /* that came */
	struct arena arena;
	struct line_list kept; /* struct placed, ascending by operation */
	bool sorted; /* all that was left is in `kept` */
	char doubt[DOUBT_MAX]; /* "": none */
};

int settled_reader_open(const char *run_dir, struct settled_reader **ret,
			struct error *err)
{
	cleanup(settled_reader_freep) struct settled_reader *r =
		calloc(1, sizeof(*r));

	if (!r)
		return error_nomem(err);
	arena_init(&r->arena, kept_max);
	r->kept = (struct line_list){ .size = sizeof(struct placed),
				      .arena = &r->arena };
	if (history_reader_open(run_dir, &r->history, err) < 0 ||
	    settlement_reader_open(run_dir, &r->settlements, err) < 0)
		return -1;
	*ret = steal(r);
	return 0;
}

void settled_reader_free(struct settled_reader *r)
{
	if (!r)
		return;
	history_reader_free(r->history);
	settlement_reader_free(r->settlements);
	id_set_release(&r->operations);
	id_set_release(&r->settled);
	arena_release(&r->arena);
	free(r);
}

uint64_t settled_count(const struct settled_reader *r)
{
	return r->count;
}

const char *settled_doubt(const struct settled_reader *r)
{
	return r->doubt[0] ? r->doubt : NULL;
}

/* ---- contradictions; the first one counts ---- */

static void doubt_settlement(struct settled_reader *r, const struct placed *p,
			     const char *what)
{
	if (!r->doubt[0])
		snprintf(r->doubt, DOUBT_MAX,
			 "settlements.jsonl:%u: operation %" PRIu64 " %s",
			 p->line, p->settlement.op, what);
}

static int know_operation(struct settled_reader *r, uint64_t id,
			  struct error *err)
{
	int is_new = id_set_add(&r->operations, id, err);

	if (is_new == 0 && !r->doubt[0])
		snprintf(r->doubt, DOUBT_MAX,
			 HISTORY_FILE ":%u: a second operation with the id "
				      "%" PRIu64,
			 history_line(r->history), id);
	return is_new < 0 ? -1 : 0;
}

/* A check writes the id that the driver was given, and finds others. */
static void compare(struct settled_reader *r, const struct operation *op,
		    const struct placed *p)
{
	const char *tx = p->settlement.tx;

	if (op->tx && (!tx || strcmp(op->tx, tx)))
		doubt_settlement(r, p,
				 "has another transaction than "
				 "in " HISTORY_FILE);
}

/* ---- settlements ---- */

/* 1 and the next one in `r->next`, 0 at the end. */
static int read_next(struct settled_reader *r, struct error *err)
{
	int is_new, rc;

	rc = settlement_read(r->settlements, &r->next.settlement, err);
	r->has_next = rc > 0;
	if (rc <= 0)
		return rc;
	r->next.line = settlement_line(r->settlements);
	r->next.met = false;
	r->count++;
	is_new = id_set_add(&r->settled, r->next.settlement.op, err);
	if (is_new == 0)
		doubt_settlement(r, &r->next, "is settled a second time");
	return is_new < 0 ? -1 : 1;
}

static int by_operation(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;

	if (x->settlement.op != y->settlement.op)
		return x->settlement.op < y->settlement.op ? -1 : 1;
	return (x->line > y->line) - (x->line < y->line);
}

static int keep_next(struct settled_reader *r, struct error *err)
{
	struct placed *kept = line_list_add(&r->kept);
	const char *tx = r->next.settlement.tx;

	if (!kept)
		return error_nomem(err);
	*kept = r->next;
	kept->settlement.tx = tx ? arena_strdup(&r->arena, tx) : NULL;
	return tx && !kept->settlement.tx ? error_nomem(err) : 0;
}

/* All that is left, as it does not come in the order of the history. */
static int keep_rest(struct settled_reader *r, struct error *err)
{
	int rc = r->has_next;

	while (rc > 0) {
		if (keep_next(r, err) < 0)
			return -1;
		rc = read_next(r, err);
	}
	if (r->kept.count > 1)
		qsort(r->kept.items, r->kept.count, r->kept.size, by_operation);
	r->sorted = true;
	return rc;
}

/* The first one of an operation that was settled twice. */
static struct placed *find_kept(const struct settled_reader *r, uint64_t op)
{
	struct placed *kept = r->kept.items;
	size_t low = 0, high = r->kept.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (kept[middle].settlement.op < op)
			low = middle + 1;
		else
			high = middle;
	}
	return low < r->kept.count && kept[low].settlement.op == op ? &kept[low]
								    : NULL;
}

static int find_settlement(struct settled_reader *r, uint64_t op,
			   struct placed **ret, struct error *err)
{
	if (!r->sorted) {
		if (read_next(r, err) < 0)
			return -1;
		*ret = &r->next;
		if (r->has_next && r->next.settlement.op == op)
			return 0;
		if (keep_rest(r, err) < 0)
			return -1;
	}
	*ret = find_kept(r, op);
	return 0;
}

/* ---- the end ---- */

static void doubt_stranger(struct settled_reader *r, const struct placed *p)
{
	if (!id_set_has(&r->operations, p->settlement.op))
		doubt_settlement(r, p, "is not in " HISTORY_FILE);
}

/* What no operation has asked for. */
static int finish(struct settled_reader *r, struct error *err)
{
	const struct placed *kept = r->kept.items;
	int rc;

	while (!r->sorted && (rc = read_next(r, err)) != 0) {
		if (rc < 0)
			return -1;
		doubt_stranger(r, &r->next);
	}
	for (size_t i = 0; i < r->kept.count; i++)
		if (!kept[i].met)
			doubt_stranger(r, &kept[i]);
	r->sorted = true;
	return 0;
}

int settled_read(struct settled_reader *r, struct operation *ret_op,
		 const struct settlement **ret_settlement, struct error *err)
{
	struct placed *found;
	int rc = history_read(r->history, ret_op, err);

	if (rc <= 0)
		return rc < 0 ? -1 : finish(r, err);
	if (know_operation(r, ret_op->id, err) < 0 ||
	    find_settlement(r, ret_op->id, &found, err) < 0)
		return -1;
	*ret_settlement = found ? &found->settlement : NULL;
	if (found) {
		found->met = true;
		compare(r, ret_op, found);
	}
	return 1;
}
