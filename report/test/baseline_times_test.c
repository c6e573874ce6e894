/* SPDX-License-Identifier: Apache-2.0 */
/* baseline_times_test.c - a cell is slower or faster than the noise of equal
 * runs explains, or nobody says so. */
#include "report/baseline.h"

#include "report/test/baseline_story.h"

static void a_cell_that_is_30_percent_slower(void **state)
{
	struct story *s = *state;
	const struct compared_cell *c;

	add_history(s, 0.02, 0.01);
	plan_cell(&s->is, "4.0", "4.10")->slower = 1.3;
	compare(s);
	assert_only(s, CELL_SAME, 0);
	assert_int_equal(s->b.run_count, HISTORY + 1);
	assert_int_equal(s->b.paces[PACE_SLOWER], 1);
	assert_int_equal(s->b.paces[PACE_SAME], 5);
	c = cell_of(s, "4.0", "4.10");
	assert_int_equal(c->paced.pace, PACE_SLOWER);
	assert_true(c->paced.low < 1.3 && c->paced.high > 1.3);
	assert_int_equal(c->is_count, 200);
	assert_true(c->is_p50 > c->was_p50);
	assert_says(s, "  slower         4.0 -> 4.10 (notary 4.8): +");
	assert_says(s, "compared with 6 runs");
}

static void a_cell_that_is_faster(void **state)
{
	struct story *s = *state;

	add_history(s, 0.02, 0.01);
	plan_cell(&s->is, "4.0", "4.10")->slower = 1 / 1.4;
	compare(s);
	assert_int_equal(s->b.paces[PACE_FASTER], 1);
	assert_int_equal(s->b.paces[PACE_SLOWER], 0);
	assert_says(s, "  faster         4.0 -> 4.10 (notary 4.8): -");
}

/* Equal runs of this machine differ by more than that. */
static void noise_hides_30_percent(void **state)
{
	struct story *s = *state;

	add_history(s, 0.2, 0.1);
	plan_cell(&s->is, "4.0", "4.10")->slower = 1.3;
	compare(s);
	assert_int_equal(s->b.paces[PACE_SLOWER], 0);
	assert_true(cell_of(s, "4.0", "4.10")->paced.seen > 1.3);
}

/* Of one run against one nobody knows how much equal runs differ. */
static void one_run_alone_shows_only_large_changes(void **state)
{
	struct story *s = *state;

	plan_cell(&s->is, "4.0", "4.10")->slower = 1.3;
	plan_cell(&s->is, "4.10", "4.0")->slower = 2.5;
	compare(s);
	assert_int_equal(s->b.run_count, 1);
	assert_int_equal(cell_of(s, "4.0", "4.10")->paced.pace, PACE_SAME);
	assert_int_equal(cell_of(s, "4.10", "4.0")->paced.pace, PACE_SLOWER);
	assert_says(s, "one run, and a supposed spread");
}

static void a_run_that_is_slower_as_a_whole(void **state)
{
	struct story *s = *state;

	add_history(s, 0.02, 0.02);
	for (size_t i = 0; i < s->is.cell_count; i++)
		s->is.cells[i].slower = 1.4;
	compare(s);
	assert_int_equal(s->b.whole.pace, PACE_SLOWER);
	assert_int_equal(s->b.paces[PACE_SLOWER], 6);
	assert_says(s, "  slower         the run as a whole: +");
}

static void few_payments_tell_nothing(void **state)
{
	struct story *s = *state;

	plan_cell(&s->is, "4.0", "4.10")->payments = 2;
	plan_cell(&s->was, "4.0", "4.10")->payments = 2;
	compare(s);
	assert_int_equal(cell_of(s, "4.0", "4.10")->paced.pace, PACE_UNKNOWN);
	assert_int_equal(s->b.paces[PACE_SAME], 5);
	assert_says(s, "Cells with too few payments: 1.");
}

static void other_conditions_are_told_and_not_compared(void **state)
{
	struct story *s = *state;

	s->is.load = "{\"count\":5400}";
	s->is.engine = "kubernetes";
	compare(s);
	assert_int_equal(s->b.condition_count, 2);
	assert_says(s, "condition      engine: was podman, is kubernetes\n");
	assert_says(s, "Times are not compared: the runs differ in: engine.\n");
	assert_int_equal(s->b.paces[PACE_SAME], 0);
}

/* Runs of another load, or without a cell, show nothing of this one. */
static void history_that_does_not_fit_is_left_out(void **state)
{
	struct story *s = *state;
	struct planned_run p;

	plan_begin(&p, &s->stored, "other", 50);
	p.load = "{\"count\":1}";
	plan_read(&p, &s->arena, &s->history[s->history_count++]);
	plan_begin(&p, &s->stored, "smaller", 51);
	plan_drop(&p, "4.5");
	plan_read(&p, &s->arena, &s->history[s->history_count++]);
	plan_begin(&p, &s->stored, "fits", 52);
	plan_read(&p, &s->arena, &s->history[s->history_count++]);
	compare(s);
	assert_int_equal(s->b.run_count, 2);
	assert_int_equal(s->b.history_left_out, 2);
	assert_string_equal(s->b.runs[1], "fits");
	assert_says(s, "compared with 2 runs (2 left out");
}

