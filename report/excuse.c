/* SPDX-License-Identifier: Apache-2.0 */
/* excuse.c - what the entries of expected.yaml mean for the cells of a run, and
 * which entries are out of date. */
#include "report/excuse.h"

#include <string.h>

#include "base/cleanup.h"
#include "sys/clock.h"

/* ---- a cell ---- */

const char *excuse_name(enum excuse_state state)
{
	static const char *const names[] = {
		[EXCUSE_NONE] = NULL,	      [EXCUSE_EXPIRED] = "expired",
		[EXCUSE_DIFFERS] = "differs", [EXCUSE_OPEN] = "not-decided",
		[EXCUSE_PASSES] = "passes",   [EXCUSE_HOLDS] = "excused",
	};

	return names[state];
}

/* All findings of the cell are of declared kinds. */
static bool has_only_declared(const struct expected_entry *e,
			      const struct cell *cell)
{
	for (size_t i = 0; i < cell->finding_count; i++)
		if (!(e->findings >> cell->findings[i]->finding->kind & 1))
			return false;
	return cell->finding_count > 0;
}

static bool has(const char *text, const char *part)
{
	return text && strcasestr(text, part);
}

static bool has_message(const struct expected_entry *e, const struct cell *cell)
{
	if (has(cell->judged_reason, e->message) ||
	    (cell->first_failed &&
	     has(cell->first_failed->error_text, e->message)))
		return true;
	for (size_t i = 0; i < cell->finding_count; i++)
		if (has(cell->findings[i]->finding->summary, e->message))
			return true;
	return false;
}

static bool is_declared(const struct expected_entry *e, const struct cell *cell)
{
	return (!e->findings || has_only_declared(e, cell)) &&
	       (!e->message || has_message(e, cell));
}

enum excuse_state excuse_of(const struct expected_entry *e,
			    const struct cell *cell, int64_t began_us)
{
	if (expected_expired(e, began_us))
		return EXCUSE_EXPIRED;
	if (cell->judged == VERDICT_PASS)
		return EXCUSE_PASSES;
	if (e->kind == EXPECTED_UNSUPPORTED)
		return EXCUSE_HOLDS;
	if (cell->judged != VERDICT_FAIL && cell->judged != VERDICT_FLAKY)
		return EXCUSE_OPEN;
	return is_declared(e, cell) ? EXCUSE_HOLDS : EXCUSE_DIFFERS;
}

static bool covers(const struct expected_entry *e, const struct cell *cell,
		   const struct record *r)
{
	const struct release *releases = r->net.releases;

	return expected_covers(e, releases[cell->payer].label,
			       releases[cell->payee].label,
			       releases[cell->notary].label);
}

void excuse_cell(struct cell *cell, const struct record *record,
		 int64_t began_us)
{
	cell->entry = NULL;
	cell->excuse = EXCUSE_NONE;
	for (size_t i = 0; i < record->expected.count; i++) {
		const struct expected_entry *e = &record->expected.entries[i];
		enum excuse_state state;

		if (!covers(e, cell, record))
			continue;
		state = excuse_of(e, cell, began_us);
		if (state <= cell->excuse)
			continue;
		cell->excuse = state;
		cell->entry = e;
	}
}

/* ---- words ---- */

/* "the finding lost and the message 'x'" */
static const char *declared_text(const struct expected_entry *e,
				 struct arena *arena)
{
	if (e->findings && e->message)
		return arena_printf(arena, "the finding %s with '%s'",
				    e->finding, e->message);
	if (e->findings)
		return arena_printf(arena, "the finding %s", e->finding);
	return arena_printf(arena, "a failure with '%s'", e->message);
}

const char *excuse_refused(const struct cell *cell, struct arena *arena)
{
	const struct expected_entry *e = cell->entry;
	const char *declared;
	char day[CLOCK_TEXT];

	if (cell->judged == VERDICT_PASS || cell->excuse == EXCUSE_NONE)
		return "";
	if (cell->excuse == EXCUSE_EXPIRED)
		return arena_printf(arena, "; %s:%d was valid until %s",
				    expected_file, expected_line(e),
				    clock_day(day, e->expires_us));
	if (cell->excuse != EXCUSE_DIFFERS)
		return "";
	declared = declared_text(e, arena);
	return declared
		       ? arena_printf(arena, "; %s:%d declares %s",
				      expected_file, expected_line(e), declared)
		       : NULL;
}

static const char *between(const struct buf *text)
{
	return text->len ? ", " : " (";
}

const char *excuse_details(const struct expected_entry *e, struct arena *arena)
{
	cleanup(buf_release) struct buf text = BUF_INIT(4 * EXPECTED_TEXT_MAX);
	char day[CLOCK_TEXT];

	if (e->issue)
		buf_addf(&text, "%s%s", between(&text), e->issue);
	if (e->owner)
		buf_addf(&text, "%sowner %s", between(&text), e->owner);
	if (e->expires_us)
		buf_addf(&text, "%suntil %s", between(&text),
			 clock_day(day, e->expires_us));
	if (text.len)
		buf_add_u8(&text, ')');
	return text.failed ? NULL : arena_strdup(arena, buf_text(&text));
}

/* ---- remarks ---- */

const char *remark_name(enum remark_kind kind)
{
	static const char *const names[] = {
		[REMARK_EXPIRED] = "expired",
		[REMARK_PASSES] = "passes-again",
		[REMARK_DIFFERS] = "differs",
		[REMARK_ABSENT] = "not-in-run",
	};

	return names[kind];
}

