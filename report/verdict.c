/* SPDX-License-Identifier: Apache-2.0 */
/* verdict.c - the rules of docs/verdicts.md, from facts to verdicts. */
#include <string.h>

#include "report/judgement.h"

/* The first error that a failed payment's node gave, for the reason. */
static const char *first_error(const struct cell *cell)
{
	const struct operation *op = cell->first_failed;

	if (!op)
		return "";
	if (op->error_text)
		return op->error_text;
	return op->outcome == OUTCOME_UNKNOWN ? "no answer" : "";
}

/* Payments that failed by what releases do. */
static size_t failures(const struct cell *cell)
{
	const struct counts *t = &cell->score.counts;

	return t->failed - t->refused - (cell->starved ? t->timeouts : 0);
}

static enum verdict fail_of_payments(const struct cell *cell,
				     struct arena *arena, const char **ret)
{
	const struct counts *t = &cell->score.counts;
	size_t failed = failures(cell);
	const char *why = first_error(cell);

	if (t->lost)
		*ret = arena_printf(arena,
				    "%zu of %zu payments were answered ok and "
				    "are not in the payee's database",
				    t->lost, t->payments);
	else
		*ret = arena_printf(arena, "%zu of %zu payments failed%s%s",
				    failed, t->payments, *why ? ": " : "", why);
	return VERDICT_FAIL;
}

static enum verdict fail_of_findings(const struct cell *cell,
				     struct arena *arena, const char **ret)
{
	const char *name = finding_name(cell->findings[0]->finding->kind);

	if (cell->finding_payments)
		*ret = arena_printf(arena, "%s, %zu of %zu payments", name,
				    cell->finding_payments,
				    cell->score.counts.payments);
	else
		*ret = arena_printf(arena, "%s, %zu findings", name,
				    cell->finding_count);
	return VERDICT_FAIL;
}

/* The rules, the gravest first; each gives its reason. */
static enum verdict rule(const struct cell *cell, size_t gate,
			 struct arena *arena, const char **ret)
{
	const struct counts *t = &cell->score.counts;

	if (cell->finding_count)
		return fail_of_findings(cell, arena, ret);
	if (!t->payments) {
		*ret = cell->reason;
		return VERDICT_NOT_RUN;
	}
	if (t->lost || failures(cell))
		return fail_of_payments(cell, arena, ret);
	if (t->unchecked) {
		*ret = arena_printf(arena, "%zu payments were not checked",
				    t->unchecked);
		return VERDICT_UNDECIDED;
	}
	if (t->unsettled) {
		*ret = arena_printf(arena,
				    "%zu of %zu payments still ran when the "
				    "vaults were read",
				    t->unsettled, t->payments);
		return VERDICT_UNDECIDED;
	}
	if (cell->starved) {
		*ret = arena_printf(arena,
				    "%zu of %zu payments got no answer from "
				    "nodes that had too little CPU: %s",
				    t->timeouts, t->payments, cell->starved);
		return VERDICT_UNDECIDED;
	}
	if (t->refused) {
		*ret = arena_printf(arena,
				    "%zu of %zu payments refused, later ones "
				    "settled",
				    t->refused, t->payments);
		return VERDICT_FLAKY;
	}
	if (t->settled < gate) {
		*ret = arena_printf(arena, "%zu settled, the gate is %zu",
				    t->settled, gate);
		return VERDICT_UNDECIDED;
	}
	*ret = "";
	return VERDICT_PASS;
}

static int excuse(struct cell *cell, const struct expected_cell *excused,
		  struct arena *arena, struct error *err)
{
	cell->verdict = VERDICT_UNSUPPORTED;
	cell->required = false;
	cell->reason = excused->reason;
	if (cell->judged == VERDICT_PASS)
		cell->reason = arena_printf(arena, "unexpected pass: %s",
					    excused->reason);
	return cell->reason ? 0 : error_nomem(err);
}

int cell_decide(struct cell *cell, const struct record *record,
		struct arena *arena, struct error *err)
{
	const struct release *releases = record->net.releases;
	const struct expected_cell *excused;
	size_t gate = record->net.settled_gate > 1
			      ? (size_t)record->net.settled_gate
			      : 1;
	const char *reason = NULL;

	cell->judged = rule(cell, gate, arena, &reason);
	if (!reason)
		return error_nomem(err);
	cell->verdict = cell->judged;
	cell->reason = *reason ? reason : NULL;
	cell->required = cell->judged != VERDICT_NOT_RUN ||
			 cell->absence != ABSENT_ONE_BANK;
	excused = expected_find(&record->expected, releases[cell->payer].label,
				releases[cell->payee].label,
				releases[cell->notary].label);
	return excused ? excuse(cell, excused, arena, err) : 0;
}

