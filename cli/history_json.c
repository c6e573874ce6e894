/* SPDX-License-Identifier: Apache-2.0 */
/* history_json.c - the cells over time, for programs; docs/json.md. */
#include "base/cleanup.h"
#include "cli/cmd_history.h"
#include "cli/job.h"
#include "run/archive_cell.h"
#include "sys/clock.h"

/* An unknown text is null. */
static void set_known(struct js *o, const char *key, const char *text)
{
	js_set_str(o, key, *text ? text : NULL);
}

static void set_ms(struct js *o, const char *key, int64_t us)
{
	if (us < 0)
		js_set_str(o, key, NULL);
	else
		js_set_num(o, key, (double)us / 1000);
}

static struct js *latency_js(const struct archive_latency *l)
{
	struct js *o = js_object();

	set_ms(o, "p50_ms", l->p50_us);
	set_ms(o, "p95_ms", l->p95_us);
	js_set_int(o, "runs", l->runs);
	return o;
}

static struct js *release_js(const struct archive_release *r)
{
	struct js *o = js_object();

	set_known(o, "commit", r->commit);
	set_known(o, "digest", r->digest);
	return o;
}

static struct js *run_js(const struct archive_run *r)
{
	struct js *o = js_object();
	char time[CLOCK_TEXT];

	js_set_str(o, "run", r->id);
	js_set_str(o, "network", r->network);
	js_set_str(o, "begun", clock_text(time, r->begun_us));
	set_known(o, "answer", r->answer);
	if (!*r->unreadable)
		js_set_int(o, "exit_code", r->exit_code);
	set_known(o, "reason", r->reason);
	set_known(o, "engine", r->engine);
	set_known(o, "medley", r->medley);
	set_known(o, "error", r->unreadable);
	return o;
}

static struct js *point_js(const struct archive_point *p, bool releases)
{
	struct js *o = js_object();
	char time[CLOCK_TEXT];

	js_set_str(o, "run", p->run->id);
	js_set_str(o, "begun", clock_text(time, p->run->begun_us));
	js_set_str(o, "verdict", p->verdict);
	set_known(o, "reason", p->reason);
	js_set_bool(o, "required", p->required);
	/* By the names that results.json has. */
#define COUNT(name) js_set_int(o, #name, p->name)
	COUNT(payments);
	COUNT(settled);
	COUNT(lost);
	COUNT(failed);
#undef COUNT
	set_ms(o, "p50_ms", p->p50_us);
	set_ms(o, "p95_ms", p->p95_us);
	if (!releases)
		return o;
	js_set(o, "payer", release_js(&p->payer));
	js_set(o, "payee", release_js(&p->payee));
	js_set(o, "notary", release_js(&p->notary));
	return o;
}

static struct js *cell_js(const struct history_view *v,
			  const struct archive_cell *c)
{
	struct js *o = js_object(), *runs = js_array();
	struct archive_standing s;

	archive_judge_cell(c, &s);
	js_set_str(o, "network", c->network);
	js_set_str(o, "payer", c->payer);
	js_set_str(o, "payee", c->payee);
	js_set_str(o, "notary", c->notary);
	js_set_str(o, "red_since", s.red ? s.red->run->id : NULL);
	js_set_int(o, "red_runs", (int64_t)s.red_runs);
	js_set_int(o, "stable_runs", archive_stable_runs(c));
	js_set_str(o, "trend",
		   s.trend == TREND_UNKNOWN ? NULL : trend_word(s.trend));
	js_set(o, "latency", latency_js(&s.last));
	js_set(o, "latency_before", latency_js(&s.before));
	for (size_t i = history_first(v, c); i < c->count; i++)
		js_append(runs, point_js(&c->points[i], v->options->cell));
	js_set(o, "runs", runs);
	return o;
}

int history_print_json(const struct history_view *v, struct error *err)
{
	cleanup(js_freep) struct js *root = js_object();
	struct js *runs = js_array(), *cells = js_array();

	for (size_t i = 0; i < v->archived.run_count; i++)
		js_append(runs, run_js(&v->archived.runs[i]));
	for (size_t i = 0; i < v->archived.cell_count; i++)
		js_append(cells, cell_js(v, &v->archived.cells[i]));
	js_set(root, "runs", runs);
	js_set(root, "cells", cells);
	return job_print_json(root, err);
}
