/* SPDX-License-Identifier: Apache-2.0 */
/* score.c - what the payments of one cell have come to. */
#include "run/score.h"

#include <string.h>

enum { OPEN_FIRST = 64 };

/* A payment without the time when it was due was due when it was sent. */
static struct turn turn_of(const struct operation *op)
{
	return (struct turn){ op->intended_us ? op->intended_us : op->sent_us,
			      op->id };
}

static bool is_before(struct turn a, struct turn b)
{
	return a.due_us != b.due_us ? a.due_us < b.due_us : a.id < b.id;
}

/* ---- examples ---- */

/* What has no room any more is cut. */
static const char *keep_text(struct example *e, size_t *used, const char *text)
{
	size_t room = EXAMPLE_TEXTS - *used, len;
	char *kept = e->texts + *used;

	if (!text)
		return NULL;
	if (!room)
		return "";
	len = strnlen(text, room - 1);
	memcpy(kept, text, len);
	kept[len] = 0;
	*used += len + 1;
	return kept;
}

/* The text that may be long comes last. */
static void keep(struct example *e, const struct operation *op,
		 const struct settlement *settlement)
{
	size_t used = 0;

	e->op = *op;
	e->checked = settlement != NULL;
	e->settlement = settlement ? *settlement : (struct settlement){ 0 };
	e->op.payer = keep_text(e, &used, op->payer);
	e->op.payee = keep_text(e, &used, op->payee);
	e->op.notary = keep_text(e, &used, op->notary);
	e->op.currency = keep_text(e, &used, op->currency);
	e->op.tx = keep_text(e, &used, op->tx);
	e->settlement.tx =
		op->tx ? e->op.tx : keep_text(e, &used, e->settlement.tx);
	e->op.flow = keep_text(e, &used, op->flow);
	e->op.error_class = keep_text(e, &used, op->error_class);
	e->op.error_text = keep_text(e, &used, op->error_text);
}

/* Where an operation belongs among the examples: EXAMPLES_MAX is behind. */
static size_t place_of(const struct examples *list, const struct operation *op)
{
	size_t at = list->count;

	while (at && is_before(turn_of(op), turn_of(&list->items[at - 1]->op)))
		at--;
	return at;
}

static int examples_add(struct score *s, struct examples *list,
			const struct operation *op,
			const struct settlement *settlement, struct error *err)
{
	size_t at = place_of(list, op);
	size_t last =
		list->count < EXAMPLES_MAX ? list->count : EXAMPLES_MAX - 1;
	struct example *room = list->items[last];

	if (at == EXAMPLES_MAX)
		return 0;
	if (!room)
		room = arena_new(s->arena, struct example);
	if (!room)
		return error_nomem(err);
	memmove(&list->items[at + 1], &list->items[at],
		(last - at) * sizeof(list->items[0]));
	keep(room, op, settlement);
	list->items[at] = room;
	list->count = last + 1;
	return 0;
}

int score_add_example(struct score *s, const struct operation *op,
		      const struct settlement *settlement, struct error *err)
{
	return examples_add(s, &s->failed, op, settlement, err);
}

static int examples_merge(struct score *s, struct examples *to,
			  const struct examples *from, struct error *err)
{
	for (size_t i = 0; i < from->count; i++) {
		const struct example *e = from->items[i];

		if (examples_add(s, to, &e->op,
				 e->checked ? &e->settlement : NULL, err) < 0)
			return -1;
	}
	return 0;
}

/* Forgets those that are before `end`; their room is used again. */
static void examples_drop(struct examples *list, struct turn end)
{
	size_t left = 0;

	for (size_t i = 0; i < list->count; i++) {
		struct example *e = list->items[i];

		if (is_before(turn_of(&e->op), end))
			continue;
		list->items[i] = list->items[left];
		list->items[left++] = e;
	}
	list->count = left;
}

size_t score_examples(const struct score *s,
		      const struct example *ret[EXAMPLES_MAX])
{
	const struct examples *a = &s->failed, *b = &s->refused;
	size_t i = 0, k = 0, count = 0;

	while (count < EXAMPLES_MAX && (i < a->count || k < b->count)) {
		bool first =
			k == b->count ||
			(i < a->count && is_before(turn_of(&a->items[i]->op),
						   turn_of(&b->items[k]->op)));

		ret[count++] = first ? a->items[i++] : b->items[k++];
	}
	return count;
}

/* ---- refusals ---- */

static int open_add(struct score *s, struct turn turn, struct error *err)
{
	if (s->open_count == s->open_room) {
		size_t room = s->open_room ? s->open_room * 2 : OPEN_FIRST;
		struct turn *grown =
			arena_array(s->arena, room, sizeof(*grown));

		if (!grown)
			return error_nomem(err);
		if (s->open_count)
			memcpy(grown, s->open, s->open_count * sizeof(*grown));
		s->open = grown;
		s->open_room = room;
	}
	s->open[s->open_count++] = turn;
	return 0;
}

