/* SPDX-License-Identifier: Apache-2.0 */
/* page_cell.c - report.html: a part for each cell, to which the matrix leads.
 */
#include "report/page.h"

#include <string.h>

#include "report/baseline.h"
#include "report/excuse.h"
#include "report/outputs.h"
#include "report/words.h"
#include "sys/clock.h"

/* Cells after these are shown without the evidence of their findings. */
enum { CARDS_MAX = 60, ROWS_MAX = 20, TEXT_MAX = 65536 };

/* ---- numbers ---- */

static void number(struct buf *out, const char *name, size_t n)
{
	buf_addf(out, "<div><dt>%s</dt><dd>%zu</dd></div>", name, n);
}

static void more_than_none(struct buf *out, const char *name, size_t n)
{
	if (n)
		number(out, name, n);
}

static void times(struct buf *out, const char *name, const struct summary *s)
{
	if (!s->count)
		return;
	buf_addf(out, "<div><dt>%s p50 / p95 / max</dt><dd>", name);
	write_duration(out, s->p50);
	buf_add_str(out, " / ");
	write_duration(out, s->p95);
	buf_add_str(out, " / ");
	write_duration(out, s->max);
	buf_add_str(out, "</dd></div>");
}

static void numbers(struct buf *out, const struct cell *cell)
{
	const struct counts *t = &cell->score.counts;

	if (!t->payments)
		return;
	buf_add_str(out, "<dl class=\"counts\">");
	number(out, "payments", t->payments);
	number(out, "settled", t->settled);
	number(out, "ok", t->ok);
	more_than_none(out, "fail", t->fail);
	more_than_none(out, "unknown", t->unknown);
	more_than_none(out, "ok, not settled", t->lost);
	more_than_none(out, "refused", t->refused);
	more_than_none(out, "not checked", t->unchecked);
	more_than_none(out, "flow still ran", t->unsettled);
	times(out, "service", &cell->service);
	times(out, "latency", &cell->latency);
	buf_add_str(out, "</dl>\n");
}

/* ---- an earlier run ---- */

static bool same_cell(const struct compared_cell *c, const struct judgement *j,
		      const struct cell *cell)
{
	const struct release *r = j->record->net.releases;

	return !strcmp(c->payer, r[cell->payer].label) &&
	       !strcmp(c->payee, r[cell->payee].label) &&
	       !strcmp(c->notary, r[cell->notary].label);
}

static const struct compared_cell *compared(const struct judgement *j,
					    const struct cell *cell)
{
	for (size_t i = 0; j->against && i < j->against->cell_count; i++)
		if (same_cell(&j->against->cells[i], j, cell))
			return &j->against->cells[i];
	return NULL;
}

static bool is_new(const struct compared_cell *c)
{
	return c && (c->change == CELL_NEW_FAILURE ||
		     c->change == CELL_NEWLY_FLAKY || c->change == CELL_LOST);
}

static void earlier(struct buf *out, const struct judgement *j,
		    const struct compared_cell *c)
{
	if (!c || !c->was || !c->is)
		return;
	buf_add_str(out, "<p>In run ");
	write_xml(out, j->against->was->run);
	buf_add_str(out, " it was <b>");
	write_xml(out, c->was->verdict);
	buf_add_str(out, "</b>");
	if (c->was_p50 && c->is_p50) {
		buf_add_str(out, ", with a median service time of ");
		write_duration(out, c->was_p50);
		buf_add_str(out, "; now it is ");
		write_duration(out, c->is_p50);
		if (c->paced.pace == PACE_SLOWER ||
		    c->paced.pace == PACE_FASTER)
			buf_addf(out, ", %s by more than the noise",
				 pace_word(c->paced.pace));
	}
	buf_add_str(out, ".</p>\n");
}

/* ---- payments that failed ---- */

static void text_cell(struct buf *out, const char *class, const char *text)
{
	buf_addf(out, "<td%s>", class);
	write_xml(out, text ? text : "–");
	buf_add_str(out, "</td>");
}

