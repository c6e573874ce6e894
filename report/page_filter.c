/* SPDX-License-Identifier: Apache-2.0 */
/* page_filter.c - report.html: its only script, which filters the cells. */
#include "report/page.h"

#include "report/words.h"

/*
 * The parts of cells are articles with data-verdict; what else is about a cell
 * names the article in data-for. Cells of the matrix keep their place and fade;
 * all else that does not match is hidden. Without the script the form stays
 * hidden, and everything is shown.
 */
/* clang-format off */
const char page_script[] =
"(() => {\n"
"  const form = document.getElementById('filter');\n"
"  const articles = [...document.querySelectorAll('article[data-verdict]')]\n"
"    .map(e => ({ e, text: (e.id + ' ' + e.textContent).toLowerCase() }));\n"
"  const others = [...document.querySelectorAll('[data-for]')];\n"
"  const fits = (a, words, verdict) =>\n"
"    words.every(w => a.text.includes(w)) &&\n"
"    (!verdict || (verdict === 'new' ? 'new' in a.e.dataset :\n"
"      verdict === 'open' ? a.e.dataset.verdict !== 'pass' :\n"
"      a.e.dataset.verdict === verdict));\n"
"  const apply = () => {\n"
"    const words = form.words.value.toLowerCase().split(/\\s+/).filter(Boolean);\n"
"    const shown = new Set();\n"
"    for (const a of articles) {\n"
"      a.e.hidden = !fits(a, words, form.verdict.value);\n"
"      if (!a.e.hidden) shown.add(a.e.id);\n"
"    }\n"
"    for (const e of others) {\n"
"      const out = !shown.has(e.dataset.for);\n"
"      if (e.tagName === 'TD') e.classList.toggle('out', out);\n"
"      else e.hidden = out;\n"
"    }\n"
"    form.count.value = shown.size + ' of ' + articles.length + ' cells';\n"
"  };\n"
"  const unfold = () => {\n"
"    const e = document.getElementById(decodeURIComponent(location.hash.slice(1)));\n"
"    const folded = e && e.querySelector(':scope > details');\n"
"    if (folded) folded.open = true;\n"
"  };\n"
"  form.hidden = false;\n"
"  form.addEventListener('input', apply);\n"
"  form.addEventListener('reset', () => setTimeout(apply));\n"
"  form.addEventListener('submit', e => e.preventDefault());\n"
"  addEventListener('hashchange', unfold);\n"
"  unfold();\n"
"  apply();\n"
"})();\n";
/* clang-format on */

static void choice(struct buf *out, const char *value, const char *name)
{
	buf_addf(out, "<option value=\"%s\">%s</option>", value, name);
}

void page_filter(struct buf *out, const struct judgement *j)
{
	buf_add_str(
		out,
		"<form id=\"filter\" class=\"filter\" role=\"search\" "
		"hidden><label>Search cells <input type=\"search\" "
		"name=\"words\" autocomplete=\"off\" placeholder=\"release, "
		"error, transaction\"></label>"
		"<label>Show <select name=\"verdict\">");
	choice(out, "", "all cells");
	choice(out, "open", "all but pass");
	if (j->against)
		choice(out, "new", "new since the earlier run");
	for (int v = 0; v < VERDICTS; v++)
		if (j->counts[v])
			choice(out, verdict_name((enum verdict)v),
			       verdict_name((enum verdict)v));
	buf_add_str(out, "</select></label><button type=\"reset\">Clear"
			 "</button><output name=\"count\"></output></form>\n");
}
