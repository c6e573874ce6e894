/* SPDX-License-Identifier: Apache-2.0 */
/* merge_cells.c - the verdict of a cell by what several runs say of it. */
#include "report/merge.h"

/* Of one of the two verdicts that each part has. */
typedef enum verdict verdict_fn(const struct cell_part *part);

static enum verdict verdict_of(const struct cell_part *part)
{
	return part->verdict;
}

static enum verdict judged_of(const struct cell_part *part)
{
	return part->judged;
}

/* The parts with this verdict: how many, and the first. */
struct group {
	size_t count;
	const struct cell_part *first;
};

static void group_parts(const struct cell *cell, verdict_fn *of,
			struct group ret[VERDICTS])
{
	for (size_t i = 0; i < cell->part_count; i++) {
		struct group *g = &ret[of(&cell->parts[i])];

		if (!g->count++)
			g->first = &cell->parts[i];
	}
}

/* The table of docs/verdicts.md, "Joined results". */
static enum verdict decide(const struct group groups[VERDICTS])
{
	static const enum verdict order[] = {
		VERDICT_FAIL,	    VERDICT_FLAKY,     VERDICT_KNOWN,
		VERDICT_PASS,	    VERDICT_UNDECIDED, VERDICT_NOT_RUN,
		VERDICT_UNSUPPORTED
	};

	if (groups[VERDICT_FAIL].count && groups[VERDICT_PASS].count)
		return VERDICT_FLAKY;
	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		if (groups[order[i]].count)
			return order[i];
	return VERDICT_NOT_RUN;
}

/* ---- reasons ---- */

/* "failed in a: why", "failed in 2 runs, first in a: why" */
static const char *tell(const struct group *g, const char *verb,
			struct arena *arena)
{
	const char *run = g->first->source->run;
	const char *why = g->first->reason ? g->first->reason : "";
	const char *gap = *why ? ": " : "";

	if (g->count == 1)
		return arena_printf(arena, "%s in %s%s%s", verb, run, gap, why);
	return arena_printf(arena, "%s in %zu runs, first in %s%s%s", verb,
			    g->count, run, gap, why);
}

static const char *tell_both(const struct group groups[VERDICTS],
			     struct arena *arena)
{
	const char *failed = tell(&groups[VERDICT_FAIL], "failed", arena);
	struct group passed = groups[VERDICT_PASS];
	struct cell_part plain = *passed.first;
	const char *good;

	plain.reason = NULL;
	passed.first = &plain;
	good = tell(&passed, "passed", arena);
	return failed && good ? arena_printf(arena, "%s; %s", good, failed)
			      : NULL;
}

/* A run that could not judge the cell takes nothing from one that did. */
static const char *tell_pass(const struct group groups[VERDICTS],
			     struct arena *arena)
{
	const struct group *absent = &groups[VERDICT_NOT_RUN];

	if (groups[VERDICT_UNDECIDED].count)
		return tell(&groups[VERDICT_UNDECIDED], "undecided", arena);
	if (absent->count && absent->first->required)
		return tell(absent, "not run", arena);
	return groups[VERDICT_PASS].first->reason ?: "";
}

static const char *tell_why(const struct cell *cell, enum verdict verdict,
			    const struct group groups[VERDICTS],
			    struct arena *arena)
{
	const struct group *g = &groups[verdict];

	if (!cell->part_count)
		return "no run has these releases in one network";
	if (cell->part_count == 1)
		return cell->parts[0].reason ?: "";
	switch (verdict) {
	case VERDICT_FAIL:
		return tell(g, "failed", arena);
	case VERDICT_FLAKY:
		return groups[VERDICT_FAIL].count && groups[VERDICT_PASS].count
			       ? tell_both(groups, arena)
			       : tell(g, "flaky", arena);
	case VERDICT_KNOWN:
		return tell(g, "is a known failure", arena);
	case VERDICT_PASS:
		return tell_pass(groups, arena);
	case VERDICT_UNDECIDED:
		return tell(g, "undecided", arena);
	default:
		return g->first->reason ?: "";
	}
}

int merge_verdict(struct cell *cell, struct arena *arena, struct error *err)
{
	struct group groups[VERDICTS] = { 0 }, judged[VERDICTS] = { 0 };
	const char *reason;

	group_parts(cell, verdict_of, groups);
	group_parts(cell, judged_of, judged);
	cell->verdict = decide(groups);
	cell->judged = decide(judged);
	for (size_t i = 0; i < cell->part_count; i++)
		cell->required |= cell->parts[i].required;
	if (cell->verdict == VERDICT_NOT_RUN)
		cell->absence = cell->part_count
					? groups[VERDICT_NOT_RUN].first->absence
					: ABSENT_APART;
	if (cell->verdict == VERDICT_UNDECIDED)
		cell->starved = groups[VERDICT_UNDECIDED].first->starved;
	reason = tell_why(cell, cell->verdict, groups, arena);
	if (!reason)
		return error_nomem(err);
	cell->reason = *reason ? reason : NULL;
	return 0;
}
