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
			return doubt(d, arena_printf(d->arena,
						     "%s ends within a line",
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
				     " %s, phases.jsonl counts %" PRId64,
				     file, read, what, counted));
}

static uint64_t count_findings(const struct record *r, bool notes)
{
	uint64_t n = 0;

	for (size_t i = 0; i < r->finding_count; i++)
		n += r->findings[i].note == notes;
	return n;
}

/* The last check wrote all findings, settlements and balances anew. */
static int by_check(struct doubts *d)
{
	const struct record *r = d->record;
	const struct phase *check = record_phase(r, "check");
	const struct {
		const char *key, *file, *what;
		uint64_t read;
	} counts[] = {
		{ "findings", "findings.jsonl", "findings",
		  count_findings(r, false) },
		{ "notes", "findings.jsonl", "notes", count_findings(r, true) },
		{ "operations", "settlements.jsonl", "operations",
		  r->read.settlements },
		{ "balances", "balances.jsonl", "balances", r->balance_count },
	};

	if (!check || check->error)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
		int64_t n = js_int(check->details, counts[i].key, -1);

		if (n >= 0 && (uint64_t)n != counts[i].read)
			return disagree(d, counts[i].file, counts[i].what,
					counts[i].read, n);
	}
	return 0;
}

/* As in "12 payments that failed". */
static const char *const outcomes[OUTCOMES] = {
	[OUTCOME_OK] = "answered ok",
	[OUTCOME_FAIL] = "that failed",
	[OUTCOME_UNKNOWN] = "without answer",
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

/* All loads together; one that ended early has more lines than it counted. */
static int by_drive(struct doubts *d)
{
	int found = 0;

	for (int kind = 0; kind < OP_KINDS && !found; kind++)
		found = by_kind(d, (enum op_kind)kind);
	return found;
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
