/* SPDX-License-Identifier: Apache-2.0 */
/* results_json.c - results.json: everything judged, for machines. */
#include <string.h>

#include "base/version.h"
#include "data/json.h"
#include "report/baseline.h"
#include "report/excuse.h"
#include "report/outputs.h"
#include "report/words.h"
#include "run/jvm.h"
#include "run/results.h"
#include "sys/clock.h"

/* The schema is docs/results.md: a member is added, never renamed; what an
 * old reader would misread raises RESULTS_VERSION. */

static void set_way(struct js *o, const struct judgement *j,
		    const struct cell *cell)
{
	const struct release *releases = j->record->net.releases;

	js_set_str(o, "payer", releases[cell->payer].label);
	js_set_str(o, "payee", releases[cell->payee].label);
	js_set_str(o, "notary", releases[cell->notary].label);
}

static void set_entry(struct js *o, const struct expected_entry *e)
{
	char day[CLOCK_TEXT];

	js_set_str(o, "kind", expected_word(e->kind));
	js_set_int(o, "line", expected_line(e));
	js_set_str(o, "reason", e->reason);
	js_set_str(o, "issue", e->issue);
	js_set_str(o, "owner", e->owner);
	js_set_str(o, "expires",
		   e->expires_us ? clock_day(day, e->expires_us) : NULL);
	js_set_str(o, "finding", e->finding);
	js_set_str(o, "message", e->message);
	js_set_bool(o, "flaky", e->flaky);
}

/* What expected.yaml says of a cell; null if it says nothing. */
static void set_expected(struct js *cell_json, const struct cell *cell)
{
	struct js *o;

	if (!cell->entry) {
		js_set_str(cell_json, "expected", NULL);
		return;
	}
	o = js_object();
	js_set_str(o, "state", excuse_name(cell->excuse));
	set_entry(o, cell->entry);
	js_set(cell_json, "expected", o);
}

static struct js *remark_js(const struct remark *r)
{
	struct js *o = js_object();

	js_set_str(o, "remark", remark_name(r->kind));
	js_set_bool(o, "warning", remark_warns(r));
	js_set_str(o, "text", r->text);
	js_set_str(o, "payer", r->entry->payer);
	js_set_str(o, "payee", r->entry->payee);
	js_set_str(o, "notary", r->entry->notary);
	set_entry(o, r->entry);
	return o;
}

/* What each of the joined runs said of the cell. */
static struct js *parts_js(const struct cell *cell)
{
	struct js *list = js_array();

	for (size_t i = 0; i < cell->part_count; i++) {
		const struct cell_part *part = &cell->parts[i];
		struct js *o = js_object();

		js_set_str(o, "run", part->source->run);
		js_set_str(o, "verdict", verdict_name(part->verdict));
		js_set_str(o, "judged", verdict_name(part->judged));
		js_set_str(o, "reason", part->reason);
		js_append(list, o);
	}
	return list;
}

static struct js *cell_js(const struct judgement *j, const struct cell *cell)
{
	struct js *o = js_object(), *findings = js_array();

	set_way(o, j, cell);
	js_set_str(o, "verdict", verdict_name(cell->verdict));
	js_set_str(o, "judged", verdict_name(cell->judged));
	js_set_str(o, "judged_reason", cell->judged_reason);
	js_set_bool(o, "required", cell->required);
	js_set_str(o, "reason", cell->reason);
	set_expected(o, cell);
	js_set_str(o, "starved", cell->starved);
	js_set_str(o, "absence", absence_name(cell->absence));
	score_set(o, &cell->score);
	for (size_t i = 0; i < cell->finding_count; i++)
		js_append_int(findings, cell->findings[i] - j->findings);
	js_set(o, "findings", findings);
	if (j->record->source_count)
		js_set(o, "runs", parts_js(cell));
	return o;
}

static struct js *finding_js(const struct judgement *j,
			     const struct placed_finding *p)
{
	const struct finding *f = p->finding;
	struct js *o = js_object(), *cell = NULL;

	js_set_str(o, "kind", finding_name(f->kind));
	js_set_bool(o, "note", f->note);
	js_set_str(o, "tx", f->tx);
	js_set_int(o, "op", (int64_t)(p->op ? p->op->id : f->op));
	js_set_str(o, "node", f->node);
	js_set_str(o, "payer", f->payer);
	js_set_str(o, "payee", f->payee);
	js_set_str(o, "notary", f->notary);
	js_set_str(o, "summary", f->summary);
	if (p->cell) {
		cell = js_object();
		set_way(cell, j, p->cell);
		js_set(o, "cell", cell);
	} else {
		js_set_str(o, "cell", NULL);
	}
	if (p->source)
		js_set_str(o, "run", p->source->run);
	if (f->evidence)
		js_set(o, "evidence", js_copy(f->evidence));
	return o;
}

static struct js *release_js(const struct release *r)
{
	const char *at = r->image ? strchr(r->image, '@') : NULL;
	struct js *o = js_object();

	js_set_str(o, "label", r->label);
	js_set_str(o, "word", r->word);
	js_set_str(o, "commit", r->commit);
	js_set_str(o, "image", r->image);
	js_set_str(o, "digest", at ? at + 1 : NULL);
	js_set_int(o, "platform", r->platform);
	js_set_str(o, "cordapps", r->cordapps);
	js_set_str(o, "cordapps_image", r->cordapps_image);
	js_set_str(o, "contracts_sha256", r->contracts);
	js_set_str(o, "failure", r->failure);
	return o;
}

