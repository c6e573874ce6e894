/* SPDX-License-Identifier: Apache-2.0 */
/* page_failures.c - report.html: what went wrong, with its evidence. */
#include "report/page.h"

#include <stdio.h>
#include <string.h>

#include "report/excuse.h"
#include "report/outputs.h"
#include "report/words.h"
#include "sys/clock.h"

enum { CARDS_MAX = 60, ROWS_MAX = 20, TEXT_MAX = 65536, LOOK_MAX = 65536 };

static int table_rows(const char *table, const struct js *rows, void *ctx)
{
	struct buf *out = ctx;

	for (size_t i = 0; i < js_count(rows); i++) {
		cleanup(buf_release) struct buf text = BUF_PART(out, TEXT_MAX);

		write_evidence(&text, js_at(rows, i));
		buf_add_str(out, "<li><b>");
		write_xml(out, table);
		buf_add_str(out, "</b> ");
		write_xml(out, buf_text(&text));
		buf_add_str(out, "</li>");
	}
	return 0;
}

/* The rows of one store, folded away. */
static void store_rows(struct buf *out, const struct js *side)
{
	cleanup(buf_release) struct buf list = BUF_PART(out, 16 * TEXT_MAX);

	js_each(js_get(side, "rows"), table_rows, &list);
	if (list.len)
		buf_addf(out,
			 "<details><summary>rows</summary><ul class=\"rows\">"
			 "%s</ul></details>",
			 buf_text(&list));
}

static void role_row(struct buf *out, const struct role *role, const char *text)
{
	cleanup(buf_release) struct buf jars = BUF_PART(out, 4096);

	if (role->release)
		write_jars(&jars, role->release);
	buf_addf(out, "<tr><th scope=\"row\">%s</th><td>", role->name);
	write_xml(out, role->node ? role->node : "–");
	buf_add_str(out, "</td><td>");
	write_xml(out, role->release ? role->release->label : "–");
	buf_add_str(out, "</td><td>");
	write_xml(out, buf_text(&jars));
	buf_add_str(out, "</td><td class=\"wide\">");
	write_xml(out, text);
	store_rows(out, role->evidence);
	buf_add_str(out, "</td></tr>\n");
}

static void table_head(struct buf *out)
{
	buf_add_str(out, "<div class=\"scroll\"><table class=\"evidence\">"
			 "<thead><tr><th></th><th>node</th><th>release</th>"
			 "<th>CorDapps</th><th>what its database has</th></tr>"
			 "</thead><tbody>\n");
}

static void operation_line(struct buf *out, const char *tx,
			   const struct operation *op)
{
	cleanup(buf_release) struct buf money = BUF_PART(out, 256);

	buf_add_str(out, "<p class=\"payment\">");
	if (tx) {
		buf_add_str(out, "<code>");
		write_xml(out, tx);
		buf_add_str(out, "</code> ");
	}
	if (op) {
		write_money(&money, op->amount, op->currency);
		buf_addf(out, "%s %llu, <b>", op_kind_info(op->kind)->noun,
			 (unsigned long long)op->id);
		write_xml(out, buf_text(&money));
		buf_add_str(out, "</b>, sent ");
		write_time(out, op->sent_us ? op->sent_us : op->intended_us);
		buf_add_str(out, " UTC");
	}
	buf_add_str(out, "</p>\n");
}

static void look(struct buf *out, const struct judgement *j,
		 const struct source *source, const char *tx, const char *node)
{
	cleanup(buf_release) struct buf command = BUF_PART(out, LOOK_MAX);

	if (!tx && !node)
		return;
	write_look(&command, j, source, tx, node);
	buf_add_str(out, "<p class=\"look\">look: <code>");
	write_xml(out, buf_text(&command));
	buf_add_str(out, "</code></p>\n");
}

/* Everything that the evidence has beside the three rows. */
struct rest {
	struct buf *out;
	bool any;
};

static bool is_role(const char *key)
{
	static const struct role none[ROLES] = { { .name = "payer" },
						 { .name = "notary" },
						 { .name = "payee" } };

	for (int i = 0; i < ROLES; i++)
		if (!strcmp(key, none[i].name))
			return true;
	return false;
}