/* One settled: refusals before it are what locks do, and pass. */
static void close_refusals(struct score *s, struct turn settled)
{
	size_t left = 0;

	if (!is_before(s->last_settled, settled))
		return;
	s->last_settled = settled;
	for (size_t i = 0; i < s->open_count; i++)
		if (!is_before(s->open[i], settled))
			s->open[left++] = s->open[i];
	s->counts.refused += s->open_count - left;
	s->open_count = left;
	examples_drop(&s->refused, settled);
}

static int add_refused(struct score *s, const struct operation *op,
		       const struct settlement *settlement, struct error *err)
{
	s->counts.failed++;
	if (is_before(turn_of(op), s->last_settled)) {
		s->counts.refused++;
		return 0;
	}
	if (open_add(s, turn_of(op), err) < 0)
		return -1;
	return examples_add(s, &s->refused, op, settlement, err);
}

/* ---- payments ---- */

/* By the driver's own word for it. */
static bool timed_out(const struct operation *op)
{
	return op->outcome == OUTCOME_UNKNOWN && op->error_class &&
	       !strcmp(op->error_class, "timeout");
}

static int add_missing(struct score *s, const struct operation *op,
		       const struct settlement *settlement, struct error *err)
{
	s->counts.failed += op->outcome != OUTCOME_OK;
	s->counts.timeouts += timed_out(op);
	s->counts.lost += op->outcome == OUTCOME_OK;
	return examples_add(s, &s->failed, op, settlement, err);
}

static int add_fate(struct score *s, const struct operation *op,
		    const struct settlement *settlement, enum fate fate,
		    struct error *err)
{
	switch (fate) {
	case FATE_UNCHECKED:
		s->counts.unchecked++;
		return 0;
	case FATE_SETTLED:
		s->counts.settled++;
		close_refusals(s, turn_of(op));
		return 0;
	case FATE_UNSETTLED:
		s->counts.unsettled++;
		return 0;
	case FATE_REFUSED:
		return add_refused(s, op, settlement, err);
	default:
		return add_missing(s, op, settlement, err);
	}
}

/* Where the clock was set back meanwhile, latency is not below service time. */
static int add_times(struct score *s, const struct operation *op,
		     struct error *err)
{
	int64_t due = op->sent_us;

	if (op->outcome != OUTCOME_OK || op->done_us < op->sent_us)
		return 0;
	if (op->intended_us && op->intended_us < op->sent_us)
		due = op->intended_us;
	if (histogram_add(&s->service, op->done_us - op->sent_us, err) < 0)
		return -1;
	return histogram_add(&s->latency, op->done_us - due, err);
}

void counts_outcome(struct counts *c, enum op_outcome outcome)
{
	c->payments++;
	c->ok += outcome == OUTCOME_OK;
	c->fail += outcome == OUTCOME_FAIL;
	c->unknown += outcome == OUTCOME_UNKNOWN;
}

static void begin_with(struct score *s, int64_t at)
{
	if (at > 0 && (!s->first_us || at < s->first_us))
		s->first_us = at;
}

int score_add(struct score *s, const struct operation *op,
	      const struct settlement *settlement, enum fate fate,
	      struct error *err)
{
	counts_outcome(&s->counts, op->outcome);
	begin_with(s, op->sent_us ? op->sent_us : op->intended_us);
	if (add_times(s, op, err) < 0)
		return -1;
	return add_fate(s, op, settlement, fate, err);
}

/* ---- merging ---- */

static void counts_merge(struct counts *to, const struct counts *from)
{
	to->payments += from->payments;
	to->ok += from->ok;
	to->fail += from->fail;
	to->unknown += from->unknown;
	to->settled += from->settled;
	to->lost += from->lost;
	to->failed += from->failed;
	to->timeouts += from->timeouts;
	to->refused += from->refused;
	to->unchecked += from->unchecked;
	to->unsettled += from->unsettled;
}

/* All open ones together, and then what either has settled. */
static int merge_refusals(struct score *to, const struct score *from,
			  struct error *err)
{
	struct turn settled = is_before(to->last_settled, from->last_settled)
				      ? from->last_settled
				      : to->last_settled;

	for (size_t i = 0; i < from->open_count; i++)
		if (open_add(to, from->open[i], err) < 0)
			return -1;
	if (examples_merge(to, &to->refused, &from->refused, err) < 0)
		return -1;
	to->last_settled = (struct turn){ INT64_MIN, 0 };
	close_refusals(to, settled);
	return 0;
}

int score_merge(struct score *to, const struct score *from, struct error *err)
{
	counts_merge(&to->counts, &from->counts);
	begin_with(to, from->first_us);
	if (histogram_merge(&to->latency, &from->latency, err) < 0 ||
	    histogram_merge(&to->service, &from->service, err) < 0 ||
	    examples_merge(to, &to->failed, &from->failed, err) < 0)
		return -1;
	return merge_refusals(to, from, err);
}
