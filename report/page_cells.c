/* SPDX-License-Identifier: Apache-2.0 */
/* page_cells.c - report.html: numbers and times of each cell. */
#include "report/page.h"

#include "report/outputs.h"
#include "report/words.h"
#include "stats/timeline.h"

enum { DOTS_MAX = 80, TICKS_MAX = 6 };

static void duration_td(struct buf *out, const struct summary *s, int64_t us)
{
	buf_add_str(out, "<td class=\"n\">");
	if (s->count)
		write_duration(out, us);
	else
		buf_add_str(out, "–");
	buf_add_str(out, "</td>");
}

static void number_td(struct buf *out, size_t n)
{
	buf_addf(out, "<td class=\"n%s\">%zu</td>", n ? "" : " zero", n);
}

static void number_row(struct buf *out, const struct judgement *j,
		       const struct cell *cell)
{
	const struct counts *t = &cell->score.counts;
	const struct summary *s = &cell->service;
	const struct summary *late = &cell->latency;

	buf_add_str(out, "<tr");
	page_for_cell(out, j, cell);
	buf_add_str(out, "><th scope=\"row\">");
	page_cell_link(out, j, cell);
	buf_add_str(out, "</th><td>");
	write_xml(out, j->record->net.releases[cell->notary].label);
	buf_addf(out, "</td><td class=\"verdict %s\">%s %s</td>",
		 verdict_class(cell->verdict), verdict_glyph(cell->verdict),
		 verdict_name(cell->verdict));
	number_td(out, t->payments);
	buf_addf(out, "<td class=\"n%s\">%zu</td>",
		 t->settled < t->payments ? " bad" : "", t->settled);
	number_td(out, t->ok);
	number_td(out, t->fail);
	number_td(out, t->unknown);
	duration_td(out, s, s->p50);
	duration_td(out, s, s->p95);
	duration_td(out, s, s->p99);
	duration_td(out, s, s->max);
	duration_td(out, late, late->p50);
	duration_td(out, late, late->p99);
	buf_add_str(out, "</tr>\n");
}

void page_numbers(struct buf *out, const struct judgement *j)
{
	buf_add_str(out,
		    "<section id=\"numbers\"><h2>Numbers of each cell</h2>\n");
	page_scroll(out, "numbers of each cell");
	buf_add_str(
		out,
		"<table class=\"numbers\"><thead><tr>"
		"<th scope=\"col\">payer → payee</th><th "
		"scope=\"col\">notary</th><th scope=\"col\">verdict</th>"
		"<th scope=\"col\" class=\"n\">payments</th><th scope=\"col\" "
		"class=\"n\">settled</th>"
		"<th scope=\"col\" class=\"n\">ok</th><th scope=\"col\" "
		"class=\"n\">fail</th>"
		"<th scope=\"col\" class=\"n\">unknown</th>"
		"<th scope=\"col\" class=\"n\">service p50</th>"
		"<th scope=\"col\" class=\"n\">p95</th><th scope=\"col\" "
		"class=\"n\">p99</th>"
		"<th scope=\"col\" class=\"n\">max</th>"
		"<th scope=\"col\" class=\"n\">latency p50</th>"
		"<th scope=\"col\" class=\"n\">p99</th></tr></thead><tbody>\n");
	for (size_t i = 0; i < j->cell_count; i++)
		if (j->cells[i].score.counts.payments)
			number_row(out, j, &j->cells[i]);
	buf_add_str(out, "</tbody></table></div>\n<p class=\"lead\">Times are "
			 "those of payments with the answer ok. Cells without "
			 "payments are not listed.</p></section>\n");
}

static double percent(int64_t us, int64_t scale)
{
	return 100.0 * (double)us / (double)scale;
}

