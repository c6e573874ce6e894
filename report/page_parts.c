/* SPDX-License-Identifier: Apache-2.0 */
/* page_parts.c - what several parts of the page have in common. */
#include "report/page.h"

#include <ctype.h>
#include <string.h>

#include "base/cleanup.h"
#include "report/outputs.h"
#include "report/words.h"

void page_label(struct buf *out, const char *text)
{
	const char *plus = strchr(text, '+');
	cleanup(buf_release) struct buf head = BUF_PART(out, 4096);

	if (!plus) {
		write_xml(out, text);
		return;
	}
	buf_add(&head, text, (size_t)(plus - text) + 1);
	buf_add_str(out, "<span>");
	write_xml(out, buf_text(&head));
	buf_add_str(out, "</span><wbr><span>");
	write_xml(out, plus + 1);
	buf_add_str(out, "</span>");
}

void page_way(struct buf *out, const struct judgement *j,
	      const struct cell *cell)
{
	const struct release *releases = j->record->net.releases;

	buf_add_str(out, "<b>");
	page_label(out, releases[cell->payer].label);
	buf_add_str(out, "</b> <span class=\"to\">→</span> <b>");
	page_label(out, releases[cell->payee].label);
	buf_add_str(out, "</b>");
}

void page_mark(struct buf *out, int64_t at, int64_t step, int64_t whole, int y)
{
	buf_addf(out, "<text x=\"%.2f%%\" y=\"%d\" text-anchor=\"%s\">",
		 100.0 * (double)at / (double)whole, y,
		 at == 0		 ? "start"
		 : at + step / 2 > whole ? "end"
					 : "middle");
	if (at)
		write_duration(out, at);
	else
		buf_add_u8(out, '0');
	buf_add_str(out, "</text>");
}

void page_scroll(struct buf *out, const char *name)
{
	buf_addf(out,
		 "<div class=\"scroll\" role=\"group\" tabindex=\"0\" "
		 "aria-label=\"%s\">",
		 name);
}

/* Other characters than these would need escapes, different ones in an id and
 * in a link to it. */
static void add_id_part(struct buf *out, const char *label)
{
	for (; *label; label++) {
		const char c = *label;

		buf_add_u8(out, isalnum((unsigned char)c) || strchr(".-+_", c)
					? (uint8_t)c
					: '_');
	}
}

void page_cell_id(struct buf *out, const struct judgement *j,
		  const struct cell *cell)
{
	const struct release *releases = j->record->net.releases;

	add_id_part(out, releases[cell->payer].label);
	buf_add_u8(out, ':');
	add_id_part(out, releases[cell->payee].label);
	buf_add_u8(out, ':');
	add_id_part(out, releases[cell->notary].label);
}

void page_cell_link(struct buf *out, const struct judgement *j,
		    const struct cell *cell)
{
	buf_add_str(out, "<a href=\"#");
	page_cell_id(out, j, cell);
	buf_add_str(out, "\">");
	page_way(out, j, cell);
	buf_add_str(out, "</a>");
}

void page_for_cell(struct buf *out, const struct judgement *j,
		   const struct cell *cell)
{
	buf_add_str(out, " data-for=\"");
	page_cell_id(out, j, cell);
	buf_add_u8(out, '"');
}
