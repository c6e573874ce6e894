/* SPDX-License-Identifier: Apache-2.0 */
/* markdown.c - matrix.md: the answer of a run for a pull request. */
#include <stdio.h>
#include <string.h>

#include "report/baseline_lines.h"
#include "report/excuse.h"
#include "report/notes.h"
#include "report/outputs.h"
#include "report/words.h"

enum { NOTES_MAX = 50 };

#define ZERO_WIDTH_SPACE "\xE2\x80\x8B"

const char latency_measured[] =
	"Latency: the time from when a payment was due to the answer of the "
	"payer's node, for payments with the answer ok, by the driver's clock. "
	"It includes the wait until fewer than load.in_flight flows ran on "
	"this node. Percentiles are by nearest rank, exact to 0.4 %.";
const char service_measured[] =
	"Service time: the time from when the driver sent the payment to the "
	"payer's node over RPC to the answer, for the same payments.";
const char settled_measured[] =
	"Settled: the payee's own database has the transaction.";

/* Of a character that Markdown may read as markup; or NULL. GitHub looks for
 * mentions and references in the text that comes out: behind their marks comes
 * a character that nobody sees. */
static const char *md_escape(char c, char room[3])
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '@':
		return "\\@" ZERO_WIDTH_SPACE;
	case '#':
		return "\\#" ZERO_WIDTH_SPACE;
	default:
		if (!strchr("|\\`*_>[]~$!", c))
			return NULL;
		room[0] = '\\';
		room[1] = c;
		room[2] = 0;
		return room;
	}
}

void write_md(struct buf *out, const char *text)
{
	char room[3];
	size_t len;

	for (; *text; text += len) {
		bool plain = plain_next(text, &len);
		const char *escape = md_escape(*text, room);

		if (escape)
			buf_add_str(out, escape);
		else if (plain)
			buf_add(out, text, len);
		else
			buf_add_str(out, strchr("\n\t\r", *text)
						 ? " "
						 : PLAIN_REPLACEMENT);
	}
}

static void cell_md(struct buf *out, const struct cell *cell)
{
	const struct counts *t = &cell->score.counts;

	buf_addf(out, " %s ", verdict_glyph(cell->verdict));
	if (cell->verdict == VERDICT_FAIL)
		buf_add_str(out, "**fail**");
	else
		buf_add_str(out, verdict_name(cell->verdict));
	if (t->payments && cell->verdict == VERDICT_PASS)
		buf_addf(out, " %zu", t->settled);
	else if (t->payments)
		buf_addf(out, " %zu/%zu", t->settled, t->payments);
	buf_add_str(out, " |");
}

static void matrix_md(struct buf *out, const struct judgement *j,
		      unsigned notary)
{
	const struct release *releases = j->record->net.releases;

	buf_add_str(out, "\n## Notary ");
	write_md(out, releases[notary].label);
	buf_add_str(out, "\n\n| payer \\ payee |");
	for (unsigned i = 0; i < j->bank_count; i++) {
		buf_add_u8(out, ' ');
		write_md(out, releases[j->banks[i]].label);
		buf_add_str(out, " |");
	}
	buf_add_str(out, "\n| --- |");
	for (unsigned i = 0; i < j->bank_count; i++)
		buf_add_str(out, " --- |");
	for (unsigned a = 0; a < j->bank_count; a++) {
		buf_add_str(out, "\n| ");
		write_md(out, releases[j->banks[a]].label);
		buf_add_str(out, " |");
		for (unsigned b = 0; b < j->bank_count; b++)
			cell_md(out, judgement_cell(j, j->banks[a], j->banks[b],
						    notary));
	}
	buf_add_u8(out, '\n');
}

static void notes_md(struct buf *out, const struct judgement *j,
		     unsigned notary)
{
	struct note notes[NOTES_MAX];
	size_t count = notes_of(j, notary, notes, NOTES_MAX);

	if (count)
		buf_add_u8(out, '\n');
	for (size_t i = 0; i < count; i++) {
		cleanup(buf_release) struct buf text = BUF_PART(out, 65536);
		const char *line;

		write_note(&text, j, &notes[i]);
		line = buf_text(&text);
		buf_add_str(out, "- ");
		write_md(out, strncmp(line, "- ", 2) ? line : line + 2);
		buf_add_u8(out, '\n');
	}
}

static void failures_md(struct buf *out, const struct judgement *j,
			unsigned notary)
{
	for (size_t i = 0; i < j->cell_count; i++) {
		const struct cell *cell = &j->cells[i];
		cleanup(buf_release) struct buf way = BUF_PART(out, 4096);

		if (cell->notary != notary || cell->verdict != VERDICT_FAIL)
			continue;
		write_way(&way, j, cell);
		buf_add_str(out, "\n**fail ");
		write_md(out, buf_text(&way));
		buf_add_str(out, "**: ");
		write_md(out, cell->reason);
		buf_add_u8(out, '\n');
	}
}

