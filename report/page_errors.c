/* SPDX-License-Identifier: Apache-2.0 */
/* page_errors.c - report.html: equal errors of several cells in one row. */
#include "report/page.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "report/outputs.h"
#include "report/words.h"

enum { GROUPS_MAX = 50, LINKS_MAX = 20, KEY_MAX = 300, TEXT_MAX = 65536 };

/* The first payments that failed of each cell, by the words of their errors. */
struct error_group {
	char key[KEY_MAX];
	size_t payments;
	const struct cell *cells[LINKS_MAX];
	const struct cell *last;
	size_t cell_count;
};

struct error_groups {
	struct error_group list[GROUPS_MAX];
	size_t count;
	size_t left_out; /* payments */
};

/* Ids, amounts and times differ from payment to payment: a word that has a
 * digit, and is a number or hex, becomes an ellipsis. */
static size_t changing_part(const char *text)
{
	size_t len = strspn(text, "0123456789abcdefABCDEF-");
	size_t digits = 0;

	for (size_t i = 0; i < len; i++)
		digits += isdigit((unsigned char)text[i]) != 0;
	return digits && !isalnum((unsigned char)text[len]) ? len : 0;
}

static void add_changeless(struct buf *out, const char *text)
{
	bool inside = false;

	while (*text) {
		const size_t len = inside ? 0 : changing_part(text);

		if (len)
			buf_add_str(out, "…");
		else
			buf_add(out, text, 1);
		inside = !len && isalnum((unsigned char)*text);
		text += len ? len : 1;
	}
}

static void error_key(const struct operation *op, struct buf *out)
{
	cleanup(buf_release) struct buf text = BUF_PART(out, TEXT_MAX);

	if (op->error_class)
		plain_line(out, op->error_class);
	else
		buf_addf(out, "answer %s%s", op_outcome_word(op->outcome),
			 op->outcome == OUTCOME_OK ? ", not settled" : "");
	if (!op->error_text)
		return;
	plain_line(&text, op->error_text);
	buf_add_str(out, ": ");
	add_changeless(out, buf_text(&text));
}

/* NULL: there is no room for another one. */
static struct error_group *group_of(struct error_groups *g, const char *key)
{
	char cut[KEY_MAX];

	snprintf(cut, sizeof(cut), "%s", key);
	for (size_t i = 0; i < g->count; i++)
		if (!strcmp(g->list[i].key, cut))
			return &g->list[i];
	if (g->count == GROUPS_MAX)
		return NULL;
	memcpy(g->list[g->count].key, cut, sizeof(cut));
	return &g->list[g->count++];
}

static void take(struct error_groups *g, const struct cell *cell,
		 const char *key)
{
	struct error_group *to = group_of(g, key);

	if (!to) {
		g->left_out++;
		return;
	}
	to->payments++;
	if (to->last == cell)
		return;
	to->last = cell;
	if (to->cell_count < LINKS_MAX)
		to->cells[to->cell_count] = cell;
	to->cell_count++;
}

static void collect(struct buf *out, const struct judgement *j,
		    struct error_groups *g)
{
	for (size_t i = 0; i < j->cell_count; i++) {
		const struct example *examples[EXAMPLES_MAX];
		const struct cell *cell = &j->cells[i];
		const size_t count = score_examples(&cell->score, examples);

		for (size_t k = 0; k < count; k++) {
			cleanup(buf_release) struct buf key =
				BUF_PART(out, 2 * TEXT_MAX);

			error_key(&examples[k]->op, &key);
			take(g, cell, buf_text(&key));
		}
	}
}

static void group_row(struct buf *out, const struct judgement *j,
		      const struct error_group *g)
{
	buf_add_str(out, "<tr><th scope=\"row\" class=\"error\">");
	write_xml(out, g->key);
	buf_addf(out,
		 "</th><td class=\"n\">%zu</td><td class=\"n\">%zu</td>"
		 "<td><ul class=\"links\">",
		 g->payments, g->cell_count);
	for (size_t i = 0; i < g->cell_count && i < LINKS_MAX; i++) {
		buf_add_str(out, "<li>");
		page_cell_link(out, j, g->cells[i]);
		buf_add_str(out, "</li>");
	}
	if (g->cell_count > LINKS_MAX)
		buf_addf(out, "<li>and %zu more</li>",
			 g->cell_count - LINKS_MAX);
	buf_add_str(out, "</ul></td></tr>\n");
}

void page_errors(struct buf *out, const struct judgement *j)
{
	struct error_groups g = { 0 };

	collect(out, j, &g);
	if (!g.count)
		return;
	buf_add_str(out, "<section id=\"errors\"><h2>Errors</h2>\n<p "
			 "class=\"lead\">The first payments of each cell that "
			 "failed or were lost, at most 5 of a cell, by their "
			 "errors. Numbers and ids are left out of the "
			 "comparison.</p>\n");
	page_scroll(out, "errors");
	buf_add_str(out, "<table><thead><tr><th scope=\"col\">error</th>"
			 "<th scope=\"col\" class=\"n\">payments</th>"
			 "<th scope=\"col\" class=\"n\">cells</th>"
			 "<th scope=\"col\">which</th></tr></thead><tbody>\n");
	for (size_t i = 0; i < g.count; i++)
		group_row(out, j, &g.list[i]);
	buf_add_str(out, "</tbody></table></div>\n");
	if (g.left_out)
		buf_addf(out, "<p>%zu more payments have other errors.</p>\n",
			 g.left_out);
	buf_add_str(out, "</section>\n");
}
