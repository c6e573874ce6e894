/* SPDX-License-Identifier: Apache-2.0 */
/* rules.c - the verdict of a cell: that of the first rule which holds. */
#include "report/rules.h"

#include "report/excuse.h"

/* ---- declared in expected.yaml ---- */

static bool is_unsupported(const struct cell_facts *f)
{
	return f->cell->entry && f->cell->entry->kind == EXPECTED_UNSUPPORTED &&
	       (f->cell->excuse == EXCUSE_HOLDS ||
		f->cell->excuse == EXCUSE_PASSES);
}

static bool is_known(const struct cell_facts *f)
{
	return f->cell->entry && f->cell->entry->kind == EXPECTED_KNOWN &&
	       f->cell->excuse == EXCUSE_HOLDS;
}

static const char *why_declared(const struct cell_facts *f)
{
	const struct expected_entry *e = f->cell->entry;
	const char *details = excuse_details(e, f->arena);

	if (!details)
		return NULL;
	return arena_printf(
		f->arena, "%s%s%s",
		f->cell->excuse == EXCUSE_PASSES ? "unexpected pass: " : "",
		e->reason, details);
}

/* ---- fail ---- */

static bool has_findings(const struct cell_facts *f)
{
	return f->cell->finding_count > 0;
}

static const char *why_findings(const struct cell_facts *f)
{
	const char *name = finding_name(f->cell->findings[0]->finding->kind);

	if (f->cell->finding_payments)
		return arena_printf(f->arena, "%s, %zu of %zu payments", name,
				    f->cell->finding_payments, f->n->payments);
	return arena_printf(f->arena, "%s, %zu finding%s", name,
			    f->cell->finding_count,
			    f->cell->finding_count == 1 ? "" : "s");
}

static bool has_lost(const struct cell_facts *f)
{
	return f->n->lost > 0;
}

static const char *why_lost(const struct cell_facts *f)
{
	return arena_printf(f->arena,
			    "%zu of %zu payments were answered ok, but are not "
			    "in the payee's database",
			    f->n->lost, f->n->payments);
}

/* Payments that failed by what releases do. */
static size_t failures(const struct cell_facts *f)
{
	return f->n->failed - f->n->refused -
	       (f->cell->starved ? f->n->timeouts : 0);
}

static bool has_failed(const struct cell_facts *f)
{
	return failures(f) > 0;
}

/* The first error that a failed payment's node gave. */
static const char *first_error(const struct cell_facts *f)
{
	const struct operation *op = f->cell->first_failed;

	if (!op)
		return "";
	if (op->error_text)
		return op->error_text;
	return op->outcome == OUTCOME_UNKNOWN ? "no answer" : "";
}

static const char *why_failed(const struct cell_facts *f)
{
	const char *error = first_error(f);

	return arena_printf(f->arena, "%zu of %zu payments failed%s%s",
			    failures(f), f->n->payments, *error ? ": " : "",
			    error);
}

/* ---- not run ---- */

static bool has_no_payments(const struct cell_facts *f)
{
	return f->n->payments == 0;
}

/* By cell_absence(). */
static const char *why_no_payments(const struct cell_facts *f)
{
	return f->cell->reason;
}

/* ---- undecided, flaky ---- */

static bool has_unchecked(const struct cell_facts *f)
{
	return f->n->unchecked > 0;
}

static const char *why_unchecked(const struct cell_facts *f)
{
	return arena_printf(f->arena, "%zu of %zu payments were not checked",
			    f->n->unchecked, f->n->payments);
}

static bool has_unsettled(const struct cell_facts *f)
{
	return f->n->unsettled > 0;
}

static const char *why_unsettled(const struct cell_facts *f)
{
	return arena_printf(f->arena,
			    "%zu of %zu payments had not ended when medley "
			    "read the vaults",
			    f->n->unsettled, f->n->payments);
}

static bool is_starved(const struct cell_facts *f)
{
	return f->cell->starved != NULL;
}

static const char *why_starved(const struct cell_facts *f)
{
	return arena_printf(f->arena,
			    "%zu of %zu payments got no answer from nodes that "
			    "had too little CPU: %s",
			    f->n->timeouts, f->n->payments, f->cell->starved);
}

static bool has_refused(const struct cell_facts *f)
{
	return f->n->refused > 0;
}

static const char *why_refused(const struct cell_facts *f)
{
	return arena_printf(f->arena,
			    "%zu of %zu payments were refused, later ones "
			    "settled",
			    f->n->refused, f->n->payments);
}

static bool is_below_gate(const struct cell_facts *f)
{
	return f->n->settled < f->gate;
}

static const char *why_below_gate(const struct cell_facts *f)
{
	return arena_printf(f->arena,
			    "%zu of %zu payments settled, the gate is %zu",
			    f->n->settled, f->n->payments, f->gate);
}

