/* SPDX-License-Identifier: Apache-2.0 */
/* text.c - what a person reads on a terminal. */
#include "report/text.h"

#include <stdio.h>
#include <string.h>

#include "base/wrap.h"
#include "report/baseline_lines.h"
#include "report/excuse.h"
#include "report/grid.h"
#include "report/notes.h"
#include "report/words.h"

enum {
	BLOCKS_MAX = 12,
	REMARKS_MAX = 12,
	LINE_MAX_BYTES = 65536,
	ROLE_INDENT = 10
};

/* "  payer   its evidence    finance-4.10 (AB12…)", the jars on a line of
 * their own where they do not fit. */
static void role_line(struct buf *out, const struct text_look *look,
		      const struct role *role, const char *text)
{
	cleanup(buf_release) struct buf jars = BUF_PART(out, LINE_MAX_BYTES);
	size_t width = ROLE_INDENT + text_columns(text);

	if (role->release && role->name[0] == 'p') /* theirs decide */
		write_jars(&jars, role->release);
	buf_addf(out, "  %-8s", role->name);
	if (!*text) {
		buf_addf(out, "%s\n", buf_text(&jars));
	} else if (width + 4 + text_columns(buf_text(&jars)) <= look->width) {
		buf_addf(out, "%s%s%s\n", text, jars.len ? "    " : "",
			 buf_text(&jars));
	} else {
		write_wrapped(out, text, ROLE_INDENT, ROLE_INDENT, look->width);
		if (jars.len)
			buf_addf(out, "%*s%s\n", ROLE_INDENT, "",
				 buf_text(&jars));
	}
}

/* The operation, its amount and its nodes; where they do not fit, the nodes on
 * a line of their own. */
static void operation_line(struct buf *out, const struct text_look *look,
			   const char *tx, const struct operation *op)
{
	cleanup(buf_release) struct buf what = BUF_PART(out, LINE_MAX_BYTES);
	cleanup(buf_release) struct buf nodes = BUF_PART(out, LINE_MAX_BYTES);

	if (tx)
		write_tx(&what, tx);
	if (op) {
		buf_addf(&what, "%s", tx ? "  " : "");
		if (!tx)
			buf_addf(&what, "%s %llu  ",
				 op_kind_info(op->kind)->noun,
				 (unsigned long long)op->id);
		write_money(&what, op->amount, op->currency);
		plain_line(&nodes, op->payer);
		buf_add_str(&nodes, " -> ");
		plain_line(&nodes, op->payee);
	}
	buf_addf(out, "  %s", buf_text(&what));
	if (4 + text_columns(buf_text(&what)) +
		    text_columns(buf_text(&nodes)) <=
	    look->width) {
		buf_addf(out, "%s%s\n", nodes.len ? "  " : "",
			 buf_text(&nodes));
		return;
	}
	buf_add_str(out, "\n    ");
	write_wrapped(out, buf_text(&nodes), 4, 4, look->width);
}

static void look_line(struct buf *out, const struct judgement *j,
		      const struct source *source, const char *tx,
		      const char *node)
{
	if (!tx && !node)
		return;
	buf_add_str(out, "  look: ");
	write_look(out, j, source, tx, node);
	buf_add_u8(out, '\n');
}

static void summary_line(struct buf *out, const struct text_look *look,
			 const struct finding *f)
{
	cleanup(buf_release) struct buf plain = BUF_PART(out, LINE_MAX_BYTES);

	if (!f->summary)
		return;
	plain_line(&plain, f->summary);
	buf_add_str(out, "  ");
	write_wrapped(out, buf_text(&plain), 2, 2, look->width);
}

static void finding_rows(struct buf *out, const struct text_look *look,
			 const struct judgement *j,
			 const struct placed_finding *p)
{
	struct role roles[ROLES];

	finding_roles(j, p, roles);
	for (int i = 0; i < ROLES; i++) {
		cleanup(buf_release) struct buf text =
			BUF_PART(out, LINE_MAX_BYTES);

		if (roles[i].evidence)
			write_side(&text, roles[i].evidence);
		if (text.len || (roles[i].node && i != 1))
			role_line(out, look, &roles[i], buf_text(&text));
	}
}

static void finding_block(struct buf *out, const struct text_look *look,
			  const struct judgement *j,
			  const struct placed_finding *p)
{
	const struct finding *f = p->finding;

	if (f->tx || p->op)
		operation_line(out, look, f->tx, p->op);
	summary_line(out, look, f);
	finding_rows(out, look, j, p);
	look_line(out, j, p->source, f->tx, f->node);
}

