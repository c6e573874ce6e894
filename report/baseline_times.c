/* SPDX-License-Identifier: Apache-2.0 */
/* baseline_times.c - which cells are slower or faster than the noise explains.
 *
 * Every time is compared with that of the baseline, as the shift of ranks of
 * the service times (stats/rank_shift.h). With a history the shifts of its runs
 * show how much equal runs differ, and the mean of all runs is what the new one
 * is compared with (stats/spread.h). Without, the interval of the shift is
 * widened by a supposed spread. docs/comparing.md has the reasons. */
#include <math.h>

#include "base/cleanup.h"
#include "report/baseline.h"
#include "stats/rank_shift.h"
#include "stats/student.h"

static const size_t scratch_max = (size_t)32 * 1024 * 1024;

struct timing {
	struct baseline *b;
	const struct results **runs; /* those with which it is compared */
	struct cell_index *indexes; /* of each of them */
	struct compared_cell **cells; /* with times then and now */
	size_t count; /* of cells */
	double *shifts; /* run * count + cell; the first run is the baseline */
	double *now; /* of each cell */
	double *half; /* of its interval, one run alone; < 0: unbounded */
	double values; /* of all known runs together */
	double chance; /* of an error in one comparison */
	struct arena scratch; /* of one cell */
	struct arena *arena;
	struct error *err;
};

/* ---- which runs and cells ---- */

static bool has_times(const struct result_cell *cell)
{
	return cell && cell->service && *cell->service;
}

static int list_cells(struct timing *t)
{
	struct baseline *b = t->b;

	t->cells = arena_array(t->arena, b->cell_count + 1, sizeof(*t->cells));
	if (!t->cells)
		return error_nomem(t->err);
	for (size_t i = 0; i < b->cell_count; i++)
		if (has_times(b->cells[i].was) && has_times(b->cells[i].is))
			t->cells[t->count++] = &b->cells[i];
	return 0;
}

static const struct compared_condition *other_times(
	const struct compared_condition *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].times)
			return &list[i];
	return NULL;
}

static bool has_all_cells(const struct timing *t,
			  const struct cell_index *index)
{
	for (size_t i = 0; i < t->count; i++)
		if (!has_times(cell_index_find(index, t->cells[i]->is)))
			return false;
	return true;
}

/* 1: the run was made under the conditions of the baseline and has times of
 * all cells. */
static int fits(const struct timing *t, const struct results *run,
		const struct cell_index *index)
{
	struct compared_condition differences[CONDITIONS_MAX];
	size_t count;

	if (conditions_compare(t->b->was, run, t->arena, differences, &count,
			       t->err) < 0)
		return -1;
	return !other_times(differences, count) && has_all_cells(t, index);
}

static int take_run(struct timing *t, const struct results *run)
{
	struct baseline *b = t->b;
	struct cell_index index;
	int rc = cell_index_new(run, t->arena, &index, t->err);

	if (rc == 0)
		rc = fits(t, run, &index);
	if (rc < 0)
		return -1;
	if (!rc && run != b->was) {
		b->history_left_out++;
		return 0;
	}
	t->runs[b->run_count] = run;
	t->indexes[b->run_count] = index;
	b->runs[b->run_count++] = run->run;
	return 0;
}

