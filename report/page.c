/* SPDX-License-Identifier: Apache-2.0 */
/* page.c - report.html: the frame, the answer and the matrix. */
#include "report/page.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "report/baseline_lines.h"
#include "report/excuse.h"
#include "report/notes.h"
#include "report/outputs.h"
#include "report/words.h"

enum { NOTES_MAX = 50, AGAIN_MAX = 64 * 1024 };

static const char *answer_class(const struct judgement *j)
{
	return j->exit_code == 0 ? "good" : j->exit_code == 2 ? "doubt" : "bad";
}

static void fact(struct buf *out, const char *name, const char *value)
{
	buf_addf(out, "<div><dt>%s</dt><dd>", name);
	write_xml(out, value);
	buf_add_str(out, "</dd></div>\n");
}

static void factf(struct buf *out, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void factf(struct buf *out, const char *name, const char *fmt, ...)
{
	char value[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(value, sizeof(value), fmt, args);
	va_end(args);
	fact(out, name, value);
}

static void facts(struct buf *out, const struct judgement *j)
{
	cleanup(buf_release) struct buf time = BUF_PART(out, 64);
	cleanup(buf_release) struct buf jvm = BUF_PART(out, 64 * 1024);
	const struct network *net = &j->record->net;
	size_t payments = 0, settled = 0, required = 0, passed = 0;

	for (size_t i = 0; i < j->cell_count; i++) {
		payments += j->cells[i].score.counts.payments;
		settled += j->cells[i].score.counts.settled;
		required += j->cells[i].required;
		passed += j->cells[i].required &&
			  j->cells[i].verdict == VERDICT_PASS;
	}
	write_duration(&time, (int64_t)(j->seconds * 1e6));
	buf_add_str(out, "<dl class=\"facts\">\n");
	fact(out, "run", j->record->run_id);
	fact(out, "took", buf_text(&time));
	factf(out, "settled", "%zu of %zu payments", settled, payments);
	factf(out, "passed", "%zu of %zu required cells", passed, required);
	factf(out, "gate", "%d settled payments in each cell",
	      net->settled_gate);
	if (!j->record->seeds_differ)
		factf(out, "seed", "%llu", (unsigned long long)net->seed);
	if (net->engine)
		fact(out, "engine", net->engine);
	write_jvm(&jvm, net);
	fact(out, "JVM options", buf_text(&jvm));
	fact(out, "seal", seal_word(j->record->seal));
	factf(out, "exit code", "%d", j->exit_code);
	buf_add_str(out, "</dl>\n");
}

static void banner(struct buf *out, const struct judgement *j)
{
	static const char *const marks[] = { "✓", "✗", "?" };
	int mark = j->exit_code == 0 ? 0 : j->exit_code == 2 ? 2 : 1;

	buf_addf(out,
		 "<header class=\"banner %s\">\n<div class=\"answer\">"
		 "<span class=\"mark\" aria-hidden=\"true\">%s</span>"
		 "<div><h1>%s</h1><p>",
		 answer_class(j), marks[mark], j->word);
	write_xml(out, j->reason ? j->reason
				 : "every required cell passed, and the vaults "
				   "agree about every payment");
	buf_add_str(out, "</p></div></div>\n");
	facts(out, j);
	buf_add_str(out, "</header>\n");
}

static void matrix_cell(struct buf *out, const struct judgement *j,
			const struct cell *cell)
{
	const struct counts *t = &cell->score.counts;

	buf_addf(out, "<td class=\"%s\"", verdict_class(cell->verdict));
	page_for_cell(out, j, cell);
	buf_add_str(out, "><a href=\"#");
	page_cell_id(out, j, cell);
	buf_add_str(out, "\"");
	if (cell->reason) {
		buf_add_str(out, " title=\"");
		write_xml(out, cell->reason);
		buf_add_str(out, "\"");
	}
	buf_addf(out, "><span class=\"v\">%s %s</span>",
		 verdict_glyph(cell->verdict),
		 cell->verdict == VERDICT_NOT_RUN
			 ? "not run"
			 : verdict_name(cell->verdict));
	if (t->payments)
		buf_addf(out, "<small>%zu of %zu</small>", t->settled,
			 t->payments);
	buf_add_str(out, "</a></td>");
}

static void matrix_table(struct buf *out, const struct judgement *j,
			 unsigned notary)
{
	const struct release *releases = j->record->net.releases;

	page_scroll(out, "matrix");
	buf_add_str(out, "<table class=\"matrix\"><thead><tr><th "
			 "scope=\"col\">payer \\ payee</th>");
	for (unsigned i = 0; i < j->bank_count; i++) {
		buf_add_str(out, "<th scope=\"col\">");
		page_label(out, releases[j->banks[i]].label);
		buf_add_str(out, "</th>");
	}
	buf_add_str(out, "</tr></thead>\n<tbody>");
	for (unsigned a = 0; a < j->bank_count; a++) {
		buf_add_str(out, "<tr><th scope=\"row\">");
		page_label(out, releases[j->banks[a]].label);
		buf_add_str(out, "</th>");
		for (unsigned b = 0; b < j->bank_count; b++)
			matrix_cell(out, j,
				    judgement_cell(j, j->banks[a], j->banks[b],
						   notary));
		buf_add_str(out, "</tr>\n");
	}
	buf_add_str(out, "</tbody></table></div>\n");
}

static void matrix_notes(struct buf *out, const struct judgement *j,
			 unsigned notary)
{
	struct note notes[NOTES_MAX];
	size_t count = notes_of(j, notary, notes, NOTES_MAX);

	if (!count)
		return;
	buf_add_str(out, "<ul class=\"notes\">");
	for (size_t i = 0; i < count; i++) {
		cleanup(buf_release) struct buf text = BUF_PART(out, 65536);
		const char *line;

		write_note(&text, j, &notes[i]);
		line = buf_text(&text);
		buf_addf(out, "<li>%s ",
			 verdict_glyph(notes[i].first->verdict));
		write_xml(out, line[0] == '-' ? line + 2 : line);
		buf_add_str(out, "</li>");
	}
	buf_add_str(out, "</ul>\n");
}

void page_matrix(struct buf *out, const struct judgement *j)
{
	buf_add_str(
		out,
		"<section id=\"matrix\"><h2>Matrix</h2>\n<p class=\"lead\">A "
		"row is a release that pays, a column a release that "
		"is paid. The number is how many of the payments "
		"settled. Each cell leads to its own part of the "
		"page.</p>\n");
	page_filter(out, j);
	for (unsigned i = 0; i < j->notary_count; i++) {
		buf_add_str(out, "<h3>notary ");
		write_xml(out, j->record->net.releases[j->notaries[i]].label);
		buf_add_str(out, "</h3>\n");
		matrix_table(out, j, j->notaries[i]);
		matrix_notes(out, j, j->notaries[i]);
	}
	buf_add_str(out, "</section>\n");
}

static void cell_text(struct buf *out, const char *text)
{
	buf_add_str(out, "<td>");
	write_xml(out, text ? text : "–");
	buf_add_str(out, "</td>");
}

static void hash_text(struct buf *out, const char *text)
{
	buf_add_str(out, "<td class=\"hash\">");
	write_xml(out, text ? text : "–");
	buf_add_str(out, "</td>");
}

static void releases_table(struct buf *out, const struct judgement *j)
{
	buf_add_str(out, "<section id=\"releases\"><h2>Releases</h2>\n");
	page_scroll(out, "releases");
	buf_add_str(out,
		    "<table><thead><tr><th scope=\"col\">release</th><th "
		    "scope=\"col\">commit</th>"
		    "<th scope=\"col\">platform</th><th "
		    "scope=\"col\">image</th><th scope=\"col\">CorDapps</th>"
		    "<th scope=\"col\">contracts jar, "
		    "SHA-256</th></tr></thead><tbody>");
	for (unsigned i = 0; i < j->record->net.release_count; i++) {
		const struct release *r = &j->record->net.releases[i];

		buf_add_str(out, "<tr><th scope=\"row\">");
		write_xml(out, r->label);
		buf_add_str(out, "</th>");
		cell_text(out, r->failure ? "build failed" : r->commit);
		buf_addf(out, "<td>%d</td>", r->platform);
		hash_text(out, r->failure ? r->failure : r->image);
		buf_add_str(out, "<td class=\"short\">");
		write_xml(out, r->cordapps ? r->cordapps : "–");
		buf_add_str(out, "</td>");
		hash_text(out, r->contracts);
		buf_add_str(out, "</tr>\n");
	}
	buf_add_str(out, "</tbody></table></div></section>\n");
}

static void phase_notes(struct buf *out, const struct judgement *j)
{
	const char *note;

	for (size_t i = 0; (note = phase_note(j->record, i)); i++) {
		buf_add_str(out, "<li>Note: ");
		write_xml(out, note);
		buf_add_str(out, ".</li>");
	}
}

static void measured(struct buf *out, const struct judgement *j)
{
	buf_add_str(
		out,
		"<section id=\"measured\"><h2>How it was measured</h2><ul>");
	buf_addf(out, "<li>%s</li><li>%s</li><li>%s</li>", latency_measured,
		 service_measured, settled_measured);
	buf_add_str(out,
		    "<li>Outcome: the answer of the payer's node, or unknown "
		    "if no answer came in time. The vaults show whether the "
		    "payment settled.</li><li>Payments over time: each payment "
		    "is counted at the time of its answer, or, without an "
		    "answer, at the time when it was sent.</li><li>Phases: the "
		    "wall-clock time of each step; the steps run one after the "
		    "other.</li><li>Verdicts: the rules are in "
		    "docs/verdicts.md.</li>");
	phase_notes(out, j);
	buf_add_str(out, "</ul></section>\n");
}

/* Entries of expected.yaml that a person should look at. */
static void entry_remarks(struct buf *out, const struct judgement *j)
{
	size_t shown =
		j->remark_count < NOTES_MAX ? j->remark_count : NOTES_MAX;

	if (!shown)
		return;
	buf_add_str(out, "<section id=\"expected\"><h2>expected.yaml</h2>\n"
			 "<ul class=\"notes\">");
	for (size_t i = 0; i < shown; i++) {
		buf_addf(out, "<li>%s: ",
			 remark_warns(&j->remarks[i]) ? "<b>Warning</b>"
						      : "Note");
		write_xml(out, j->remarks[i].text);
		buf_add_str(out, "</li>");
	}
	if (shown < j->remark_count)
		buf_addf(out, "<li>%zu more are in results.json.</li>",
			 j->remark_count - shown);
	buf_add_str(out, "</ul></section>\n");
}

static void against(struct buf *out, const struct judgement *j)
{
	baseline_page(out, j->against);
}

/* The parts in the order in which they stand; their ids are in their own
 * texts. */
static const struct {
	const char *id, *name;
	void (*write)(struct buf *out, const struct judgement *j);
} parts[] = {
	{ "runs", "Runs", page_sources },
	{ "against", "Against an earlier run", against },
	{ "matrix", "Matrix", page_matrix },
	{ "expected", "expected.yaml", entry_remarks },
	{ "errors", "Errors", page_errors },
	{ "wrong", "What went wrong", page_failures },
	{ "network", "Network", page_network },
	{ "notes", "Notes", page_notes },
	{ "others", "Other cells", page_others },
	{ "balances", "Balances", page_balances },
	{ "service", "Service time", page_latency },
	{ "numbers", "Numbers", page_numbers },
	{ "time", "Payments over time", page_time },
	{ "phases", "Phases", page_phases },
	{ "releases", "Releases", releases_table },
	{ "measured", "How it was measured", measured },
};

static void body(struct buf *out, const struct judgement *j)
{
	cleanup(buf_release) struct buf all = BUF_PART(out, out->max);

	buf_add_str(out, "<nav aria-label=\"parts of the page\"><ul>");
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		const size_t before = all.len;

		parts[i].write(&all, j);
		if (all.len > before)
			buf_addf(out, "<li><a href=\"#%s\">%s</a></li>",
				 parts[i].id, parts[i].name);
	}
	buf_add_str(out, "</ul></nav>\n<main id=\"main\" tabindex=\"-1\">\n");
	buf_add(out, buf_text(&all), all.len);
	buf_add_str(out, "</main>\n");
}

void page_write(const struct judgement *j, struct buf *out)
{
	cleanup(buf_release) struct buf again = BUF_PART(out, AGAIN_MAX);

	buf_add_str(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n"
			 "<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
			 "content=\"width=device-width, initial-scale=1\">\n"
			 "<meta name=\"color-scheme\" content=\"light dark\">\n"
			 "<title>");
	buf_addf(out, "%s ", j->word);
	write_xml(out, j->record->run_id);
	buf_add_str(out, "</title>\n<style>\n");
	buf_add_str(out, page_style);
	buf_add_str(out, "</style>\n</head>\n<body>\n"
			 "<a class=\"skip\" href=\"#main\">Skip to the "
			 "content</a>\n");
	banner(out, j);
	body(out, j);
	write_again(&again, j->record);
	buf_add_str(out, "<footer>again: <code>");
	write_xml(out, buf_text(&again));
	buf_add_str(out, "</code></footer>\n<script>\n");
	buf_add_str(out, page_script);
	buf_add_str(out, "</script>\n</body>\n</html>\n");
}