static void failed_row(struct buf *out, const struct operation *op)
{
	cleanup(buf_release) struct buf text = BUF_PART(out, TEXT_MAX);

	buf_addf(out, "<tr><th scope=\"row\">%llu</th><td>",
		 (unsigned long long)op->id);
	write_time(out, op->sent_us ? op->sent_us : op->intended_us);
	buf_add_str(out, "</td>");
	text_cell(out, "", op->payer);
	text_cell(out, "", op->payee);
	text_cell(out, "", op_outcome_word(op->outcome));
	if (op->error_class)
		plain_line(&text, op->error_class);
	if (op->error_class && op->error_text)
		buf_add_str(&text, ": ");
	if (op->error_text)
		plain_line(&text, op->error_text);
	text_cell(out, " class=\"wide\"", text.len ? buf_text(&text) : NULL);
	text_cell(out, " class=\"hash\"", op->tx);
	buf_add_str(out, "</tr>\n");
}

static void failed_payments(struct buf *out, const struct cell *cell)
{
	const struct example *examples[EXAMPLES_MAX];
	const size_t count = score_examples(&cell->score, examples);

	if (!count)
		return;
	buf_add_str(out, "<h4>The first payments that failed</h4>\n");
	page_scroll(out, "payments that failed");
	buf_add_str(out, "<table class=\"evidence\"><thead><tr>"
			 "<th scope=\"col\">payment</th>"
			 "<th scope=\"col\">sent, UTC</th>"
			 "<th scope=\"col\">payer</th>"
			 "<th scope=\"col\">payee</th>"
			 "<th scope=\"col\">answer</th>"
			 "<th scope=\"col\">error</th>"
			 "<th scope=\"col\">transaction</th></tr></thead>"
			 "<tbody>\n");
	for (size_t i = 0; i < count; i++)
		failed_row(out, &examples[i]->op);
	buf_add_str(out, "</tbody></table></div>\n");
}

/* ---- expected.yaml ---- */

/* A text that is an address becomes a link; others stay texts. */
static void issue_link(struct buf *out, const char *issue)
{
	const bool link =
		!strncmp(issue, "https://", 8) || !strncmp(issue, "http://", 7);

	buf_add_str(out, ", issue ");
	if (link) {
		buf_add_str(out, "<a rel=\"noreferrer\" href=\"");
		write_xml(out, issue);
		buf_add_str(out, "\">");
	}
	write_xml(out, issue);
	if (link)
		buf_add_str(out, "</a>");
}

/* What expected.yaml says of the cell. */
static void entry_line(struct buf *out, const struct cell *cell)
{
	const struct expected_entry *e = cell->entry;
	char day[CLOCK_TEXT];

	if (!e)
		return;
	buf_addf(out, "<p>expected.yaml:%d, %s, %s", expected_line(e),
		 expected_word(e->kind), excuse_name(cell->excuse));
	if (e->owner) {
		buf_add_str(out, ", owner ");
		write_xml(out, e->owner);
	}
	if (e->expires_us)
		buf_addf(out, ", valid until %s",
			 clock_day(day, e->expires_us));
	if (e->issue)
		issue_link(out, e->issue);
	buf_add_str(out, ": ");
	write_xml(out, e->reason);
	buf_add_str(out, "</p>\n");
}

/* ---- cells ---- */

static void heading(struct buf *out, const struct judgement *j,
		    const struct cell *cell)
{
	buf_addf(out, "<h3><span aria-hidden=\"true\">%s</span> ",
		 verdict_glyph(cell->verdict));
	page_way(out, j, cell);
	buf_add_str(out, " <span class=\"by\">notary ");
	write_xml(out, j->record->net.releases[cell->notary].label);
	buf_add_str(out, "</span></h3>");
}

static void begin(struct buf *out, const struct judgement *j,
		  const struct cell *cell, const char *class)
{
	buf_addf(out, "<article class=\"%s %s\" id=\"", class,
		 verdict_class(cell->verdict));
	page_cell_id(out, j, cell);
	buf_addf(out, "\" tabindex=\"-1\" data-verdict=\"%s\"%s>",
		 verdict_name(cell->verdict),
		 is_new(compared(j, cell)) ? " data-new" : "");
}