static int list_runs(struct timing *t, const struct results *history,
		     size_t count)
{
	struct arena *a = t->arena;

	t->b->runs = arena_array(a, count + 1, sizeof(*t->b->runs));
	t->runs = arena_array(a, count + 1, sizeof(*t->runs));
	t->indexes = arena_array(a, count + 1, sizeof(*t->indexes));
	if (!t->b->runs || !t->runs || !t->indexes)
		return error_nomem(t->err);
	if (take_run(t, t->b->was) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (take_run(t, &history[i]) < 0)
			return -1;
	return 0;
}

/* ---- measuring ---- */

static int read_times(const struct timing *t, const struct results *run,
		      const struct result_cell *cell, struct histogram *ret)
{
	struct error why = { 0 };

	if (result_service(cell, ret, &why) == 0)
		return 0;
	return error_set(t->err, why.kind,
			 "the results of run %s, cell %s -> %s (notary %s), "
			 "service_ms: %s",
			 run->run, cell->payer, cell->payee, cell->notary,
			 why.text);
}

static int shift_of(struct timing *t, const struct histogram *from,
		    const struct histogram *to, struct rank_shift *ret)
{
	return rank_shift(from, to, t->chance, &t->scratch, ret, t->err);
}

/* The shifts of a known run and of how many values they come from. */
static int measure_known(struct timing *t, size_t run, size_t at,
			 const struct histogram *was)
{
	const struct result_cell *cell =
		cell_index_find(&t->indexes[run], t->cells[at]->is);
	struct histogram times = HISTOGRAM_INIT(&t->scratch);
	struct rank_shift shift = { 0 };

	if (read_times(t, t->runs[run], cell, &times) < 0 ||
	    (run && shift_of(t, was, &times, &shift) < 0))
		return -1;
	t->shifts[run * t->count + at] = shift.shift;
	t->values += (double)times.count;
	return 0;
}

static int measure_cell(struct timing *t, size_t at)
{
	struct compared_cell *cell = t->cells[at];
	struct histogram was = HISTOGRAM_INIT(&t->scratch);
	struct histogram is = HISTOGRAM_INIT(&t->scratch);
	struct rank_shift shift;

	arena_clear(&t->scratch);
	if (read_times(t, t->b->was, cell->was, &was) < 0 ||
	    read_times(t, t->b->is, cell->is, &is) < 0 ||
	    shift_of(t, &was, &is, &shift) < 0)
		return -1;
	cell->was_count = (size_t)was.count;
	cell->is_count = (size_t)is.count;
	cell->was_p50 = histogram_percentile(&was, 500);
	cell->is_p50 = histogram_percentile(&is, 500);
	t->now[at] = shift.shift;
	t->half[at] = shift.bounded ? (shift.high - shift.low) / 2 : -1;
	for (size_t run = 0; run < t->b->run_count; run++)
		if (measure_known(t, run, at, &was) < 0)
			return -1;
	return 0;
}

static int measure(struct timing *t)
{
	const size_t runs = t->b->run_count;

	t->shifts =
		arena_array(t->arena, runs * t->count + 1, sizeof(*t->shifts));
	t->now = arena_array(t->arena, t->count + 1, sizeof(*t->now));
	t->half = arena_array(t->arena, t->count + 1, sizeof(*t->half));
	if (!t->shifts || !t->now || !t->half)
		return error_nomem(t->err);
	for (size_t i = 0; i < t->count; i++)
		if (measure_cell(t, i) < 0)
			return -1;
	return 0;
}

/* ---- deciding ---- */

/* A ratio that is written and drawn: few runs may bound nothing. */
static double ratio_of(double shift)
{
	const double most = log(BASELINE_RATIO_MAX);

	return exp(fmin(fmax(shift, -most), most));
}

/* The middles of buckets are not the very times: the interval gets their error,
 * too. */
static struct paced pace_of(double shift, struct spread_reach reach)
{
	struct paced p = {
		.ratio = ratio_of(shift),
		.low = ratio_of(shift - reach.half - RANK_ERROR),
		.high = ratio_of(shift + reach.half + RANK_ERROR),
		.seen = ratio_of(reach.seen + RANK_ERROR),
	};

	p.pace = p.low > 1 ? PACE_SLOWER : p.high < 1 ? PACE_FASTER : PACE_SAME;
	return p;
}

/* What one run shows by itself has an error; so many runs of it differ by the
 * supposed spread, each of the two. */
static struct spread_reach reach_alone(const struct timing *t, double half)
{
	double limit = student_limit(t->chance / 2, STUDENT_NORMAL);
	double sd = half / limit;

	return spread_known(sqrt(sd * sd + 2 * BASELINE_SUPPOSED_SPREAD *
						   BASELINE_SUPPOSED_SPREAD),
			    t->chance);
}

static void decide_alone(struct timing *t)
{
	double sum = 0, squares = 0, bounded = 0;

	for (size_t i = 0; i < t->count; i++) {
		if (t->half[i] < 0)
			continue;
		t->cells[i]->paced =
			pace_of(t->now[i], reach_alone(t, t->half[i]));
		sum += t->now[i];
		squares += t->half[i] * t->half[i];
		bounded++;
	}
	if (bounded > 0)
		t->b->whole = pace_of(sum / bounded,
				      reach_alone(t, sqrt(squares) / bounded));
}

static double mean_shift(const struct timing *t, size_t cell)
{
	double sum = 0;

	for (size_t run = 0; run < t->b->run_count; run++)
		sum += t->shifts[run * t->count + cell];
	return sum / (double)t->b->run_count;
}

static void decide_by_history(struct timing *t)
{
	const double cells = (double)t->count;
	const double runs = (double)t->b->run_count;
	struct spread s = spread_of(t->shifts, t->b->run_count, t->count);
	double sum = 0;

	for (size_t i = 0; i < t->count; i++) {
		double shift = t->now[i] - mean_shift(t, i);
		double fewer = t->values / (runs * cells) /
			       (double)t->cells[i]->is_count;

		sum += shift;
		t->cells[i]->paced =
			pace_of(shift, spread_cell(&s, t->chance,
						   fewer < 1 ? 1 : fewer));
	}
	t->b->whole = pace_of(sum / cells, spread_run(&s, t->chance));
}

/* ---- all ---- */

static const char *why_untimed(const struct timing *t)
{
	const struct baseline *b = t->b;
	const struct compared_condition *other =
		other_times(b->conditions, b->condition_count);

	if (other)
		return arena_printf(t->arena, "the runs differ in: %s",
				    other->name)
			       ?: "the runs were made under other conditions";
	if (b->was->version < 3 || b->is->version < 3)
		return "results of version 1 and 2 have no histograms";
	return t->count ? NULL : "no cell has times in both runs";
}

static int compare_times(struct timing *t, const struct results *history,
			 size_t count)
{
	struct baseline *b = t->b;

	if (list_cells(t) < 0)
		return -1;
	b->untimed = why_untimed(t);
	if (b->untimed)
		return 0;
	t->chance = BASELINE_ERROR_CHANCE / (double)(t->count + 1);
	if (list_runs(t, history, count) < 0 || measure(t) < 0)
		return -1;
	if (b->run_count > 1)
		decide_by_history(t);
	else
		decide_alone(t);
	for (size_t i = 0; i < t->count; i++)
		b->paces[t->cells[i]->paced.pace]++;
	return 0;
}

int baseline_times(struct baseline *b, const struct results *history,
		   size_t history_count, struct arena *arena, struct error *err)
{
	struct timing t = { .b = b,
			    .arena = arena,
			    .err = err,
			    .scratch = ARENA_INIT(scratch_max) };
	int rc = compare_times(&t, history, history_count);

	arena_release(&t.scratch);
	return rc;
}
