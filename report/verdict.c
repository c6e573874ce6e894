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

/* ---- joined results ---- */

static const char *source_reason(const struct source *s, struct arena *arena)
{
	const char *reason = s->doubt ? s->doubt : s->reason;

	return arena_printf(arena, "%s: %s%s%s", s->run, s->answer,
			    reason ? ": " : "", reason ? reason : "");
}

/* The first run that `is` so decides; the words are ours, not the file's. */
static int ended_by_source(struct judgement *j, struct arena *arena,
			   bool (*is)(const struct source *s))
{
	static const struct {
		int exit_code;
		const char *word;
	} words[] = {
		{ 2, "UNDECIDED" },
		{ ERROR_INTERRUPTED, "INTERRUPTED" },
		{ ERROR_BUILD, "BUILD FAILED" },
		{ ERROR_DEPLOY, "DEPLOY FAILED" },
		{ ERROR_LOAD, "LOAD FAILED" },
		{ ERROR_LEFT, "LEFT BEHIND" },
		{ ERROR_INTERNAL, "ENDED" }, /* and all others */
	};
	const struct record *r = j->record;
	size_t first = 0, word = 0;

	while (first < r->source_count && !is(&r->sources[first]))
		first++;
	if (first == r->source_count)
		return 0;
	while (word < ARRAY_SIZE(words) - 1 &&
	       words[word].exit_code != r->sources[first].exit_code)
		word++;
	return ended(j, (enum error_kind)words[word].exit_code,
		     words[word].word,
		     source_reason(&r->sources[first], arena));
}

static bool was_interrupted(const struct source *s)
{
	return s->exit_code == ERROR_INTERRUPTED;
}

static bool has_ended(const struct source *s)
{
	return s->exit_code > 2;
}

/* It is undecided, and by none of its cells. */
static bool is_unproved(const struct source *s)
{
	return s->exit_code == 2 && (s->doubt || !s->open);
}

/* What the case of the whole network says: the first run that did not come to
 * prove anything. */
static int find_unproved(struct judgement *j, struct arena *arena)
{
	const struct record *r = j->record;
	const struct source *found = NULL;

	for (size_t i = 0; i < r->source_count && !found; i++)
		if (has_ended(&r->sources[i]) || is_unproved(&r->sources[i]))
			found = &r->sources[i];
	if (found)
		j->unproved = source_reason(found, arena);
	return found && !j->unproved ? -1 : 0;
}

int sources_decide(struct judgement *j, struct arena *arena, struct error *err)
{
	for (size_t i = 0; i < j->record->source_count; i++)
		j->seconds += j->record->sources[i].seconds;
	if (find_unproved(j, arena) < 0)
		return error_nomem(err);
	if (ended_by_source(j, arena, was_interrupted) || failed(j, arena) ||
	    ended_by_source(j, arena, has_ended) ||
	    ended_by_source(j, arena, is_unproved) || undecided(j, arena))
		return j->reason ? 0 : error_nomem(err);
	ended(j, 0, "PASS", NULL);
	return 0;
}