/* ---- pass ---- */

static bool always(const struct cell_facts *f)
{
	(void)f;
	return true;
}

static const char *no_reason(const struct cell_facts *f)
{
	(void)f;
	return "";
}

/* The table of docs/verdicts.md. */
const struct rule rules[RULES] = {
	{ VERDICT_UNSUPPORTED, is_unsupported, why_declared },
	{ VERDICT_KNOWN, is_known, why_declared },
	{ VERDICT_FAIL, has_findings, why_findings },
	{ VERDICT_FAIL, has_lost, why_lost },
	{ VERDICT_FAIL, has_failed, why_failed },
	{ VERDICT_NOT_RUN, has_no_payments, why_no_payments },
	{ VERDICT_UNDECIDED, has_unchecked, why_unchecked },
	{ VERDICT_UNDECIDED, has_unsettled, why_unsettled },
	{ VERDICT_UNDECIDED, is_starved, why_starved },
	{ VERDICT_FLAKY, has_refused, why_refused },
	{ VERDICT_UNDECIDED, is_below_gate, why_below_gate },
	{ VERDICT_PASS, always, no_reason },
};

struct cell_facts cell_facts(const struct cell *cell,
			     const struct record *record, struct arena *arena)
{
	int gate = record->net.settled_gate;

	return (struct cell_facts){
		.cell = cell,
		.n = &cell->score.counts,
		.gate = gate > 1 ? (size_t)gate : 1,
		.arena = arena,
	};
}

const struct rule *rule_find(unsigned first, const struct cell_facts *f)
{
	const struct rule *rule = &rules[first];

	while (!rule->holds(f))
		rule++;
	return rule;
}

/* Without expected.yaml. */
static int judge_cell(struct cell *cell, const struct cell_facts *f,
		      struct error *err)
{
	const struct rule *rule = rule_find(DECLARED_RULES, f);
	const char *reason = rule->why(f);

	if (!reason)
		return error_nomem(err);
	cell->judged = rule->verdict;
	cell->judged_reason = *reason ? reason : NULL;
	return 0;
}

/* Of a cell that no declaration excuses: its own, and why its entry does not
 * excuse it. */
static const char *own_reason(const struct cell *cell, struct arena *arena)
{
	const char *refused = excuse_refused(cell, arena);

	if (!refused)
		return NULL;
	if (!*refused)
		return cell->judged_reason ?: "";
	return arena_printf(arena, "%s%s", cell->judged_reason ?: "", refused);
}

/* A cell that has a valid entry need not pass, nor be decided. A failure that
 * the entry does not declare is one like any other. */
static bool is_required(const struct cell *cell)
{
	if (cell->verdict == VERDICT_UNSUPPORTED ||
	    cell->verdict == VERDICT_KNOWN || cell->excuse == EXCUSE_OPEN)
		return false;
	return cell->judged != VERDICT_NOT_RUN ||
	       cell->absence != ABSENT_ONE_BANK;
}

/* In how many runs in a row the cell had passed when this one began; as many as
 * are needed if that is not known: a file that is lost excuses nothing. */
static int64_t stable_runs(const struct cell *cell, const struct record *record)
{
	const struct release *releases = record->net.releases;

	if (!record->stable.known)
		return record->net.stable_gate;
	return stable_runs_of(&record->stable, releases[cell->payer].label,
			      releases[cell->payee].label,
			      releases[cell->notary].label);
}

/* A cell that is new, or was not stable, is not required yet. */
static int require_stable(struct cell *cell, const struct record *record,
			  struct arena *arena, struct error *err)
{
	const int64_t runs = stable_runs(cell, record);

	if (runs >= record->net.stable_gate || !cell->required)
		return 0;
	cell->required = false;
	cell->reason = arena_printf(arena,
				    "%s%snot required before it has passed in "
				    "%d runs in a row (%lld so far)",
				    cell->reason ? cell->reason : "",
				    cell->reason ? "; " : "",
				    record->net.stable_gate, (long long)runs);
	return cell->reason ? 0 : error_nomem(err);
}

int cell_decide(struct cell *cell, const struct record *record,
		int64_t began_us, struct arena *arena, struct error *err)
{
	struct cell_facts f = cell_facts(cell, record, arena);
	const struct rule *rule;
	const char *reason;

	if (judge_cell(cell, &f, err) < 0)
		return -1;
	excuse_cell(cell, record, began_us);
	rule = rule_find(0, &f);
	reason = rule < rules + DECLARED_RULES ? rule->why(&f)
					       : own_reason(cell, arena);
	if (!reason)
		return error_nomem(err);
	cell->verdict = rule->verdict;
	cell->reason = *reason ? reason : NULL;
	cell->required = is_required(cell);
	return require_stable(cell, record, arena, err);
}