/* What a phase that failed means for the exit code. */
static const struct {
	const char *phase;
	enum error_kind kind;
	const char *word;
} endings[] = {
	{ "build", ERROR_BUILD, "BUILD FAILED" },
	{ "deploy", ERROR_DEPLOY, "DEPLOY FAILED" },
	{ "drive", ERROR_LOAD, "LOAD FAILED" },
};

static int ended(struct judgement *j, enum error_kind kind, const char *word,
		 const char *reason)
{
	j->exit_code = kind;
	j->word = word;
	j->reason = reason;
	return 1;
}

/* Build and boot failures that the rest of the run could go on without are
 * heard later, as cells that were not run. */
static bool was_survived(const struct judgement *j, const struct phase *p)
{
	return (!strcmp(p->name, "build") || !strcmp(p->name, "deploy")) &&
	       record_phase(j->record, "drive");
}

static int ended_by_phase(struct judgement *j)
{
	for (size_t i = 0; i < j->record->phase_count; i++) {
		const struct phase *p = &j->record->phases[i];

		if (!p->error || !strcmp(p->name, "down"))
			continue;
		if (p->kind == ERROR_INTERRUPTED)
			return ended(j, ERROR_INTERRUPTED, "INTERRUPTED",
				     p->error);
		if (was_survived(j, p))
			continue;
		for (unsigned k = 0; k < 3; k++)
			if (!strcmp(p->name, endings[k].phase))
				return ended(j, endings[k].kind,
					     endings[k].word, p->error);
		return ended(j, ERROR_INTERNAL, "ENDED", p->error);
	}
	return 0;
}

static int failed(struct judgement *j, struct arena *arena)
{
	if (!j->counts[VERDICT_FAIL] && !j->network_findings)
		return 0;
	return ended(j, 1, "FAIL",
		     arena_printf(arena, "%zu of %zu cells failed%s",
				  j->counts[VERDICT_FAIL], j->cell_count,
				  j->network_findings
					  ? ", the network has findings"
					  : ""));
}

static int ended_by_absence(struct judgement *j, enum absence absence,
			    enum error_kind kind, const char *word)
{
	for (size_t i = 0; i < j->cell_count; i++)
		if (j->cells[i].required && j->cells[i].absence == absence &&
		    j->cells[i].judged == VERDICT_NOT_RUN)
			return ended(j, kind, word, j->cells[i].reason);
	return 0;
}

static int left_behind(struct judgement *j)
{
	const struct phase *down = record_phase(j->record, "down");

	if (!down || !down->error)
		return 0;
	if (down->kind == ERROR_INTERRUPTED)
		return ended(j, ERROR_INTERRUPTED, "INTERRUPTED", down->error);
	return ended(j, ERROR_LEFT, "LEFT BEHIND", down->error);
}

/* Only a check that went well, of which all is there, proves that no money was
 * lost. What is lost of the record might be a failure, or might excuse one. */
static const char *unproved(const struct record *r)
{
	if (r->doubt)
		return r->doubt;
	return record_phase(r, "check") ? NULL
					: "no check of the vaults was made";
}

static int ended_by_doubt(struct judgement *j, const char *doubt)
{
	return doubt && ended(j, 2, "UNDECIDED", doubt);
}

/* Required cells without a verdict of their own, or with half of one. */
static int undecided(struct judgement *j, struct arena *arena)
{
	size_t open = 0;

	for (size_t i = 0; i < j->cell_count; i++)
		open += j->cells[i].required &&
			j->cells[i].verdict != VERDICT_PASS;
	if (!open && j->counts[VERDICT_PASS])
		return 0;
	return ended(j, 2, "UNDECIDED",
		     open ? arena_printf(arena, "%zu of %zu cells did not pass",
					 open, j->cell_count)
			  : "no cell passed");
}

/* Flows that still ran may have been stuck: nobody has waited for their end. */
static int unquiet(struct judgement *j, struct arena *arena)
{
	const struct phase *check = record_phase(j->record, "check");
	const struct js *details = check ? check->details : NULL;

	if (js_bool(details, "quiet", true))
		return 0;
	return ended(j, 2, "UNDECIDED",
		     arena_printf(arena,
				  "the vaults were not quiet after %.0f s",
				  js_num(details, "quiet_seconds", 0)));
}

void run_decide(struct judgement *j, struct arena *arena)
{
	for (size_t i = 0; i < j->record->phase_count; i++)
		j->seconds += j->record->phases[i].seconds;
	j->unproved = unproved(j->record);
	if (ended_by_doubt(j, j->record->doubt) || ended_by_phase(j) ||
	    failed(j, arena) ||
	    ended_by_absence(j, ABSENT_BUILD, ERROR_BUILD, "BUILD FAILED") ||
	    ended_by_absence(j, ABSENT_BOOT, ERROR_DEPLOY, "DEPLOY FAILED") ||
	    left_behind(j) || undecided(j, arena) ||
	    ended_by_doubt(j, j->unproved) || unquiet(j, arena))
		return;
	ended(j, 0, "PASS", NULL);
}
