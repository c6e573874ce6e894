/* SPDX-License-Identifier: Apache-2.0 */
/* starvation.c - payments that got no answer because the machine was busy. */
#include "report/starvation.h"

#include <stdlib.h>
#include <string.h>

#include "report/words.h"
#include "run/engine_names.h"

/* Nodes that start alone need 14 to 20 s on two cores, half a dozen at a time
 * three times as long; payments need about a second. */
enum {
	BUSY_PERCENT = 80,
	START_SECONDS = 60,
	SLOW_PART = 4, /* of a flow's bound: so long a payment is slow */
	WHY_MAX = 1024
};

enum pace { PACE_UNKNOWN, PACE_FAST, PACE_SLOW };

struct machine {
	const struct judgement *j;
	double pressure; /* share of the load's time; 0: not known */
	double start_seconds; /* median of the nodes; 0: not known */
	int64_t bound_us; /* of a flow */
};

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* By the nodes' own logs, else as seen from outside. */
static int read_starts(struct machine *m, struct arena *arena,
		       struct error *err)
{
	const struct phase *deploy = record_phase(m->j->record, "deploy");
	const struct js *nodes =
		js_get(deploy ? deploy->details : NULL, "nodes");
	size_t count = 0;
	double *seconds =
		arena_array(arena, js_count(nodes) + 1, sizeof(*seconds));

	if (!seconds)
		return error_nomem(err);
	for (size_t i = 0; i < js_count(nodes); i++) {
		const struct js *node = js_at(nodes, i);
		double s = js_num(node, "jvm_seconds",
				  js_num(node, "boot_seconds", 0));

		if (s > 0)
			seconds[count++] = s;
	}
	qsort(seconds, count, sizeof(*seconds), by_value);
	m->start_seconds = count ? seconds[count / 2] : 0;
	return 0;
}

static bool starts_are_slow(const struct machine *m)
{
	return m->start_seconds >= START_SECONDS;
}

/* Elsewhere than on this machine its pressure says nothing of the nodes. */
static bool is_busy(const struct machine *m)
{
	if (m->pressure > 0)
		return m->pressure * 100 >= BUSY_PERCENT;
	return starts_are_slow(m);
}

static bool is_slow(const struct machine *m, const struct cell *cell)
{
	return cell->score.counts.timeouts > 0 ||
	       (m->bound_us && cell->service.p50 * SLOW_PART >= m->bound_us);
}

static bool is_control(const struct cell *of, const struct cell *cell)
{
	if (cell == of || cell->payer != cell->payee ||
	    cell->notary != of->notary || !cell->score.counts.payments)
		return false;
	return cell->payer == of->payer || cell->payer == of->payee;
}

static enum pace pace_of_controls(const struct machine *m,
				  const struct cell *of,
				  const struct cell **ret_control)
{
	enum pace pace = PACE_UNKNOWN;

	for (size_t i = 0; i < m->j->cell_count; i++) {
		const struct cell *cell = &m->j->cells[i];

		if (!is_control(of, cell))
			continue;
		*ret_control = cell;
		if (!is_slow(m, cell))
			return PACE_FAST;
		pace = PACE_SLOW;
	}
	return pace;
}

static enum pace pace_of_others(const struct machine *m, const struct cell *of)
{
	size_t others = 0, slow = 0;

	for (size_t i = 0; i < m->j->cell_count; i++) {
		const struct cell *cell = &m->j->cells[i];

		if (cell == of || !cell->score.counts.payments)
			continue;
		others++;
		slow += is_slow(m, cell);
	}
	if (!others)
		return PACE_UNKNOWN;
	return slow * 2 > others ? PACE_SLOW : PACE_FAST;
}

static bool is_starved(const struct machine *m, const struct cell *cell,
		       const struct cell **ret_control)
{
	enum pace pace;

	if (!cell->score.counts.timeouts || !is_busy(m))
		return false;
	pace = pace_of_controls(m, cell, ret_control);
	if (pace == PACE_UNKNOWN)
		pace = pace_of_others(m, cell);
	if (pace == PACE_UNKNOWN)
		return starts_are_slow(m);
	return pace == PACE_SLOW;
}

static void write_control(struct buf *out, const struct machine *m,
			  const struct cell *control)
{
	buf_add_str(out, ", control cell ");
	write_way(out, m->j, control);
	if (control->score.counts.timeouts)
		buf_addf(out, ": %zu of %zu payments got no answer",
			 control->score.counts.timeouts,
			 control->score.counts.payments);
	else {
		buf_add_str(out, ": payments took ");
		write_duration(out, control->service.p50);
		buf_add_str(out, " (median)");
	}
}

static const char *undecided_because(const struct machine *m,
				     const struct cell *control,
				     struct arena *arena)
{
	cleanup(buf_release) struct buf out = BUF_INIT(WHY_MAX);

	if (m->pressure > 0)
		buf_addf(&out,
			 "tasks waited for a CPU in %.0f %% of the load's time",
			 m->pressure * 100);
	if (m->start_seconds > 0)
		buf_addf(&out, "%sthe nodes took %.0f s to start",
			 out.len ? ", " : "", m->start_seconds);
	if (control)
		write_control(&out, m, control);
	return buf_check(&out, NULL) < 0 ? NULL
					 : arena_strdup(arena, buf_text(&out));
}

int judge_starvation(struct judgement *j, struct arena *arena,
		     struct error *err)
{
	const struct record *r = j->record;
	const struct phase *drive = record_phase(r, "drive");
	bool here = !engine_is_cluster(r->net.engine);
	struct machine m = {
		.j = j,
		.pressure = drive && here ? drive->cpu_pressure : 0,
		.bound_us = r->net.timeouts.flow * 1000000LL,
	};

	if (read_starts(&m, arena, err) < 0)
		return -1;
	for (size_t i = 0; i < j->cell_count; i++) {
		const struct cell *control = NULL;

		if (!is_starved(&m, &j->cells[i], &control))
			continue;
		j->cells[i].starved = undecided_because(&m, control, arena);
		if (!j->cells[i].starved)
			return error_nomem(err);
	}
	return 0;
}