/* The first payment of a cell that failed. */
static void payment_block(struct buf *out, const struct text_look *look,
			  const struct judgement *j, const struct cell *cell)
{
	const struct operation *op = cell->first_failed;
	const struct settlement *s = cell->first_settled;
	const char *tx = op->tx ? op->tx : s ? s->tx : NULL;
	struct buf texts[ROLES] = { BUF_PART(out, LINE_MAX_BYTES),
				    BUF_PART(out, LINE_MAX_BYTES),
				    BUF_PART(out, LINE_MAX_BYTES) };
	struct role roles[ROLES];

	operation_line(out, look, tx, op);
	payment_roles(j, op, s, roles, texts);
	for (int i = 0; i < ROLES; i++) {
		role_line(out, look, &roles[i], buf_text(&texts[i]));
		buf_release(&texts[i]);
	}
	look_line(out, j, cell->source, tx, op->payer);
}

static void write_word(struct buf *out, const struct text_look *look,
		       enum ink which, const char *word)
{
	ink(out, look->colour, which);
	buf_add_str(out, word);
	ink(out, look->colour, INK_PLAIN);
	buf_add_str(out, "  ");
}

static void fail_block(struct buf *out, const struct judgement *j,
		       const struct cell *cell, const struct text_look *look)
{
	cleanup(buf_release) struct buf line = BUF_PART(out, LINE_MAX_BYTES);

	buf_add_u8(out, '\n');
	write_word(out, look, INK_BAD, "FAIL");
	write_way(&line, j, cell);
	buf_add_str(&line, "  (notary ");
	plain_line(&line, j->record->net.releases[cell->notary].label);
	buf_add_str(&line, ")  ");
	plain_line(&line, cell->reason);
	buf_add_str(&line, ", first:");
	if (6 + text_columns(buf_text(&line)) <= look->width)
		buf_addf(out, "%s\n", buf_text(&line));
	else
		write_wrapped(out, buf_text(&line), 6, 6, look->width);
	if (cell->finding_count)
		finding_block(out, look, j, cell->findings[0]);
	else if (cell->first_failed)
		payment_block(out, look, j, cell);
}

static void more(struct buf *out, const struct judgement *j, size_t count,
		 const char *what, const char *file)
{
	buf_addf(out, "\n%zu more %s are in ", count, what);
	plain_line(out, j->record->run_dir);
	buf_addf(out, "/%s\n", file);
}

static void fail_blocks(struct buf *out, const struct judgement *j,
			const struct text_look *look)
{
	size_t said = 0;

	for (size_t i = 0; i < j->cell_count; i++)
		if (j->cells[i].verdict == VERDICT_FAIL && said++ < BLOCKS_MAX)
			fail_block(out, j, &j->cells[i], look);
	if (said > BLOCKS_MAX)
		more(out, j, said - BLOCKS_MAX, "failed cells", "report.html");
}

static void network_block(struct buf *out, const struct judgement *j,
			  const struct placed_finding *p,
			  const struct text_look *look)
{
	const struct finding *f = p->finding;

	buf_add_u8(out, '\n');
	write_word(out, look, INK_BAD, "FAIL");
	buf_addf(out, "the network%s", f->node ? ", " : "");
	plain_line(out, f->node ? f->node : "");
	buf_addf(out, "  %s\n", finding_name(f->kind));
	finding_block(out, look, j, p);
}

static void network_blocks(struct buf *out, const struct judgement *j,
			   const struct text_look *look)
{
	size_t said = 0;

	for (size_t i = 0; i < j->record->finding_count; i++) {
		const struct placed_finding *p = &j->findings[i];

		if (!p->cell && !p->finding->note && said++ < BLOCKS_MAX)
			network_block(out, j, p, look);
	}
	if (said > BLOCKS_MAX)
		more(out, j, said - BLOCKS_MAX, "findings", "results.json");
}

static size_t count_notes(const struct judgement *j)
{
	size_t n = 0;

	for (size_t i = 0; i < j->record->finding_count; i++)
		n += j->findings[i].finding->note;
	return n;
}

/* Where the page is. */
static void write_page(struct buf *out, const struct judgement *j)
{
	plain_line(out, j->record->run_dir);
	buf_add_str(out, "/report.html");
}

static void phase_notes(struct buf *out, const struct text_look *look,
			const struct record *r)
{
	const char *note;

	for (size_t i = 0; (note = phase_note(r, i)); i++) {
		cleanup(buf_release) struct buf line =
			BUF_PART(out, LINE_MAX_BYTES);

		plain_line(&line, note);
		buf_add_str(out, "note: ");
		write_wrapped(out, buf_text(&line), 6, 6, look->width);
	}
}

/* They have no cell that says what became of them. */
static void issue_note(struct buf *out, const struct counts *t)
{
	if (!t->fail && !t->unknown)
		return;
	buf_addf(out, "note: %zu of %zu issues of cash ",
		 t->fail ? t->fail : t->unknown, t->payments);
	if (t->fail && t->unknown)
		buf_addf(out, "failed, %zu got no answer\n", t->unknown);
	else
		buf_add_str(out, t->fail ? "failed\n" : "got no answer\n");
}

