/* SPDX-License-Identifier: Apache-2.0 */
/* baseline_outputs.c - a comparison with an earlier run on a terminal, in
 * matrix.md and in report.html. */
#include "report/baseline_lines.h"

#include "base/cleanup.h"
#include "base/plain.h"
#include "base/wrap.h"
#include "report/grid.h"
#include "report/outputs.h"
#include "report/page.h"

enum {
	TEXT_LINES = 12,
	MD_LINES = 50,
	PAGE_LINES = 500,
	WORD_WIDTH = 13,
	INDENT = 2 + WORD_WIDTH + 2,
	PART_MAX = 64 * 1024
};

/* ---- a terminal ---- */

struct text_part {
	struct buf *out;
	const struct text_look *look;
};

static void text_line(const struct baseline_line *line, void *ctx)
{
	static const enum ink inks[] = {
		[TONE_BAD] = INK_BAD,
		[TONE_DOUBT] = INK_DOUBT,
		[TONE_GOOD] = INK_GOOD,
		[TONE_PLAIN] = INK_PLAIN,
	};
	const struct text_part *t = ctx;
	cleanup(buf_release) struct buf text = BUF_PART(t->out, 3 * PART_MAX);

	buf_add_str(t->out, "  ");
	ink(t->out, t->look->colour, inks[line->tone]);
	buf_add_str(t->out, line->word);
	ink(t->out, t->look->colour, INK_PLAIN);
	buf_addf(t->out, "%*s", (int)(INDENT - 2 - text_columns(line->word)),
		 "");
	buf_addf(&text, "%s%s%s", line->subject, *line->detail ? ": " : "",
		 line->detail);
	write_wrapped(t->out, buf_text(&text), INDENT, INDENT, t->look->width);
}

void baseline_text(struct buf *out, const struct baseline *b,
		   const struct text_look *look)
{
	struct text_part part = { out, look };
	cleanup(buf_release) struct buf times = BUF_PART(out, PART_MAX);
	cleanup(buf_release) struct buf head = BUF_PART(out, PART_MAX);

	if (!b)
		return;
	buf_add_str(&head, "against run ");
	plain_line(&head, b->was->run);
	buf_add_str(&head, " (");
	plain_line(&head, b->was->answer);
	buf_add_str(&head, "): ");
	baseline_summary(b, &head);
	write_wrapped(out, buf_text(&head), 0, 2, look->width);
	baseline_lines(b, TEXT_LINES, text_line, &part, out);
	baseline_times_line(b, &times);
	buf_add_str(out, "  ");
	write_wrapped(out, buf_text(&times), 2, 2, look->width);
	buf_add_u8(out, '\n');
}

/* ---- matrix.md ---- */

static void md_line(const struct baseline_line *line, void *ctx)
{
	struct buf *out = ctx;

	buf_addf(out, "| %s | ", line->word);
	write_md(out, line->subject);
	buf_add_str(out, " | ");
	write_md(out, line->detail);
	buf_add_str(out, " |\n");
}

void baseline_markdown(struct buf *out, const struct baseline *b)
{
	cleanup(buf_release) struct buf rows = BUF_PART(out, out->max);
	cleanup(buf_release) struct buf times = BUF_PART(out, PART_MAX);

	if (!b)
		return;
	buf_add_str(out, "\n## Against run ");
	write_md(out, b->was->run);
	buf_add_str(out, "\n\n");
	baseline_summary(b, out);
	buf_add_u8(out, '\n');
	if (baseline_lines(b, MD_LINES, md_line, &rows, out))
		buf_addf(out,
			 "\n| change | where | what |\n| --- | --- | --- |\n"
			 "%s",
			 buf_text(&rows));
	baseline_times_line(b, &times);
	buf_add_u8(out, '\n');
	write_md(out, buf_text(&times));
	buf_add_u8(out, '\n');
}

/* ---- report.html ---- */

static void page_line(const struct baseline_line *line, void *ctx)
{
	static const char *const classes[] = {
		[TONE_BAD] = "bad",
		[TONE_DOUBT] = "doubt",
		[TONE_GOOD] = "good",
		[TONE_PLAIN] = "off",
	};
	struct buf *out = ctx;

	buf_addf(out, "<tr><th scope=\"row\" class=\"change %s\">%s</th><td>",
		 classes[line->tone], line->word);
	write_xml(out, line->subject);
	buf_add_str(out, "</td><td class=\"wide\">");
	write_xml(out, line->detail);
	buf_add_str(out, "</td></tr>\n");
}

void baseline_page(struct buf *out, const struct baseline *b)
{
	cleanup(buf_release) struct buf rows = BUF_PART(out, out->max);
	cleanup(buf_release) struct buf times = BUF_PART(out, PART_MAX);

	if (!b)
		return;
	baseline_times_line(b, &times);
	buf_add_str(out, "<section id=\"against\"><h2>Against run ");
	write_xml(out, b->was->run);
	buf_add_str(out, "</h2>\n<p>");
	baseline_summary(b, out);
	buf_add_str(out, ".</p>\n<p class=\"lead\">");
	write_xml(out, buf_text(&times));
	buf_add_str(out, "</p>\n");
	if (baseline_lines(b, PAGE_LINES, page_line, &rows, out)) {
		page_scroll(out, "differences");
		buf_addf(out,
			 "<table><thead><tr>"
			 "<th scope=\"col\">change</th><th "
			 "scope=\"col\">where</th><th "
			 "scope=\"col\">what</th></tr>"
			 "</thead><tbody>\n%s</tbody></table></div>\n",
			 buf_text(&rows));
	}
	buf_add_str(out, "</section>\n");
}
