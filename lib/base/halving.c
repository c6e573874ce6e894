/* SPDX-License-Identifier: Apache-2.0 */
/* halving.c - chooses the commit of a history that a bisection tests next. */
#include "base/halving.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define NONE ((unsigned)-1)

struct weighing {
	const struct halving_commit *list;
	unsigned count;
	/* Of each commit: how many commits of the list it reaches, itself
	 * included; 0: not known yet. */
	unsigned *weights;
	/* Commits in the order in which git weighs them. */
	unsigned *order;
	unsigned ordered;
	/* For count_reached(). */
	unsigned *stack;
	bool *seen;
};

/* Of a merge this cannot be told from its parents: they share ancestors. */
static unsigned count_reached(struct weighing *w, unsigned from)
{
	unsigned depth = 0, reached = 0;

	memset(w->seen, 0, w->count * sizeof(bool));
	w->stack[depth++] = from;
	w->seen[from] = true;
	while (depth) {
		const struct halving_commit *c = &w->list[w->stack[--depth]];

		reached++;
		for (unsigned i = 0; i < c->parent_count; i++) {
			if (w->seen[c->parents[i]])
				continue;
			w->seen[c->parents[i]] = true;
			w->stack[depth++] = c->parents[i];
		}
	}
	return reached;
}

static void settle(struct weighing *w, unsigned at, unsigned weight)
{
	w->weights[at] = weight;
	w->order[w->ordered++] = at;
}

/* The rest has one parent in the list: each pass settles those whose parent is
 * known. Dates may be wrong, so a parent can be later in the list. */
static void weigh_chains(struct weighing *w)
{
	for (bool changed = true; changed;) {
		changed = false;
		for (unsigned i = 0; i < w->count; i++) {
			const struct halving_commit *c = &w->list[i];

			if (w->weights[i] || !w->weights[c->parents[0]])
				continue;
			settle(w, i, w->weights[c->parents[0]] + 1);
			changed = true;
		}
	}
}

static int weigh(struct weighing *w, struct arena *arena, struct error *err)
{
	w->weights = arena_array(arena, w->count, sizeof(unsigned));
	w->order = arena_array(arena, w->count, sizeof(unsigned));
	w->stack = arena_array(arena, w->count, sizeof(unsigned));
	w->seen = arena_array(arena, w->count, sizeof(bool));
	if (!w->weights || !w->order || !w->stack || !w->seen)
		return error_nomem(err);
	for (unsigned i = 0; i < w->count; i++)
		if (!w->list[i].parent_count)
			w->weights[i] = 1;
	for (unsigned i = 0; i < w->count; i++)
		if (w->list[i].parent_count > 1)
			settle(w, i, count_reached(w, i));
	weigh_chains(w);
	return 0;
}

/* The commits of the smaller part. */
static unsigned gain(const struct weighing *w, unsigned at)
{
	const unsigned weight = w->weights[at];

	return weight < w->count - weight ? weight : w->count - weight;
}

/* No other commit divides the list better. */
static bool is_half(const struct weighing *w, unsigned at)
{
	return 2 * gain(w, at) + 1 >= w->count;
}

static unsigned best_of_all(const struct weighing *w)
{
	unsigned best = 0;

	for (unsigned i = 0; i < w->ordered; i++)
		if (is_half(w, w->order[i]))
			return w->order[i];
	for (unsigned i = 1; i < w->count; i++)
		if (gain(w, i) > gain(w, best))
			best = i;
	return best;
}

/* ---- with skipped commits ---- */

struct ranked {
	unsigned at, gain;
};

static int by_gain(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->gain != y->gain)
		return x->gain < y->gain ? 1 : -1;
	return x->at < y->at ? -1 : x->at > y->at;
}

static int best_of_rest(const struct weighing *w, unsigned bad, unsigned streak,
			struct arena *arena, unsigned *ret, struct error *err)
{
	struct ranked *list = arena_array(arena, w->count, sizeof(*list));
	unsigned count = 0;

	if (!list)
		return error_nomem(err);
	for (unsigned i = 0; i < w->count; i++)
		if (i != bad && !w->list[i].skipped)
			list[count++] = (struct ranked){ i, gain(w, i) };
	*ret = NONE;
	if (!count)
		return 0;
	qsort(list, count, sizeof(*list), by_gain);
	*ret = list[(unsigned)((uint64_t)(count - 1) * streak / (streak + 4))]
		       .at;
	return 0;
}

/* ---- the choice ---- */

/* As many as git prints: the powers of two say how often a list of that length
 * can be halved. */
static unsigned steps_of(unsigned count)
{
	unsigned steps = 0;

	if (count < 3)
		return 0;
	while (count >> (steps + 1))
		steps++;
	return 3 * (count - (1U << steps)) > 1U << steps ? steps : steps - 1;
}

static bool any_skipped(const struct halving_commit *list, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (list[i].skipped)
			return true;
	return false;
}

int halving_choose(const struct halving_commit *list, unsigned count,
		   unsigned bad, unsigned streak, struct arena *arena,
		   struct halving *ret, struct error *err)
{
	struct weighing w = { .list = list, .count = count };
	unsigned next = bad;

	*ret = (struct halving){ .kind = HALVING_FOUND, .next = bad };
	if (count < 2)
		return 0;
	if (weigh(&w, arena, err) < 0)
		return -1;
	if (!any_skipped(list, count))
		next = best_of_all(&w);
	else if (best_of_rest(&w, bad, streak, arena, &next, err) < 0)
		return -1;
	if (next == NONE) {
		ret->kind = HALVING_SKIPPED;
		return 0;
	}
	*ret = (struct halving){ .kind = HALVING_TEST,
				 .next = next,
				 .left = count - w.weights[next] - 1,
				 .steps = steps_of(count) };
	return 0;
}