static void remark_line(struct buf *out, const struct text_look *look,
			const struct remark *remark)
{
	cleanup(buf_release) struct buf line = BUF_PART(out, LINE_MAX_BYTES);
	const bool warns = remark_warns(remark);

	plain_line(&line, remark->text);
	ink(out, look->colour, warns ? INK_DOUBT : INK_PLAIN);
	buf_add_str(out, warns ? "warning" : "note");
	ink(out, look->colour, INK_PLAIN);
	buf_add_str(out, ": ");
	write_wrapped(out, buf_text(&line), warns ? 9 : 6, 6, look->width);
}

/* Entries of expected.yaml that a person should look at. */
static void entry_remarks(struct buf *out, const struct text_look *look,
			  const struct judgement *j)
{
	for (size_t i = 0; i < j->remark_count && i < REMARKS_MAX; i++)
		remark_line(out, look, &j->remarks[i]);
	if (j->remark_count > REMARKS_MAX)
		buf_addf(out,
			 "note: %zu more remarks about expected.yaml are in "
			 "results.json\n",
			 j->remark_count - REMARKS_MAX);
}

/* What neither a cell nor a finding says, but a person should know. */
static void remarks(struct buf *out, const struct text_look *look,
		    const struct judgement *j)
{
	const struct phase *down = record_phase(j->record, "down");
	size_t notes = count_notes(j);

	phase_notes(out, look, j->record);
	issue_note(out, &j->issues);
	entry_remarks(out, look, j);
	if (notes) {
		cleanup(buf_release) struct buf page =
			BUF_PART(out, LINE_MAX_BYTES);

		buf_addf(&page,
			 "observations that change no verdict: %zu, see ",
			 notes);
		write_page(&page, j);
		buf_add_str(out, "note: ");
		write_wrapped(out, buf_text(&page), 6, 6, look->width);
	}
	if (down && down->error && j->exit_code != ERROR_LEFT) {
		buf_add_str(out, "note: ");
		write_wrapped(out, down->error, 6, 6, look->width);
	}
}

/* The time, and below it a reason that is long. */
static void write_below(struct buf *out, const struct text_look *look,
			const struct judgement *j, size_t indent)
{
	cleanup(buf_release) struct buf reason = BUF_PART(out, LINE_MAX_BYTES);

	plain_line(&reason, j->reason ? j->reason : "");
	write_duration(out, (int64_t)(j->seconds * 1e6));
	buf_addf(out, "\n%*s", (int)indent, "");
	write_wrapped(out, buf_text(&reason), indent, indent, look->width);
}

/* One line where it fits, else the parts below each other. */
static void answer(struct buf *out, const struct judgement *j,
		   const struct text_look *look)
{
	cleanup(buf_release) struct buf why = BUF_PART(out, LINE_MAX_BYTES);
	cleanup(buf_release) struct buf again = BUF_PART(out, LINE_MAX_BYTES);
	cleanup(buf_release) struct buf page = BUF_PART(out, LINE_MAX_BYTES);
	enum ink which = j->exit_code == 0   ? INK_GOOD
			 : j->exit_code == 2 ? INK_DOUBT
					     : INK_BAD;
	size_t indent = text_columns(j->word) + 2;

	write_word(out, look, which, j->word);
	write_duration(&why, (int64_t)(j->seconds * 1e6));
	if (j->reason) {
		buf_add_str(&why, "   ");
		plain_line(&why, j->reason);
	}
	buf_add_str(&again, "again: ");
	write_again(&again, j->record);
	write_page(&page, j);
	if (indent + text_columns(buf_text(&why)) +
		    text_columns(buf_text(&again)) +
		    text_columns(buf_text(&page)) + 6 <=
	    look->width) {
		buf_addf(out, "%s   %s   %s\n", buf_text(&why), buf_text(&page),
			 buf_text(&again));
		return;
	}
	if (indent + text_columns(buf_text(&why)) <= look->width)
		buf_addf(out, "%s\n", buf_text(&why));
	else
		write_below(out, look, j, indent);
	buf_addf(out, "%*s%s\n%*s%s\n", (int)indent, "", buf_text(&page),
		 (int)indent, "", buf_text(&again));
}

void text_write(const struct judgement *j, const struct text_look *look,
		struct buf *out)
{
	static const struct text_look usual = { .width = TEXT_WIDTH };

	if (!look)
		look = &usual;
	for (unsigned i = 0; i < j->notary_count; i++) {
		if (i)
			buf_add_u8(out, '\n');
		grid_write(out, j, j->notaries[i], look);
	}
	fail_blocks(out, j, look);
	network_blocks(out, j, look);
	if (j->counts[VERDICT_FAIL] || j->network_findings || j->against)
		buf_add_u8(out, '\n');
	baseline_text(out, j->against, look);
	remarks(out, look, j);
	answer(out, j, look);
}
