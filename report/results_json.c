/* SPDX-License-Identifier: Apache-2.0 */
/* results_json.c - results.json: everything judged, for machines. */
#include <string.h>

#include "base/version.h"
#include "data/json.h"
#include "report/baseline.h"
#include "report/outputs.h"
#include "report/words.h"
#include "run/jvm.h"
#include "run/results.h"

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

static struct js *cell_js(const struct judgement *j, const struct cell *cell)
{
	struct js *o = js_object(), *findings = js_array();

	set_way(o, j, cell);
	js_set_str(o, "verdict", verdict_name(cell->verdict));
	js_set_str(o, "judged", verdict_name(cell->judged));
	js_set_bool(o, "required", cell->required);
	js_set_str(o, "reason", cell->reason);
	js_set_str(o, "starved", cell->starved);
	js_set_str(o, "absence", absence_name(cell->absence));
	score_set(o, &cell->score);
	for (size_t i = 0; i < cell->finding_count; i++)
		js_append_int(findings, cell->findings[i] - j->findings);
	js_set(o, "findings", findings);
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
	js_set_int(root, "seed", (int64_t)net->seed);
	js_set_int(root, "settled_gate", net->settled_gate);
	js_set_str(root, "answer", j->word);
	js_set_int(root, "exit_code", j->exit_code);
	js_set_str(root, "reason", j->reason);
	js_set_num(root, "seconds", milliseconds(j->seconds * 1e6) / 1000);
	js_set_str(root, "seal", seal_word(j->record->seal));
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
	js_set(root, "releases", releases);
	js_set(root, "nodes", nodes);
	js_set(root, "cells", cells);
	js_set(root, "findings", findings);
	js_set(root, "balances", balances);
	js_set(root, "phases", phases);
}

int results_write(const struct judgement *j, struct buf *out, struct error *err)
{
	cleanup(js_freep) struct js *root = js_object();
	struct js *issues = js_object();

	set_run(root, j);
	js_set(root, "measured", measured_js());
	set_lists(root, j);
	counts_set(issues, &j->issues);
	js_set(root, "issues", issues);
	if (j->against)
		js_set(root, "against", baseline_js(j->against));
	return js_print(root, JS_PRETTY, out, err);
}
