/* SPDX-License-Identifier: Apache-2.0 */
/* page.h - the parts of report.html, in the order in which they stand. */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "base/buf.h"
#include "report/judgement.h"

/*
 * The page is one file: nothing fetched, light and dark, whole without its
 * script, which only filters. It is used with the keys and read aloud, too:
 * headings in order, headers of tables with their scope, links with names, and
 * whatever scrolls takes the focus (page_scroll()). Drawings
 * are SVG without a view box, placed in percent, so that they stretch with
 * the page while their text keeps its size.
 */
extern const char page_style[];
extern const char page_script[];

/* Of joined results: the runs. */
void page_sources(struct buf *out, const struct judgement *j);
/* The form that the script works on. */
void page_filter(struct buf *out, const struct judgement *j);
void page_matrix(struct buf *out, const struct judgement *j);
/* Errors of payments, equal ones together. */
void page_errors(struct buf *out, const struct judgement *j);
/* Cells with what went wrong in them; then all others, folded. */
void page_failures(struct buf *out, const struct judgement *j);
void page_others(struct buf *out, const struct judgement *j);
/* Findings without a cell, and notes. */
void page_network(struct buf *out, const struct judgement *j);
void page_notes(struct buf *out, const struct judgement *j);
void page_balances(struct buf *out, const struct judgement *j);
void page_numbers(struct buf *out, const struct judgement *j);
void page_latency(struct buf *out, const struct judgement *j);
void page_time(struct buf *out, const struct judgement *j);
void page_phases(struct buf *out, const struct judgement *j);

/* "pass" …: the class that gives a verdict its colour. */
static inline const char *verdict_class(enum verdict v)
{
	static const char *const classes[VERDICTS] = {
		[VERDICT_PASS] = "good",       [VERDICT_FAIL] = "bad",
		[VERDICT_FLAKY] = "doubt",     [VERDICT_UNDECIDED] = "doubt",
		[VERDICT_UNSUPPORTED] = "off", [VERDICT_NOT_RUN] = "off",
		[VERDICT_KNOWN] = "off",
	};

	return classes[v];
}

/* A release's label; a long one may break after its "+". */
void page_label(struct buf *out, const char *text);
/* "<b>4.10</b> → <b>4.0</b>" */
void page_way(struct buf *out, const struct judgement *j,
	      const struct cell *cell);

/* Begins the frame of a table that may be wider than the page; </div> ends
 * it. */
void page_scroll(struct buf *out, const char *name);
/* The id of a cell's part of the page, "4.10:4.0:4.8"; a link to it, with the
 * cell as its text; and the attribute of what is shown with this part, when the
 * page is filtered. */
void page_cell_id(struct buf *out, const struct judgement *j,
		  const struct cell *cell);
void page_cell_link(struct buf *out, const struct judgement *j,
		    const struct cell *cell);
void page_for_cell(struct buf *out, const struct judgement *j,
		   const struct cell *cell);

/* What there is to say of a finding; of the first payment of a cell that
 * failed. */
void page_finding(struct buf *out, const struct judgement *j,
		  const struct placed_finding *p);
void page_payment(struct buf *out, const struct judgement *j,
		  const struct cell *cell);

/* The text of an axis that goes to `whole`, a mark each `step`: that at `at`,
 * microseconds all. */
void page_mark(struct buf *out, int64_t at, int64_t step, int64_t whole, int y);

#endif
