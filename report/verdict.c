/* SPDX-License-Identifier: Apache-2.0 */
/* verdict.c - the answer of a run, once each cell has its verdict. */
#include <string.h>

#include "report/judgement.h"

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
	return record_phase(r, "check") ? NULL : "the vaults were not checked";
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

int run_decide(struct judgement *j, struct arena *arena, struct error *err)
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
		return j->reason ? 0 : error_nomem(err);
	ended(j, 0, "PASS", NULL);
	return 0;
}