static struct js *node_js(const struct network *net,
			  const struct network_node *node)
{
	struct js *o = js_object();

	js_set_str(o, "name", node->name);
	js_set_str(o, "release", net->releases[node->release].label);
	js_set_str(o, "role", node->role == NODE_BANK ? "bank" : "notary");
	js_set_bool(o, "validating", node->validating);
	js_set_str(o, "jvm", jvm_word(node->jvm));
	return o;
}

static struct js *phase_js(const struct phase *p)
{
	struct js *o = js_object();

	js_set_str(o, "phase", p->name);
	js_set_num(o, "seconds", p->seconds);
	js_set_str(o, "summary", p->summary);
	js_set_bool(o, "ok", !p->error);
	js_set_str(o, "error", p->error);
	js_set_str(o, "kind", error_kind_word(p->kind));
	js_set_num(o, "cpu_pressure", p->cpu_pressure);
	if (p->details)
		js_set(o, "details", js_copy(p->details));
	return o;
}

static void set_run(struct js *root, const struct judgement *j)
{
	const struct network *net = &j->record->net;

	js_set_int(root, "version", RESULTS_VERSION);
	js_set_str(root, "medley", medley_version);
	js_set_str(root, "run", j->record->run_id);
	js_set_str(root, "network", net->file);
	js_set_str(root, "engine", net->engine);
	if (j->record->seeds_differ)
		js_set_str(root, "seed", NULL);
	else
		js_set_int(root, "seed", (int64_t)net->seed);
	js_set_int(root, "settled_gate", net->settled_gate);
	js_set_str(root, "answer", j->word);
	js_set_int(root, "exit_code", j->exit_code);
	js_set_str(root, "reason", j->reason);
	js_set_str(root, "doubt", j->record->doubt);
	js_set_num(root, "seconds", milliseconds(j->seconds * 1e6) / 1000);
	js_set_str(root, "seal", seal_word(j->record->seal));
}

/* The runs that were joined. */
static struct js *sources_js(const struct record *r)
{
	struct js *list = js_array();

	for (size_t i = 0; i < r->source_count; i++) {
		const struct source *s = &r->sources[i];
		struct js *o = js_object();

		js_set_str(o, "run", s->run);
		js_set_str(o, "directory", s->dir);
		js_set_str(o, "medley", s->medley);
		js_set_str(o, "network", s->network);
		js_set_str(o, "engine", s->engine);
		js_set_int(o, "seed", (int64_t)s->seed);
		js_set_str(o, "answer", s->answer);
		js_set_int(o, "exit_code", s->exit_code);
		js_set_str(o, "reason", s->reason);
		js_set_str(o, "doubt", s->doubt);
		js_set_num(o, "seconds", s->seconds);
		js_append(list, o);
	}
	return list;
}

static struct js *measured_js(void)
{
	struct js *o = js_object();

	js_set_str(o, "latency_ms", latency_measured);
	js_set_str(o, "service_ms", service_measured);
	js_set_str(o, "settled", settled_measured);
	return o;
}

static void set_lists(struct js *root, const struct judgement *j)
{
	const struct record *r = j->record;
	struct js *releases = js_array(), *nodes = js_array();
	struct js *cells = js_array(), *findings = js_array();
	struct js *phases = js_array(), *balances = js_array();
	struct js *remarks = js_array();

	for (unsigned i = 0; i < r->net.release_count; i++)
		js_append(releases, release_js(&r->net.releases[i]));
	for (unsigned i = 0; i < r->net.node_count; i++)
		js_append(nodes, node_js(&r->net, &r->net.nodes[i]));
	for (size_t i = 0; i < j->cell_count; i++)
		js_append(cells, cell_js(j, &j->cells[i]));
	for (size_t i = 0; i < r->finding_count; i++)
		js_append(findings, finding_js(j, &j->findings[i]));
	for (size_t i = 0; i < r->balance_count; i++)
		js_append(balances, balance_js(&r->balances[i]));
	for (size_t i = 0; i < r->phase_count; i++)
		js_append(phases, phase_js(&r->phases[i]));
	for (size_t i = 0; i < j->remark_count; i++)
		js_append(remarks, remark_js(&j->remarks[i]));
	js_set(root, "releases", releases);
	js_set(root, "nodes", nodes);
	js_set(root, "cells", cells);
	js_set(root, "findings", findings);
	js_set(root, "balances", balances);
	js_set(root, "phases", phases);
	js_set(root, "expected_remarks", remarks);
}

int results_write(const struct judgement *j, struct buf *out, struct error *err)
{
	cleanup(js_freep) struct js *root = js_object();
	struct js *issues = js_object();

	set_run(root, j);
	if (j->record->source_count)
		js_set(root, "merged", sources_js(j->record));
	js_set(root, "measured", measured_js());
	set_lists(root, j);
	counts_set(issues, &j->issues);
	js_set(root, "issues", issues);
	if (j->against)
		js_set(root, "against", baseline_js(j->against));
	/* Joined results have no network of one run. */
	if (j->record->again.net.release_count && !j->record->again.unknown)
		js_set(root, "reproduce", reproduction_json(&j->record->again));
	return js_print(root, JS_PRETTY, out, err);
}