static void reason(struct buf *out, const struct cell *cell)
{
	const char *text = cell->verdict == cell->judged ? cell->reason
							 : cell->judged_reason;

	buf_addf(out, "<p class=\"reason\"><b>%s</b>%s",
		 verdict_name(cell->verdict), text ? ": " : "");
	write_xml(out, text ? text : "");
	buf_add_str(out, "</p>\n");
}

/* The cell's other findings, folded away. */
static void more_findings(struct buf *out, const struct judgement *j,
			  const struct cell *cell)
{
	size_t shown =
		cell->finding_count < ROWS_MAX ? cell->finding_count : ROWS_MAX;

	if (cell->finding_count < 2)
		return;
	buf_addf(out, "<details><summary>%zu more findings</summary>\n",
		 cell->finding_count - 1);
	for (size_t i = 1; i < shown; i++) {
		buf_addf(out, "<h4>%s</h4>\n",
			 finding_name(cell->findings[i]->finding->kind));
		page_finding(out, j, cell->findings[i]);
	}
	if (shown < cell->finding_count)
		buf_addf(out, "<p>%zu more are in results.json.</p>\n",
			 cell->finding_count - shown);
	buf_add_str(out, "</details>\n");
}

static void evidence(struct buf *out, const struct judgement *j,
		     const struct cell *cell)
{
	if (cell->finding_count) {
		page_finding(out, j, cell->findings[0]);
		more_findings(out, j, cell);
	} else if (cell->first_failed) {
		page_payment(out, j, cell);
	}
}

static void cell_card(struct buf *out, const struct judgement *j,
		      const struct cell *cell, bool whole)
{
	begin(out, j, cell, "card");
	heading(out, j, cell);
	reason(out, cell);
	earlier(out, j, compared(j, cell));
	entry_line(out, cell);
	numbers(out, cell);
	if (whole) {
		evidence(out, j, cell);
		failed_payments(out, cell);
	} else {
		buf_add_str(out, "<p>The evidence is in results.json.</p>\n");
	}
	buf_add_str(out, "</article>\n");
}

/* Failed cells, and others in which money or a payment went astray. */
static bool has_card(const struct cell *cell)
{
	return cell->judged == VERDICT_FAIL ||
	       (cell->judged == VERDICT_FLAKY &&
		(cell->first_failed || cell->finding_count));
}

void page_failures(struct buf *out, const struct judgement *j)
{
	size_t n = 0;

	for (size_t i = 0; i < j->cell_count; i++) {
		if (!has_card(&j->cells[i]))
			continue;
		if (!n++)
			buf_add_str(out, "<section id=\"wrong\"><h2>What went "
					 "wrong</h2>\n");
		cell_card(out, j, &j->cells[i], n <= CARDS_MAX);
	}
	if (n)
		buf_add_str(out, "</section>\n");
}

static void folded(struct buf *out, const struct judgement *j,
		   const struct cell *cell)
{
	const struct counts *t = &cell->score.counts;

	begin(out, j, cell, "cell");
	buf_add_str(out, "<details><summary>");
	heading(out, j, cell);
	buf_addf(out, " <span class=\"verdict\">%s</span>",
		 verdict_name(cell->verdict));
	if (t->payments)
		buf_addf(out, " <small>%zu of %zu settled</small>", t->settled,
			 t->payments);
	buf_add_str(out, "</summary>\n");
	reason(out, cell);
	earlier(out, j, compared(j, cell));
	entry_line(out, cell);
	numbers(out, cell);
	failed_payments(out, cell);
	buf_add_str(out, "</details></article>\n");
}

void page_others(struct buf *out, const struct judgement *j)
{
	size_t n = 0;

	for (size_t i = 0; i < j->cell_count; i++) {
		if (has_card(&j->cells[i]))
			continue;
		if (!n++)
			buf_add_str(out, "<section id=\"others\"><h2>Other "
					 "cells</h2>\n");
		folded(out, j, &j->cells[i]);
	}
	if (n)
		buf_add_str(out, "</section>\n");
}