/* Code has no escapes: an id that is none, of a damaged database, is text. */
static void tx_md(struct buf *out, const char *tx)
{
	char brief[9];

	snprintf(brief, sizeof(brief), "%s", tx);
	if (brief[strspn(brief, "0123456789ABCDEFabcdef")])
		write_md(out, brief);
	else
		buf_addf(out, "`%s`", brief);
}

static void finding_md(struct buf *out, const struct judgement *j,
		       const struct placed_finding *p)
{
	const struct finding *f = p->finding;
	cleanup(buf_release) struct buf way = BUF_PART(out, 4096);

	buf_addf(out, "| %s%s | ", finding_name(f->kind),
		 f->note ? " (note)" : "");
	if (p->cell)
		write_way(&way, j, p->cell);
	else
		buf_addf(&way, "network%s%s", f->node ? ", " : "",
			 f->node ? f->node : "");
	write_md(out, buf_text(&way));
	buf_add_str(out, " | ");
	if (f->tx)
		tx_md(out, f->tx);
	buf_add_str(out, " | ");
	write_md(out, f->summary ? f->summary : "");
	buf_add_str(out, " |\n");
}

static void findings_md(struct buf *out, const struct judgement *j)
{
	size_t count = j->record->finding_count;
	size_t shown = count < NOTES_MAX ? count : NOTES_MAX;

	if (!count)
		return;
	buf_add_str(out,
		    "\n## Findings\n\n| kind | where | transaction | summary "
		    "|\n| --- | --- | --- | --- |\n");
	for (size_t i = 0; i < shown; i++)
		finding_md(out, j, &j->findings[i]);
	if (shown < count)
		buf_addf(out, "\n%zu more are in results.json.\n",
			 count - shown);
}

static void releases_md(struct buf *out, const struct judgement *j)
{
	buf_add_str(out, "\n## Releases\n\n| release | commit | platform | "
			 "CorDapps |\n| --- | --- | --- | --- |\n");
	for (unsigned i = 0; i < j->record->net.release_count; i++) {
		const struct release *r = &j->record->net.releases[i];
		cleanup(buf_release) struct buf jars = BUF_PART(out, 4096);

		buf_add_str(out, "| ");
		write_md(out, r->label);
		buf_add_str(out, " | ");
		write_md(out, r->commit ? r->commit : "not built");
		buf_addf(out, " | %d | ", r->platform);
		write_jars(&jars, r);
		write_md(out, buf_text(&jars));
		buf_add_str(out, " |\n");
	}
}

static void phase_notes_md(struct buf *out, const struct judgement *j)
{
	const char *note;

	for (size_t i = 0; (note = phase_note(j->record, i)); i++) {
		buf_add_str(out, "\nNote: ");
		write_md(out, note);
		buf_add_str(out, ".\n");
	}
}

/* Entries of expected.yaml that a person should look at. */
static void remarks_md(struct buf *out, const struct judgement *j)
{
	size_t shown =
		j->remark_count < NOTES_MAX ? j->remark_count : NOTES_MAX;

	if (shown)
		buf_add_u8(out, '\n');
	for (size_t i = 0; i < shown; i++) {
		buf_add_str(out, remark_warns(&j->remarks[i])
					 ? "- **Warning**: "
					 : "- Note: ");
		write_md(out, j->remarks[i].text);
		buf_add_u8(out, '\n');
	}
	if (shown < j->remark_count)
		buf_addf(out, "- %zu more are in results.json.\n",
			 j->remark_count - shown);
}

void markdown_write(const struct judgement *j, struct buf *out)
{
	cleanup(buf_release) struct buf jvm = BUF_PART(out, 64 * 1024);

	buf_addf(out, "# %s ", j->word);
	write_md(out, j->record->run_id);
	buf_add_str(out, "\n\n");
	if (j->reason) {
		write_md(out, j->reason);
		buf_add_str(out, "\n\n");
	}
	buf_addf(out, "%zu cells, ", j->cell_count);
	if (!j->record->seeds_differ)
		buf_addf(out, "seed %llu, ",
			 (unsigned long long)j->record->net.seed);
	write_duration(out, (int64_t)(j->seconds * 1e6));
	write_jvm(&jvm, &j->record->net);
	buf_add_str(out, ", JVM options ");
	write_md(out, buf_text(&jvm));
	buf_add_str(out, ". The number in a cell is the number of settled "
			 "payments, or settled/made.\n");
	phase_notes_md(out, j);
	remarks_md(out, j);
	for (unsigned i = 0; i < j->notary_count; i++) {
		matrix_md(out, j, j->notaries[i]);
		notes_md(out, j, j->notaries[i]);
		failures_md(out, j, j->notaries[i]);
	}
	baseline_markdown(out, j->against);
	findings_md(out, j);
	releases_md(out, j);
	buf_addf(out, "\n%s\n", settled_measured);
}