static int rest_member(const char *key, const struct js *member, void *ctx)
{
	struct rest *rest = ctx;
	cleanup(buf_release) struct buf text = BUF_PART(rest->out, TEXT_MAX);

	if (is_role(key))
		return 0;
	if (!rest->any)
		buf_add_str(rest->out, "<dl class=\"rest\">");
	rest->any = true;
	write_evidence(&text, member);
	buf_add_str(rest->out, "<dt>");
	write_xml(rest->out, key);
	buf_add_str(rest->out, "</dt><dd>");
	write_xml(rest->out, buf_text(&text));
	buf_add_str(rest->out, "</dd>");
	return 0;
}

static void finding_rows(struct buf *out, const struct judgement *j,
			 const struct placed_finding *p)
{
	struct rest rest = { .out = out };
	struct role roles[ROLES];
	bool any = false;

	finding_roles(j, p, roles);
	for (int i = 0; i < ROLES; i++) {
		cleanup(buf_release) struct buf text = BUF_PART(out, TEXT_MAX);

		if (!roles[i].node && !roles[i].evidence)
			continue;
		if (!any)
			table_head(out);
		any = true;
		if (roles[i].evidence)
			write_side(&text, roles[i].evidence);
		role_row(out, &roles[i], buf_text(&text));
	}
	if (any)
		buf_add_str(out, "</tbody></table></div>\n");
	js_each(p->finding->evidence, rest_member, &rest);
	if (rest.any)
		buf_add_str(out, "</dl>\n");
}

static void finding_body(struct buf *out, const struct judgement *j,
			 const struct placed_finding *p)
{
	const struct finding *f = p->finding;

	if (f->tx || p->op)
		operation_line(out, f->tx, p->op);
	if (f->summary) {
		buf_add_str(out, "<p>");
		write_xml(out, f->summary);
		buf_add_str(out, "</p>\n");
	}
	finding_rows(out, j, p);
	look(out, j, p->source, f->tx, f->node);
}

/* The first payment of a cell that failed. */
static void payment_body(struct buf *out, const struct judgement *j,
			 const struct cell *cell)
{
	const struct operation *op = cell->first_failed;
	struct buf texts[ROLES] = { BUF_PART(out, TEXT_MAX),
				    BUF_PART(out, TEXT_MAX),
				    BUF_PART(out, TEXT_MAX) };
	struct role roles[ROLES];

	operation_line(out, op->tx, op);
	payment_roles(j, op, cell->first_settled, roles, texts);
	table_head(out);
	for (int i = 0; i < ROLES; i++) {
		role_row(out, &roles[i], buf_text(&texts[i]));
		buf_release(&texts[i]);
	}
	buf_add_str(out, "</tbody></table></div>\n");
	look(out, j, cell->source, op->tx, op->payer);
}

/* The cell's other findings, folded away. */
static void more_findings(struct buf *out, const struct judgement *j,
			  const struct cell *cell)
{
	size_t shown =
		cell->finding_count < ROWS_MAX ? cell->finding_count : ROWS_MAX;

	if (cell->finding_count < 2)
		return;
	buf_addf(out, "<details><summary>%zu more findings</summary>\n",
		 cell->finding_count - 1);
	for (size_t i = 1; i < shown; i++) {
		buf_addf(out, "<h4>%s</h4>\n",
			 finding_name(cell->findings[i]->finding->kind));
		finding_body(out, j, cell->findings[i]);
	}
	if (shown < cell->finding_count)
		buf_addf(out, "<p>%zu more are in results.json.</p>\n",
			 cell->finding_count - shown);
	buf_add_str(out, "</details>\n");
}

/* A text that is an address becomes a link; others stay texts. */
static void issue_link(struct buf *out, const char *issue)
{
	const bool link =
		!strncmp(issue, "https://", 8) || !strncmp(issue, "http://", 7);

	buf_add_str(out, ", issue ");
	if (link) {
		buf_add_str(out, "<a rel=\"noreferrer\" href=\"");
		write_xml(out, issue);
		buf_add_str(out, "\">");
	}
	write_xml(out, issue);
	if (link)
		buf_add_str(out, "</a>");
}

