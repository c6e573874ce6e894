/* SPDX-License-Identifier: Apache-2.0 */
/* archive_cell_test.c - since when a cell is red, how long it has been stable,
 * and whether it gets slower. */
#include "run/archive_cell.h"

#include "base/cleanup.h"
#include "test/support/test.h"

enum { POINTS = 64 };

/* A cell of verdicts by their first letters: p f y(flaky) u(ndecided) -(not
 * run). */
static struct archive_cell cell_of(const char *letters,
				   struct archive_point points[POINTS])
{
	static const struct {
		char letter;
		const char *verdict;
	} words[] = { { 'p', "pass" },	  { 'f', "fail" },
		      { 'y', "flaky" },	  { 'u', "undecided" },
		      { '-', "not-run" }, { '?', "a word of the future" } };
	const size_t count = strlen(letters);

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < ARRAY_SIZE(words); k++)
			if (letters[i] == words[k].letter)
				points[i] = (struct archive_point){
					.verdict = words[k].verdict,
					.p50_us = -1,
					.p95_us = -1
				};
	return (struct archive_cell){ "n", "a", "b", "c", points, count };
}

static void red_begins_after_the_last_pass(void **state)
{
	static const struct {
		const char *letters;
		int red; /* index; -1: it is not red */
		size_t runs;
	} cases[] = {
		{ "p", -1, 0 },	  { "f", 0, 1 },      { "ppff", 2, 2 },
		{ "fpf", 2, 1 },  { "ffp", -1, 0 },   { "pfufyf", 1, 5 },
		{ "pf-u", 1, 3 }, { "yyuu-", -1, 0 }, { "fyp", -1, 0 },
		{ "p?f", 2, 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct archive_point points[POINTS];
		const struct archive_cell cell =
			cell_of(cases[i].letters, points);
		struct archive_standing s;

		archive_judge_cell(&cell, &s);
		if (cases[i].red < 0)
			assert_null(s.red);
		else
			assert_ptr_equal(s.red, &points[cases[i].red]);
		assert_int_equal(s.red_runs, cases[i].runs);
	}
}

static void stable_runs_are_those_in_a_row(void **state)
{
	static const struct {
		const char *letters;
		unsigned runs;
	} cases[] = {
		{ "ppp", 3 }, { "fpp", 2 },    { "ppf", 0 },
		{ "ppy", 0 }, { "ppyppp", 3 }, { "p-pup", 3 },
		{ "--", 0 },  { "fp-", 1 },    { "p?p", 2 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct archive_point points[POINTS];
		const struct archive_cell cell =
			cell_of(cases[i].letters, points);

		assert_int_equal(archive_stable_runs(&cell), cases[i].runs);
	}
}

/* ---- latency ---- */

/* The p50 of runs, in ms, up to 0; p95 is twice that. */
static enum trend trend_of(const int *p50_ms, struct archive_standing *ret)
{
	struct archive_point points[POINTS];
	struct archive_cell cell = { "n", "a", "b", "c", points, 0 };

	for (; p50_ms[cell.count]; cell.count++)
		points[cell.count] = (struct archive_point){
			.verdict = "pass",
			.p50_us = p50_ms[cell.count] < 0
					  ? -1
					  : p50_ms[cell.count] * 1000,
			.p95_us = p50_ms[cell.count] < 0
					  ? -1
					  : p50_ms[cell.count] * 2000,
		};
	archive_judge_cell(&cell, ret);
	return ret->trend;
}

#define TREND(s, ...) trend_of((const int[]){ __VA_ARGS__, 0 }, s)

static void the_last_runs_are_compared_with_those_before(void **state)
{
	struct archive_standing s;

	(void)state;
	assert_int_equal(TREND(&s, 100, 101, 99, 100, 102, 98, 100, 140, 150,
			       145, 141, 139),
			 TREND_SLOWER);
	assert_int_equal(s.last.runs, 5);
	assert_int_equal(s.last.p50_us, 141000);
	assert_int_equal(s.last.p95_us, 282000);
	assert_int_equal(s.before.runs, 7);
	assert_int_equal(s.before.p50_us, 100000);
	assert_int_equal(TREND(&s, 140, 150, 145, 141, 139, 100, 101, 99, 100,
			       102),
			 TREND_FASTER);
	/* One slow run is no trend, nor is a fifth. */
	assert_int_equal(TREND(&s, 100, 100, 100, 100, 100, 100, 100, 900, 100,
			       100),
			 TREND_STEADY);
	assert_int_equal(TREND(&s, 100, 100, 100, 100, 100, 120, 120, 120, 120,
			       120),
			 TREND_STEADY);
	/* What was seen before is noise. */
	assert_int_equal(TREND(&s, 100, 160, 90, 170, 100, 150, 150, 150, 150,
			       150),
			 TREND_STEADY);
}

static void few_runs_have_no_trend(void **state)
{
	struct archive_standing s;

	(void)state;
	assert_int_equal(TREND(&s, -1, -1), TREND_UNKNOWN);
	assert_int_equal(s.last.runs, 0);
	assert_int_equal(s.last.p50_us, -1);
	assert_int_equal(s.before.p50_us, -1);
	assert_int_equal(TREND(&s, 100, 100, 100, 900, 900), TREND_UNKNOWN);
	assert_int_equal(s.last.p50_us, 100000);
	/* Runs without an answer are passed over. */
	assert_int_equal(TREND(&s, 100, -1, 101, 102, -1, 900, 901, -1, 902),
			 TREND_SLOWER);
	assert_int_equal(s.last.runs, 3);
	assert_int_equal(s.before.runs, 3);
	assert_string_equal(trend_word(TREND_UNKNOWN), "too few runs");
	assert_string_equal(trend_word(TREND_SLOWER), "slower");
}

static void runs_of_long_ago_do_not_count(void **state)
{
	struct archive_standing s;

	(void)state;
	assert_int_equal(TREND(&s, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 100, 100,
			       100, 100, 100, 100, 100, 100, 100, 100, 100, 100,
			       100, 100, 100, 100, 100, 100, 100, 100, 100, 100,
			       100, 100, 100),
			 TREND_STEADY);
	assert_int_equal(s.before.runs, 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(red_begins_after_the_last_pass),
		cmocka_unit_test(stable_runs_are_those_in_a_row),
		cmocka_unit_test(the_last_runs_are_compared_with_those_before),
		cmocka_unit_test(few_runs_have_no_trend),
		cmocka_unit_test(runs_of_long_ago_do_not_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
