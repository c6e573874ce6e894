/* SPDX-License-Identifier: Apache-2.0 */
/* page_failures.c - report.html: findings and payments with their evidence. */
#include "report/page.h"

#include <stdio.h>
#include <string.h>

#include "report/outputs.h"
#include "report/words.h"

enum { CARDS_MAX = 60, TEXT_MAX = 65536, LOOK_MAX = 65536 };

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
	page_scroll(out, "evidence");
	buf_add_str(out, "<table class=\"evidence\"><thead><tr><td></td><th "
			 "scope=\"col\">node</th><th scope=\"col\">release</th>"
			 "<th scope=\"col\">CorDapps</th><th "
			 "scope=\"col\">what its database has</th></tr>"
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

void page_finding(struct buf *out, const struct judgement *j,
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

void page_payment(struct buf *out, const struct judgement *j,
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
	page_finding(out, j, p);
	buf_add_str(out, "</article>\n");
}

static void network_cards(struct buf *out, const struct judgement *j,
			  bool notes)
{
	size_t n = 0;

	for (size_t i = 0; i < j->record->finding_count; i++) {
		const struct placed_finding *p = &j->findings[i];

		if (p->finding->note != notes || (p->cell && !notes) ||
		    n++ >= CARDS_MAX)
			continue;
		if (n == 1)
			buf_addf(out, "<section id=\"%s\"><h2>%s</h2>\n",
				 notes ? "notes" : "network",
				 notes ? "Notes"
				       : "Findings of the network at large");
		network_card(out, j, p);
	}
	if (n > CARDS_MAX)
		buf_addf(out, "<p>%zu more are in results.json.</p>\n",
			 n - CARDS_MAX);
	if (n)
		buf_add_str(out, "</section>\n");
}

void page_network(struct buf *out, const struct judgement *j)
{
	network_cards(out, j, false);
}

void page_notes(struct buf *out, const struct judgement *j)
{
	network_cards(out, j, true);
}