/* What expected.yaml says of the cell. */
static void entry_line(struct buf *out, const struct cell *cell)
{
	const struct expected_entry *e = cell->entry;
	char day[CLOCK_TEXT];

	if (!e)
		return;
	buf_addf(out, "<p>expected.yaml:%d, %s, %s", expected_line(e),
		 expected_word(e->kind), excuse_name(cell->excuse));
	if (e->owner) {
		buf_add_str(out, ", owner ");
		write_xml(out, e->owner);
	}
	if (e->expires_us)
		buf_addf(out, ", valid until %s",
			 clock_day(day, e->expires_us));
	if (e->issue)
		issue_link(out, e->issue);
	buf_add_str(out, ": ");
	write_xml(out, e->reason);
	buf_add_str(out, "</p>\n");
}

static void cell_card(struct buf *out, const struct judgement *j,
		      const struct cell *cell)
{
	buf_addf(out, "<article class=\"card %s\"><h3>%s ",
		 verdict_class(cell->verdict), verdict_glyph(cell->verdict));
	page_way(out, j, cell);
	buf_add_str(out, " <span class=\"by\">notary ");
	write_xml(out, j->record->net.releases[cell->notary].label);
	buf_addf(out, "</span></h3>\n<p class=\"reason\"><b>%s</b>: ",
		 verdict_name(cell->verdict));
	write_xml(out, (cell->verdict == cell->judged ? cell->reason
						      : cell->judged_reason)
			       ?: "");
	buf_add_str(out, "</p>\n");
	entry_line(out, cell);
	if (cell->finding_count) {
		finding_body(out, j, cell->findings[0]);
		more_findings(out, j, cell);
	} else if (cell->first_failed) {
		payment_body(out, j, cell);
	}
	buf_add_str(out, "</article>\n");
}

static void network_card(struct buf *out, const struct judgement *j,
			 const struct placed_finding *p)
{
	const struct finding *f = p->finding;

	buf_addf(out, "<article class=\"card %s\"><h3>%s <b>%s</b> ",
		 f->note ? "off" : "bad", f->note ? "ℹ" : "✗",
		 finding_name(f->kind));
	if (f->node) {
		buf_add_str(out, "<span class=\"by\">");
		write_xml(out, f->node);
		buf_add_str(out, "</span>");
	}
	buf_add_str(out, "</h3>\n");
	if (f->note)
		buf_add_str(out, "<p class=\"reason\">This note changes no "
				 "verdict.</p>\n");
	finding_body(out, j, p);
	buf_add_str(out, "</article>\n");
}

static size_t network_cards(struct buf *out, const struct judgement *j,
			    bool notes)
{
	size_t n = 0;

	for (size_t i = 0; i < j->record->finding_count; i++) {
		const struct placed_finding *p = &j->findings[i];

		if (p->finding->note != notes || (p->cell && !notes) ||
		    n++ >= CARDS_MAX)
			continue;
		if (n == 1)
			buf_addf(out, "<section><h2>%s</h2>\n",
				 notes ? "Notes"
				       : "Findings of the network at large");
		network_card(out, j, p);
	}
	if (n > CARDS_MAX)
		buf_addf(out, "<p>%zu more are in results.json.</p>\n",
			 n - CARDS_MAX);
	if (n)
		buf_add_str(out, "</section>\n");
	return n;
}

/* Failed cells, and others in which money or a payment went astray. */
static bool has_card(const struct cell *cell)
{
	return cell->judged == VERDICT_FAIL ||
	       (cell->judged == VERDICT_FLAKY &&
		(cell->first_failed || cell->finding_count));
}

void page_failures(struct buf *out, const struct judgement *j)
{
	size_t n = 0;

	for (size_t i = 0; i < j->cell_count; i++) {
		if (!has_card(&j->cells[i]) || n++ >= CARDS_MAX)
			continue;
		if (n == 1)
			buf_add_str(out, "<section><h2>What went wrong</h2>\n");
		cell_card(out, j, &j->cells[i]);
	}
	if (n > CARDS_MAX)
		buf_addf(out, "<p>%zu more cells are in results.json.</p>\n",
			 n - CARDS_MAX);
	if (n)
		buf_add_str(out, "</section>\n");
	network_cards(out, j, false);
	network_cards(out, j, true);
}
