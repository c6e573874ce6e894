/* SPDX-License-Identifier: Apache-2.0 */
/* baseline_lines.h - a comparison with an earlier run as lines for people, the
 * same on a terminal, in matrix.md and in report.html. */
#ifndef REPORT_BASELINE_LINES_H
#define REPORT_BASELINE_LINES_H

#include "base/buf.h"
#include "report/baseline.h"
#include "report/report.h"

enum line_tone { TONE_BAD, TONE_DOUBT, TONE_GOOD, TONE_PLAIN };

/* All three texts are safe to print on one line of a terminal (base/plain.h).
 */
struct baseline_line {
	enum line_tone tone;
	const char *word; /* "new failure", "slower", "release" */
	const char *subject; /* "4.10 -> 4.0 (notary 4.8)" */
	const char *detail; /* "was pass, is fail" */
};

typedef void baseline_line_fn(const struct baseline_line *line, void *ctx);

/* Calls fn for each line, but at most `most` lines of each word; one more line
 * of this word counts the lines that are left out. A lack of memory is recorded
 * in `out`. Returns the number of lines. */
size_t baseline_lines(const struct baseline *b, size_t most,
		      baseline_line_fn *fn, void *ctx, struct buf *out);
/* "1 new failure, 2 still failing, 1 slower"; "no differences" */
void baseline_summary(const struct baseline *b, struct buf *out);
/* One sentence about how times were compared, or why they were not. */
void baseline_times_line(const struct baseline *b, struct buf *out);

/* Add the comparison to each output; add nothing if there is none. */
void baseline_text(struct buf *out, const struct baseline *b,
		   const struct text_look *look);
void baseline_markdown(struct buf *out, const struct baseline *b);
void baseline_page(struct buf *out, const struct baseline *b);

#endif