/* Many times are thinned to evenly spaced ranks, both ends kept. */
static void dots(struct buf *out, const struct cell *cell, int64_t scale)
{
	const struct histogram *times = &cell->score.service;
	uint64_t count = times->count;
	uint64_t shown = count < DOTS_MAX ? count : DOTS_MAX;

	for (uint64_t i = 0; i < shown; i++) {
		uint64_t at = shown > 1 ? i * (count - 1) / (shown - 1) : 0;

		buf_addf(out, "<circle cx=\"%.2f%%\" cy=\"12\" r=\"4\"/>",
			 percent(histogram_rank(times, at + 1), scale));
	}
}

static void strip(struct buf *out, const struct judgement *j,
		  const struct cell *cell, int64_t scale)
{
	const struct summary *s = &cell->service;

	buf_add_str(out, "<div class=\"strip\"");
	page_for_cell(out, j, cell);
	buf_add_str(out, "><div class=\"what\">");
	page_cell_link(out, j, cell);
	if (j->notary_count > 1) {
		buf_add_str(out, " <small>");
		write_xml(out, j->record->net.releases[cell->notary].label);
		buf_add_str(out, "</small>");
	}
	buf_addf(out,
		 "</div><svg class=\"%s\" width=\"100%%\" height=\"24\" "
		 "role=\"img\" aria-label=\"service times\">"
		 "<line class=\"base\" x1=\"0\" x2=\"100%%\" y1=\"12\" "
		 "y2=\"12\"/><line class=\"range\" x1=\"%.2f%%\" "
		 "x2=\"%.2f%%\" y1=\"12\" y2=\"12\"/>",
		 verdict_class(cell->verdict), percent(s->min, scale),
		 percent(s->max, scale));
	dots(out, cell, scale);
	buf_addf(out,
		 "<line class=\"p50\" x1=\"%.2f%%\" x2=\"%.2f%%\" y1=\"2\" "
		 "y2=\"22\"/><line class=\"p95\" x1=\"%.2f%%\" x2=\"%.2f%%\" "
		 "y1=\"5\" y2=\"19\"/></svg><div class=\"value\">",
		 percent(s->p50, scale), percent(s->p50, scale),
		 percent(s->p95, scale), percent(s->p95, scale));
	write_duration(out, s->p50);
	buf_add_str(out, " <small>p95 ");
	write_duration(out, s->p95);
	buf_add_str(out, "</small></div></div>\n");
}

static void axis(struct buf *out, int64_t scale)
{
	int64_t step = round_step(scale / TICKS_MAX);

	buf_add_str(out, "<div class=\"strip axis\"><div></div><svg "
			 "width=\"100%\" height=\"20\" aria-hidden=\"true\">");
	for (int64_t at = 0; at <= scale; at += step) {
		buf_addf(out,
			 "<line class=\"base\" x1=\"%.2f%%\" x2=\"%.2f%%\" "
			 "y1=\"0\" y2=\"4\"/>",
			 percent(at, scale), percent(at, scale));
		page_mark(out, at, step, scale, 16);
	}
	buf_add_str(out, "</svg><div></div></div>\n");
}

void page_latency(struct buf *out, const struct judgement *j)
{
	int64_t longest = 0, step, scale;

	for (size_t i = 0; i < j->cell_count; i++)
		if (j->cells[i].service.max > longest)
			longest = j->cells[i].service.max;
	if (!longest)
		return;
	/* Up to the next half step, so that the last dot stands inside. */
	step = round_step(longest / TICKS_MAX) / 2 + 1;
	scale = (longest / step + 1) * step;
	buf_add_str(out,
		    "<section id=\"service\"><h2>Service time</h2>\n<p "
		    "class=\"lead\">Each "
		    "dot is a payment; the long mark is the median (p50), "
		    "the short mark is p95.</p>\n<div class=\"strips\">\n");
	for (size_t i = 0; i < j->cell_count; i++)
		if (j->cells[i].service.count)
			strip(out, j, &j->cells[i], scale);
	axis(out, scale);
	buf_add_str(out, "</div></section>\n");
}
