/* SPDX-License-Identifier: Apache-2.0 */
/* baseline_run.h - results that a test may alter before they are compared: the
 * cells, releases and times of a stored real run. */
#ifndef REPORT_TEST_BASELINE_RUN_H
#define REPORT_TEST_BASELINE_RUN_H

#include <math.h>

#include "base/cleanup.h"
#include "report/baseline.h"
#include "stats/test/samples.h"
#include "test/support/test.h"

enum { RUN_ROOM = 64 * 1024 * 1024, RUN_CELLS = 16, RUN_RELEASES = 8 };

/* A run as a test wants it, before it is written as results.json. */
struct planned_run {
	const char *run, *engine, *load; /* load: JSON */
	int version;
	struct planned_cell {
		struct result_cell cell;
		size_t payments; /* drawn from the times of the stored run */
		double slower; /* all of them */
		bool gone;
	} cells[RUN_CELLS];
	size_t cell_count;
	struct result_release releases[RUN_RELEASES];
	bool gone[RUN_RELEASES];
	size_t release_count;
	const char *findings; /* JSON; NULL: none */
	double run_sd, cell_sd; /* noise of runs and of their cells */
	uint64_t seed;
};

/* The stored run: three releases around a notary, six cells with payments. */
static inline void plan_begin(struct planned_run *p, const struct results *from,
			      const char *run, uint64_t seed)
{
	*p = (struct planned_run){ .run = run,
				   .engine = "podman",
				   .load = "{\"count\":54}",
				   .version = RESULTS_VERSION,
				   .cell_count = from->cell_count,
				   .release_count = from->release_count,
				   .seed = seed };
	assert_true(from->cell_count <= RUN_CELLS &&
		    from->release_count <= RUN_RELEASES);
	for (size_t i = 0; i < from->cell_count; i++)
		p->cells[i] = (struct planned_cell){ .cell = from->cells[i],
						     .payments = 200,
						     .slower = 1 };
	for (size_t i = 0; i < from->release_count; i++)
		p->releases[i] = from->releases[i];
}

static inline struct planned_cell *plan_cell(struct planned_run *p,
					     const char *payer,
					     const char *payee)
{
	for (size_t i = 0; i < p->cell_count; i++)
		if (!strcmp(p->cells[i].cell.payer, payer) &&
		    !strcmp(p->cells[i].cell.payee, payee))
			return &p->cells[i];
	fail_msg("no cell %s -> %s", payer, payee);
	return NULL;
}

/* Takes a release out of the network. */
static inline void plan_drop(struct planned_run *p, const char *label)
{
	for (size_t i = 0; i < p->release_count; i++)
		p->gone[i] |= !strcmp(p->releases[i].label, label);
	for (size_t i = 0; i < p->cell_count; i++)
		p->cells[i].gone |= !strcmp(p->cells[i].cell.payer, label) ||
				    !strcmp(p->cells[i].cell.payee, label);
}

static inline double plan_normal(uint64_t *seed)
{
	return sqrt(-2 * log(samples_share(seed))) *
	       cos(2 * M_PI * samples_share(seed));
}

/* Times drawn from those of the stored run, with replacement. */
static inline void plan_times(struct planned_run *p, struct planned_cell *c,
			      double run, struct arena *arena, struct js *to)
{
	struct histogram was = HISTOGRAM_INIT(arena);
	struct histogram is = HISTOGRAM_INIT(arena);
	double factor =
		c->slower * exp(run + p->cell_sd * plan_normal(&p->seed));
	struct error err = { 0 };

	if (!c->cell.service || !*c->cell.service || p->version < 3)
		return;
	assert_ok(histogram_parse(c->cell.service, &was, &err), err);
	for (size_t i = 0; i < c->payments; i++) {
		uint64_t rank = samples_chance(&p->seed) % was.count + 1;
		/* Between the values, as a longer run has them. */
		double jitter = 0.4 * (samples_share(&p->seed) - 0.5);
		double value = (double)histogram_rank(&was, rank) * factor *
			       exp(jitter);

		assert_ok(histogram_add(&is, (int64_t)value, &err), err);
	}
	js_set(to, "service_ms", times_js(&is));
}

static inline struct js *plan_cell_js(struct planned_run *p,
				      struct planned_cell *c, double run,
				      struct arena *arena)
{
	struct js *o = js_object();

	js_set_str(o, "payer", c->cell.payer);
	js_set_str(o, "payee", c->cell.payee);
	js_set_str(o, "notary", c->cell.notary);
	js_set_str(o, "verdict", c->cell.verdict);
	js_set_str(o, "judged", c->cell.verdict);
	js_set_str(o, "reason", c->cell.reason);
	js_set_int(o, "ok", (int64_t)c->payments);
	js_set_int(o, "payments", (int64_t)c->payments);
	plan_times(p, c, run, arena, o);
	return o;
}

static inline struct js *plan_release_js(const struct result_release *r)
{
	struct js *o = js_object();

	js_set_str(o, "label", r->label);
	js_set_str(o, "commit", r->commit);
	js_set_str(o, "digest", r->digest);
	js_set_int(o, "platform", r->platform);
	js_set_str(o, "failure", r->failure);
	return o;
}

static inline struct js *plan_json(const char *text)
{
	struct js *value = NULL;
	struct error err = { 0 };

	assert_ok(js_parse("plan", text, strlen(text), &value, &err), err);
	return value;
}

static inline struct js *plan_phases(const struct planned_run *p)
{
	struct js *list = js_array(), *drive = js_object(), *d = js_object();

	js_set(d, "load", plan_json(p->load));
	js_set_str(drive, "phase", "drive");
	js_set(drive, "details", d);
	js_append(list, drive);
	return list;
}

/* The text of results.json. */
static inline void plan_write(struct planned_run *p, struct arena *arena,
			      struct buf *out)
{
	cleanup(js_freep) struct js *root = js_object();
	struct js *cells = js_array(), *releases = js_array();
	double run = p->run_sd * plan_normal(&p->seed);
	struct error err = { 0 };

	js_set_int(root, "version", p->version);
	js_set_str(root, "run", p->run);
	js_set_str(root, "engine", p->engine);
	js_set_str(root, "network", "network.yaml");
	js_set_str(root, "answer", "PASS");
	js_set_int(root, "exit_code", 0);
	for (size_t i = 0; i < p->cell_count; i++)
		if (!p->cells[i].gone)
			js_append(cells,
				  plan_cell_js(p, &p->cells[i], run, arena));
	for (size_t i = 0; i < p->release_count; i++)
		if (!p->gone[i])
			js_append(releases, plan_release_js(&p->releases[i]));
	js_set(root, "cells", cells);
	js_set(root, "releases", releases);
	js_set(root, "findings", plan_json(p->findings ?: "[]"));
	js_set(root, "phases", plan_phases(p));
	assert_ok(js_print(root, JS_LINE, out, &err), err);
}

static inline void plan_read(struct planned_run *p, struct arena *arena,
			     struct results *ret)
{
	cleanup(buf_release) struct buf text = BUF_INIT(RUN_ROOM);
	struct error err = { 0 };

	plan_write(p, arena, &text);
	assert_ok(results_parse(p->run, text.data, text.len, arena, ret, &err),
		  err);
}

#endif