static void older_versions_have_no_times(void **state)
{
	struct story *s = *state;

	for (int version = 1; version <= 2; version++) {
		s->was.version = version;
		plan_cell(&s->was, "4.0", "4.10")->cell.verdict = "fail";
		buf_clear(&s->text);
		compare(s);
		assert_only(s, CELL_FIXED, 1);
		assert_says(s, "version 1 and 2 have no histograms");
		results_release(&s->before);
		results_release(&s->now);
	}
}

/* Equal runs, compared again and again; returns in how many of the comparisons
 * a cell or the run was called slower or faster. */
static int false_alarms(struct story *s, size_t history, double run_sd,
			double cell_sd, int trials)
{
	static const char *const names[HISTORY] = { "1", "2", "3", "4", "5" };
	int alarms = 0;

	for (int t = 0; t < trials; t++) {
		struct arena arena = ARENA_INIT(RUN_ROOM);
		struct results runs[HISTORY + 2];
		struct error err = { 0 };

		for (size_t i = 0; i < history + 2; i++) {
			struct planned_run p;

			plan_begin(&p, &s->stored, i < HISTORY ? names[i] : "n",
				   (uint64_t)t * 100 + i);
			p.run_sd = run_sd;
			p.cell_sd = cell_sd;
			for (size_t c = 0; c < p.cell_count; c++)
				p.cells[c].payments = 30;
			plan_read(&p, &arena, &runs[i]);
		}
		assert_ok(baseline_compare(&runs[0], &runs[1], &runs[2],
					   history, &arena, &s->b, &err),
			  err);
		alarms += s->b.paces[PACE_SLOWER] || s->b.paces[PACE_FASTER] ||
			  s->b.whole.pace != PACE_SAME;
		for (size_t i = 0; i < history + 2; i++)
			results_release(&runs[i]);
		arena_release(&arena);
	}
	return alarms;
}

/* One comparison in twenty, as was promised: of 300 comparisons 15, and three
 * standard deviations. */
static void equal_runs_raise_few_alarms(void **state)
{
	struct story *s = *state;
	const double supposed = BASELINE_SUPPOSED_SPREAD;
	const int alarms[] = {
		false_alarms(s, 0, 0, 0, 300),
		false_alarms(s, 0, supposed, 0, 300),
		false_alarms(s, 1, 0.1, 0.1, 300),
		false_alarms(s, 4, 0.1, 0.05, 300),
	};

	for (size_t i = 0; i < ARRAY_SIZE(alarms); i++)
		if (alarms[i] > 15 + 11)
			fail_msg("%zu: %d of 300", i, alarms[i]);
}

static void times_that_are_none(void **state)
{
	struct story *s = *state;
	struct error err = { 0 };

	plan_read(&s->was, &s->arena, &s->before);
	plan_read(&s->is, &s->arena, &s->now);
	for (size_t i = 0; i < s->before.cell_count; i++)
		if (s->before.cells[i].service)
			s->before.cells[i].service = "1 2 3 x";
	assert_error(baseline_compare(&s->before, &s->now, NULL, 0, &s->arena,
				      &s->b, &err),
		     err, "service_ms: not a histogram");
	assert_int_equal(err.kind, ERROR_INPUT);
}

/* The greatest times and the least, of few runs: an interval without bounds is
 * still a number. */
static void times_of_any_size(void **state)
{
	struct story *s = *state;
	cleanup(js_freep) struct js *json = NULL;
	struct error err = { 0 };

	plan_begin(&s->is, &s->stored, "third", 9);
	plan_read(&s->was, &s->arena, &s->before);
	plan_read(&s->is, &s->arena, &s->now);
	plan_begin(&s->is, &s->stored, "second", 9);
	plan_read(&s->is, &s->arena, &s->history[s->history_count++]);
	for (size_t i = 0; i < s->now.cell_count; i++) {
		if (!s->now.cells[i].service)
			continue;
		s->now.cells[i].service =
			"9223372036854775807 9223372036854775807 "
			"9223372036854775807 7295";
		s->history[0].cells[i].service = "0 0 0 0x9";
	}
	assert_ok(baseline_compare(&s->before, &s->now, s->history, 1,
				   &s->arena, &s->b, &err),
		  err);
	baseline_text(&s->text, &s->b, &(struct text_look){ .width = 60 });
	json = baseline_js(&s->b);
	buf_clear(&s->text);
	assert_ok(js_print(json, JS_LINE, &s->text, &err), err);
	assert_null(strstr(buf_text(&s->text), "inf"));
	assert_null(strstr(buf_text(&s->text), "nan"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_cell_that_is_30_percent_slower),
		T(a_cell_that_is_faster),
		T(noise_hides_30_percent),
		T(one_run_alone_shows_only_large_changes),
		T(a_run_that_is_slower_as_a_whole),
		T(few_payments_tell_nothing),
		T(other_conditions_are_told_and_not_compared),
		T(history_that_does_not_fit_is_left_out),
		T(older_versions_have_no_times),
		T(equal_runs_raise_few_alarms),
		T(times_that_are_none),
		T(times_of_any_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
