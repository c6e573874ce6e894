/* SPDX-License-Identifier: Apache-2.0 */
/* baseline_json.c - the member `against` of results.json. */
#include "report/baseline.h"
#include "run/score.h"

/* docs/results.md has the schema. */

static void set_way(struct js *o, const char *payer, const char *payee,
		    const char *notary)
{
	js_set_str(o, "payer", payer);
	js_set_str(o, "payee", payee);
	js_set_str(o, "notary", notary);
}

/* Four digits: an interval is no more exact. */
static double rounded(double ratio)
{
	return (double)(int64_t)(ratio * 1e4 + 0.5) / 1e4;
}

static void set_pace(struct js *o, const struct paced *p)
{
	js_set_str(o, "pace", pace_word(p->pace));
	if (p->pace == PACE_UNKNOWN)
		return;
	js_set_num(o, "ratio", rounded(p->ratio));
	js_set_num(o, "low", rounded(p->low));
	js_set_num(o, "high", rounded(p->high));
	js_set_num(o, "smallest", rounded(p->seen));
}

static struct js *cell_js(const struct compared_cell *c)
{
	struct js *o = js_object();

	set_way(o, c->payer, c->payee, c->notary);
	js_set_str(o, "change", cell_change_word(c->change));
	js_set_str(o, "was", c->was ? c->was->verdict : NULL);
	js_set_str(o, "is", c->is ? c->is->verdict : NULL);
	set_pace(o, &c->paced);
	js_set_int(o, "was_times", (int64_t)c->was_count);
	js_set_int(o, "is_times", (int64_t)c->is_count);
	if (c->was_count && c->is_count) {
		js_set_num(o, "was_p50_ms", milliseconds((double)c->was_p50));
		js_set_num(o, "is_p50_ms", milliseconds((double)c->is_p50));
	}
	return o;
}

static struct js *side_js(const struct result_release *r)
{
	struct js *o;

	if (!r)
		return NULL;
	o = js_object();
	js_set_str(o, "commit", r->commit);
	js_set_str(o, "digest", r->digest);
	js_set_int(o, "platform", r->platform);
	js_set_str(o, "cordapps", r->cordapps);
	js_set_str(o, "cordapps_image", r->cordapps_image);
	js_set_str(o, "contracts_sha256", r->contracts);
	js_set_str(o, "failure", r->failure);
	return o;
}

/* js_set() takes NULL for a failure. */
static void set_side(struct js *o, const char *key,
		     const struct result_release *r)
{
	if (r)
		js_set(o, key, side_js(r));
	else
		js_set_str(o, key, NULL);
}

static struct js *release_js(const struct compared_release *r)
{
	struct js *o = js_object();

	js_set_str(o, "label", r->label);
	js_set_str(o, "change", list_change_word(r->change));
	set_side(o, "was", r->was);
	set_side(o, "is", r->is);
	if (r->change == LIST_GONE)
		js_set_int(o, "cells_lost", (int64_t)r->cells_lost);
	return o;
}

static struct js *finding_js(const struct compared_finding *f)
{
	struct js *o = js_object();

	js_set_str(o, "change", list_change_word(f->change));
	js_set_str(o, "kind", finding_name(f->first->kind));
	set_way(o, f->place->payer, f->place->payee, f->place->notary);
	js_set_str(o, "node", f->first->node);
	js_set_int(o, "was", (int64_t)f->was);
	js_set_int(o, "is", (int64_t)f->is);
	js_set_str(o, "tx", f->first->tx);
	js_set_str(o, "summary", f->first->summary);
	return o;
}

static struct js *condition_js(const struct compared_condition *c)
{
	struct js *o = js_object();

	js_set_str(o, "name", c->name);
	js_set_str(o, "was", c->was);
	js_set_str(o, "is", c->is);
	return o;
}

static struct js *counts_js(const struct baseline *b)
{
	struct js *o = js_object();

	for (int i = 0; i < CELL_CHANGES; i++)
		js_set_int(o, cell_change_word((enum cell_change)i),
			   (int64_t)b->counts[i]);
	for (int i = PACE_SLOWER; i < PACES; i++)
		js_set_int(o, pace_word((enum pace)i), (int64_t)b->paces[i]);
	return o;
}

static struct js *times_js_of(const struct baseline *b)
{
	struct js *o = js_object(), *runs = js_array();

	js_set_str(o, "untimed", b->untimed);
	for (size_t i = 0; i < b->run_count; i++)
		js_append_str(runs, b->runs[i]);
	js_set(o, "runs", runs);
	js_set_int(o, "left_out", (int64_t)b->history_left_out);
	js_set_num(o, "confidence", 1 - BASELINE_ERROR_CHANCE);
	set_pace(o, &b->whole);
	return o;
}

struct js *baseline_js(const struct baseline *b)
{
	struct js *o = js_object(), *cells = js_array();
	struct js *releases = js_array(), *findings = js_array();
	struct js *conditions = js_array();

	js_set_str(o, "run", b->was->run);
	js_set_str(o, "network", b->was->network);
	js_set_str(o, "answer", b->was->answer);
	js_set(o, "counts", counts_js(b));
	js_set(o, "times", times_js_of(b));
	for (size_t i = 0; i < b->cell_count; i++)
		js_append(cells, cell_js(&b->cells[i]));
	for (size_t i = 0; i < b->release_count; i++)
		if (b->releases[i].change != LIST_SAME)
			js_append(releases, release_js(&b->releases[i]));
	for (size_t i = 0; i < b->finding_count; i++)
		js_append(findings, finding_js(&b->findings[i]));
	for (size_t i = 0; i < b->condition_count; i++)
		js_append(conditions, condition_js(&b->conditions[i]));
	js_set(o, "cells", cells);
	js_set(o, "releases", releases);
	js_set(o, "findings", findings);
	js_set(o, "conditions", conditions);
	return o;
}
