/* SPDX-License-Identifier: Apache-2.0 */
/* page_balances.c - report.html: what the vaults hold of each kind of money. */
#include "report/page.h"

#include <string.h>

#include "report/outputs.h"
#include "report/words.h"

enum { KINDS_MAX = 200, ROWS_MAX = 500, MONEY_MAX = 128 * 1024 };

static void issuer_cells(struct buf *out, const struct balance *b)
{
	const char *name = b->issuer ? b->issuer : b->issuer_key_hash;

	buf_add_str(out, "<td>");
	write_xml(out, name ? name : "–");
	buf_add_str(out, "</td><td>");
	write_xml(out, b->currency);
	buf_add_str(out, "</td>");
}

/* Without the currency, which has a column of its own. */
static void money_cell(struct buf *out, const struct balance *b, MONEY_SUM sum,
		       const char *class)
{
	cleanup(buf_release) struct buf money = BUF_PART(out, MONEY_MAX);

	write_money(&money, sum, b->currency);
	buf_addf(out, "<td class=\"n%s\">%.*s</td>", class,
		 (int)strcspn(buf_text(&money), " "), buf_text(&money));
}

/* ---- the sums ---- */

static void sum_row(struct buf *out, const struct balance *b)
{
	buf_add_str(out, "<tr>");
	issuer_cells(out, b);
	money_cell(out, b, b->issued, "");
	money_cell(out, b, b->exited, "");
	money_cell(out, b, b->told_elsewhere,
		   b->told_elsewhere ? " bad" : " zero");
	money_cell(out, b, b->expected, "");
	money_cell(out, b, b->held, b->held != b->expected ? " bad" : "");
	buf_add_str(out, "</tr>\n");
}

static void sums(struct buf *out, const struct record *r)
{
	const size_t shown =
		r->balance_count < KINDS_MAX ? r->balance_count : KINDS_MAX;

	page_scroll(out, "balances");
	buf_add_str(
		out,
		"<table><thead><tr>"
		"<th scope=\"col\">issuer</th><th scope=\"col\">currency</th>"
		"<th scope=\"col\" class=\"n\">issued</th><th scope=\"col\" "
		"class=\"n\">exited</th>"
		"<th scope=\"col\" class=\"n\">explained by findings</th>"
		"<th scope=\"col\" class=\"n\">expected</th>"
		"<th scope=\"col\" "
		"class=\"n\">held</th></tr></thead><tbody>\n");
	for (size_t i = 0; i < shown; i++)
		sum_row(out, &r->balances[i]);
	buf_add_str(out, "</tbody></table></div>\n");
	if (shown < r->balance_count)
		buf_addf(out, "<p>%zu more are in results.json.</p>\n",
			 r->balance_count - shown);
}

/* ---- bank by bank ---- */

static void holding_row(struct buf *out, const struct balance *b,
			const struct holding *h)
{
	buf_add_str(out, "<tr><th scope=\"row\">");
	write_xml(out, h->node);
	buf_add_str(out, "</th>");
	issuer_cells(out, b);
	money_cell(out, b, h->held, h->held ? "" : " zero");
	buf_add_str(out, "</tr>\n");
}

static void holdings(struct buf *out, const struct record *r)
{
	size_t n = 0;

	buf_add_str(out, "<details><summary>what each bank holds</summary>\n");
	page_scroll(out, "what each bank holds");
	buf_add_str(
		out,
		"<table><thead><tr><th scope=\"col\">bank</th>"
		"<th scope=\"col\">issuer</th><th scope=\"col\">currency</th>"
		"<th scope=\"col\" "
		"class=\"n\">holds</th></tr></thead><tbody>\n");
	for (size_t i = 0; i < r->balance_count; i++) {
		const struct balance *b = &r->balances[i];

		for (size_t k = 0; k < b->node_count; k++)
			if (n++ < ROWS_MAX)
				holding_row(out, b, &b->nodes[k]);
	}
	buf_add_str(out, "</tbody></table></div>\n");
	if (n > ROWS_MAX)
		buf_addf(out, "<p>%zu more are in results.json.</p>\n",
			 n - ROWS_MAX);
	buf_add_str(out, "</details>\n");
}

void page_balances(struct buf *out, const struct judgement *j)
{
	const struct record *r = j->record;

	if (!r->balance_count)
		return;
	buf_add_str(out, "<section id=\"balances\"><h2>Balances</h2>\n<p "
			 "class=\"lead\">The "
			 "cash in the vaults: the sum of the cash rows of all "
			 "states that are not consumed. Expected = issued "
			 "- exited (taken off the ledger) + explained by "
			 "findings (negative for missing rows).</p>\n");
	sums(out, r);
	holdings(out, r);
	buf_add_str(out, "</section>\n");
}