bool remark_warns(const struct remark *r)
{
	return r->kind != REMARK_ABSENT;
}

size_t remark_warnings(const struct judgement *j)
{
	size_t count = 0;

	for (size_t i = 0; i < j->remark_count; i++)
		count += remark_warns(&j->remarks[i]);
	return count;
}

/* The cells of one entry. */
struct covered {
	size_t cells, passed, failed;
	const struct cell *passing; /* the first that passed, or NULL */
	const struct cell *differing; /* and that no other entry excuses */
};

static struct covered look_at(const struct judgement *j,
			      const struct expected_entry *e)
{
	struct covered c = { 0 };

	for (size_t i = 0; i < j->cell_count; i++) {
		const struct cell *cell = &j->cells[i];

		if (!covers(e, cell, j->record))
			continue;
		c.cells++;
		c.passed += cell->judged == VERDICT_PASS;
		c.failed += cell->judged == VERDICT_FAIL ||
			    cell->judged == VERDICT_FLAKY;
		if (cell->judged == VERDICT_PASS && !c.passing)
			c.passing = cell;
		if (!c.differing && cell->excuse == EXCUSE_DIFFERS &&
		    excuse_of(e, cell, j->began_us) == EXCUSE_DIFFERS)
			c.differing = cell;
	}
	return c;
}

static bool has_release(const unsigned *list, unsigned count,
			const struct record *r, const char *label)
{
	for (unsigned i = 0; i < count; i++)
		if (!strcmp(r->net.releases[list[i]].label, label))
			return true;
	return false;
}

static const char *absent_text(const struct judgement *j,
			       const struct expected_entry *e,
			       struct arena *arena)
{
	const struct record *r = j->record;

	if (!has_release(j->banks, j->bank_count, r, e->payer))
		return arena_printf(arena, "the run has no bank of release %s",
				    e->payer);
	if (!has_release(j->banks, j->bank_count, r, e->payee))
		return arena_printf(arena, "the run has no bank of release %s",
				    e->payee);
	return arena_printf(arena, "the run has no notary of release %s",
			    e->notary);
}

static const char *expired_text(const struct expected_entry *e,
				const struct covered *c, struct arena *arena)
{
	const char *todo = c->failed ? "repair the cell, or set a later date"
			   : c->passed == c->cells
				   ? "the cell passes: remove the entry"
				   : "set a later date, or remove the entry";
	char day[CLOCK_TEXT];

	return arena_printf(arena, "was valid until %s and excuses nothing; %s",
			    clock_day(day, e->expires_us), todo);
}

static const char *passes_text(const struct judgement *j,
			       const struct covered *c, struct arena *arena)
{
	if (c->passed == c->cells)
		return "passes again; remove the entry";
	return arena_printf(arena,
			    "passes again with %zu of %zu notaries, first %s; "
			    "%s",
			    c->passed, c->cells,
			    j->record->net.releases[c->passing->notary].label,
			    c->failed ? "name a notary with which it fails"
				      : "with the others it was not decided");
}

static const char *differs_text(const struct judgement *j,
				const struct expected_entry *e,
				const struct covered *c, struct arena *arena)
{
	const struct cell *cell = c->differing;
	const char *declared = declared_text(e, arena);

	return declared ? arena_printf(
				  arena,
				  "declares %s, but with notary %s the cell "
				  "has: %s; this failure is not excused",
				  declared,
				  j->record->net.releases[cell->notary].label,
				  cell->judged_reason)
			: NULL;
}

/* Whether there is anything to say, and what. */
static bool find_remark(const struct judgement *j,
			const struct expected_entry *e, struct arena *arena,
			struct remark *ret)
{
	const struct covered c = look_at(j, e);

	ret->entry = e;
	if (!c.cells) {
		ret->kind = REMARK_ABSENT;
		ret->text = absent_text(j, e, arena);
	} else if (expected_expired(e, j->began_us)) {
		ret->kind = REMARK_EXPIRED;
		ret->text = expired_text(e, &c, arena);
	} else if (c.differing) {
		ret->kind = REMARK_DIFFERS;
		ret->text = differs_text(j, e, &c, arena);
	} else if (c.passed && !e->flaky) {
		ret->kind = REMARK_PASSES;
		ret->text = passes_text(j, &c, arena);
	} else {
		return false;
	}
	return true;
}

/* "expected.yaml:7, 4.10 -> 4.0, notary 4.8: …" */
static const char *with_place(const struct remark *r, struct arena *arena)
{
	const struct expected_entry *e = r->entry;

	return r->text ? arena_printf(arena, "%s:%d, %s -> %s, %s%s%s%s: %s",
				      expected_file, expected_line(e), e->payer,
				      e->payee,
				      e->notary ? "notary " : "any notary",
				      e->notary ?: "",
				      e->owner ? ", owner " : "",
				      e->owner ?: "", r->text)
		       : NULL;
}

int excuse_remarks(struct judgement *j, struct arena *arena, struct error *err)
{
	const struct expected *x = &j->record->expected;

	j->remark_count = 0;
	j->remarks = arena_array(arena, x->count + 1, sizeof(*j->remarks));
	if (!j->remarks)
		return error_nomem(err);
	for (size_t i = 0; i < x->count; i++) {
		struct remark *r = &j->remarks[j->remark_count];

		if (!find_remark(j, &x->entries[i], arena, r))
			continue;
		r->text = with_place(r, arena);
		if (!r->text)
			return error_nomem(err);
		j->remark_count++;
	}
	return 0;
}
