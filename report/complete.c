/* SPDX-License-Identifier: Apache-2.0 */
/* complete.c - whether the record is all that the run has written. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

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
		  r->settlement_count },
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

/* All loads together; one that ended early has more lines than it counted. */
static int by_drive(struct doubts *d)
{
	static const char *const names[][3] = {
		[OP_ISSUE] = { "issues answered ok", "issues that failed",
			       "issues without answer" },
		[OP_PAY] = { "payments answered ok", "payments that failed",
			     "payments without answer" },
	};
	const struct record *r = d->record;
	uint64_t read[2][3] = { { 0 } };

	for (size_t i = 0; i < r->op_count; i++)
		read[r->ops[i].kind][r->ops[i].outcome]++;
	for (int kind = 0; kind < 2; kind++)
		for (int outcome = 0; outcome < 3; outcome++) {
			uint64_t counted = r->driven.ops[kind][outcome];

			if (read[kind][outcome] < counted)
				return disagree(d, "history.jsonl",
						names[kind][outcome],
						read[kind][outcome],
						(int64_t)counted);
		}
	return 0;
}

static int by_id(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* What became of an operation is known by its id. */
static int by_ids(struct doubts *d)
{
	const struct record *r = d->record;
	uint64_t *ids = arena_array(d->arena, r->op_count + 1, sizeof(*ids));

	if (!ids)
		return error_nomem(d->err);
	for (size_t i = 0; i < r->op_count; i++)
		ids[i] = r->ops[i].id;
	qsort(ids, r->op_count, sizeof(*ids), by_id);
	for (size_t i = 1; i < r->op_count; i++)
		if (ids[i] == ids[i - 1])
			return doubt(d, arena_printf(d->arena,
						     "history.jsonl has two "
						     "operations of the id "
						     "%" PRIu64,
						     ids[i]));
	return 0;
}

int record_complete(struct record *r, struct arena *arena, struct error *err)
{
	static int (*const questions[])(struct doubts *d) = {
		by_seal, by_last_line, by_ids, by_check, by_drive
	};
	struct doubts d = { .record = r, .arena = arena, .err = err };

	for (size_t i = 0; i < ARRAY_SIZE(questions) && !d.first; i++)
		if (questions[i](&d) < 0)
			return -1;
	r->doubt = d.first;
	return 0;
}
