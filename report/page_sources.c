/* SPDX-License-Identifier: Apache-2.0 */
/* page_sources.c - report.html: the runs whose results were joined. */
#include <inttypes.h>

#include "report/outputs.h"
#include "report/page.h"
#include "report/words.h"

static void text_cell(struct buf *out, const char *text)
{
	buf_add_str(out, "<td>");
	write_xml(out, text ? text : "–");
	buf_add_str(out, "</td>");
}

static const char *class_of(const struct source *s)
{
	if (s->doubt || s->exit_code == 2)
		return "doubt";
	return s->exit_code ? "bad" : "good";
}

static void source_row(struct buf *out, const struct source *s)
{
	buf_add_str(out, "<tr><th scope=\"row\">");
	write_xml(out, s->run);
	buf_addf(out, "</th><td class=\"verdict %s\">", class_of(s));
	write_xml(out, s->answer);
	buf_add_str(out, "</td>");
	text_cell(out, s->doubt ? s->doubt : s->reason);
	buf_add_str(out, "<td class=\"n\">");
	write_duration(out, (int64_t)(s->seconds * 1e6));
	buf_addf(out, "</td><td class=\"n\">%" PRIu64 "</td>", s->seed);
	text_cell(out, s->network);
	text_cell(out, s->dir);
	buf_add_str(out, "</tr>\n");
}

void page_sources(struct buf *out, const struct judgement *j)
{
	const struct record *r = j->record;

	if (!r->source_count)
		return;
	buf_add_str(out,
		    "<section id=\"runs\"><h2>Runs</h2>\n<p class=\"lead\">The "
		    "results "
		    "of these runs were joined; payments and times are of all "
		    "of them together.</p>\n");
	page_scroll(out, "runs");
	buf_add_str(out,
		    "<table><thead><tr><th scope=\"col\">run</th><th "
		    "scope=\"col\">answer</th><th scope=\"col\">reason</th>"
		    "<th scope=\"col\" class=\"n\">took</th><th scope=\"col\" "
		    "class=\"n\">seed</th>"
		    "<th scope=\"col\">network</th><th "
		    "scope=\"col\">directory</th></tr></thead><tbody>\n");
	for (size_t i = 0; i < r->source_count; i++)
		source_row(out, &r->sources[i]);
	buf_add_str(out, "</tbody></table></div></section>\n");
}
