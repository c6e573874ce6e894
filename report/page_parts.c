/* SPDX-License-Identifier: Apache-2.0 */
/* page_parts.c - what several parts of the page have in common. */
#include "report/page.h"

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
