/* SPDX-License-Identifier: Apache-2.0 */
/* complete.c - whether the record is all that the run has written. */
#include <inttypes.h>
#include <stdio.h>

#include "report/record.h"
#include "run/lines.h"

/* What one question found; the first doubt is the answer. */
struct doubts {
	const struct record *record;
	struct arena *arena;
	struct error *err;
	const char *first;
};

static int doubt(struct doubts *d, const char *text)
{
	if (!text)
		return error_nomem(d->err);
	d->first = text;
	return 1;
}

/* The seal of a run that has ended. */
static int by_seal(struct doubts *d)
{
	const struct record *r = d->record;

	if (r->seal != SEAL_BROKEN)
		return 0;
	return doubt(d,
		     arena_printf(d->arena,
				  "the run was changed after it had ended: %s",
				  r->seal_why));
}

/* A file that was cut within a line. */
static int by_last_line(struct doubts *d)
{
	static const char *const files[] = { "history.jsonl",
					     "settlements.jsonl",
					     "findings.jsonl", "balances.jsonl",
					     "phases.jsonl" };

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		int cut = lines_cut(d->record->run_dir, files[i], d->err);

		if (cut < 0)
			return -1;
		if (cut)
			return doubt(
				d, arena_printf(
					   d->arena,
					   "the last line of %s is incomplete",
					   files[i]));
	}
	return 0;
}

/* Of a step that says how many there were. */
static int disagree(struct doubts *d, const char *file, const char *what,
		    uint64_t read, int64_t counted)
{
	return doubt(d, arena_printf(d->arena,
				     "%s has %" PRIu64
				     " %s, but phases.jsonl counts %" PRId64,
				     file, read, what, counted));
}

static uint64_t count_findings(const struct record *r, bool notes)
{
	uint64_t n = 0;

	for (size_t i = 0; i < r->finding_count; i++)
		n += r->findings[i].note == notes;
	return n;
}

/* What the last check says in its details, as it began to be written: one that
 * has a later member has all before it. */
enum said {
	SAID_FINDINGS,
	SAID_NOTES,
	SAID_QUIET,
	SAID_OPERATIONS,
	SAID_BALANCES,
	SAID
};

static const struct {
	const char *key;
	enum js_type type;
} said[SAID] = {
	[SAID_FINDINGS] = { "findings", JS_INTEGER },
	[SAID_NOTES] = { "notes", JS_INTEGER },
	[SAID_QUIET] = { "quiet", JS_BOOL },
	[SAID_OPERATIONS] = { "operations", JS_INTEGER },
	[SAID_BALANCES] = { "balances", JS_INTEGER },
};

/* Without a member a report would compare nothing, or take the vaults as quiet.
 */
static int by_members(struct doubts *d, const struct js *details)
{
	bool later = d->record->balance_count > 0;

	for (int i = SAID; i-- > 0;) {
		enum js_type type = js_type(js_get(details, said[i].key));

		if (type != said[i].type && (type != JS_ABSENT || later))
			return doubt(
				d, arena_printf(d->arena,
						"the check in phases.jsonl has "
						"no valid '%s'",
						said[i].key));
		later |= type != JS_ABSENT;
	}
	return 0;
}

/* The last check wrote all findings, settlements and balances anew. */
static int by_check(struct doubts *d)
{
	const struct record *r = d->record;
	const struct phase *check = record_phase(r, "check");
	const struct {
		enum said count;
		const char *file;
		uint64_t read;
	} counts[] = {
		{ SAID_FINDINGS, "findings.jsonl", count_findings(r, false) },
		{ SAID_NOTES, "findings.jsonl", count_findings(r, true) },
		{ SAID_OPERATIONS, "settlements.jsonl", r->read.settlements },
		{ SAID_BALANCES, "balances.jsonl", r->balance_count },
	};
	int found;

	if (!check || check->error)
		return 0;
	found = by_members(d, check->details);
	for (size_t i = 0; i < ARRAY_SIZE(counts) && !found; i++) {
		const char *key = said[counts[i].count].key;
		const struct js *n = js_get(check->details, key);

		if (n &&
		    js_int(check->details, key, -1) != (int64_t)counts[i].read)
			found = disagree(d, counts[i].file, key, counts[i].read,
					 js_int(check->details, key, -1));
	}
	return found;
}

/* As in "12 payments that failed". */
static const char *const outcomes[OUTCOMES] = {
	[OUTCOME_OK] = "with the answer ok",
	[OUTCOME_FAIL] = "that failed",
	[OUTCOME_UNKNOWN] = "without an answer",
};

static int by_kind(struct doubts *d, enum op_kind kind)
{
	const struct record *r = d->record;
	char what[64];

	for (int o = 0; o < OUTCOMES; o++) {
		const uint64_t read = r->read.ops[kind][o];
		const uint64_t counted = r->driven.ops[kind][o];

		if (read >= counted)
			continue;
		snprintf(what, sizeof(what), "%s %s", op_kind_info(kind)->nouns,
			 outcomes[o]);
		return disagree(d, "history.jsonl", what, read,
				(int64_t)counted);
	}
	return 0;
}

/* Operations of a load that phases.jsonl does not have: a killed driver wrote
 * no phase, or its line was lost. The next load counts them as before it. */
static int by_lines(struct doubts *d)
{
	const struct driven *driven = &d->record->driven;
	uint64_t lines = 0;

	for (int k = 0; k < OP_KINDS; k++)
		for (int o = 0; o < OUTCOMES; o++)
			lines += d->record->read.ops[k][o];
	if (lines && !driven->loads)
		return doubt(d,
			     arena_printf(d->arena,
					  "history.jsonl has %" PRIu64
					  " operations, but phases.jsonl has "
					  "no load",
					  lines));
	if (driven->lines < 0 || lines == (uint64_t)driven->lines)
		return 0;
	return disagree(d, "history.jsonl", "operations", lines, driven->lines);
}

/* All loads together; one that ended early has more lines than it counted. */
static int by_drive(struct doubts *d)
{
	int found = 0;

	for (int kind = 0; kind < OP_KINDS && !found; kind++)
		found = by_kind(d, (enum op_kind)kind);
	return found ? found : by_lines(d);
}

/* What became of an operation is known by its id and its transaction. */
static int by_contradiction(struct doubts *d)
{
	const char *text = d->record->read.doubt;

	return text ? doubt(d, text) : 0;
}

int record_complete(struct record *r, struct arena *arena, struct error *err)
{
	static int (*const questions[])(struct doubts *d) = {
		by_seal, by_last_line, by_contradiction, by_check, by_drive
	};
	struct doubts d = { .record = r, .arena = arena, .err = err };

	for (size_t i = 0; i < ARRAY_SIZE(questions) && !d.first; i++)
		if (questions[i](&d) < 0)
			return -1;
	r->doubt = d.first;
	return 0;
}
