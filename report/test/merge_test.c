/* SPDX-License-Identifier: Apache-2.0 */
/* merge_test.c - the results of several runs make one answer. */
#include "report/merge.h"

#include "report/test/merge_story.h"
#include "report/test/xml.h"

/* ---- cells ---- */

#define P VERDICT_PASS
#define F VERDICT_FAIL
#define L VERDICT_FLAKY
#define U VERDICT_UNDECIDED
#define N VERDICT_NOT_RUN
#define S VERDICT_UNSUPPORTED
#define K VERDICT_KNOWN

/* Of a known failure `judged` is never the verdict; here both are, to try the
 * order of both alike. */
static const struct {
	size_t count;
	enum verdict parts[3], joined;
	const char *reason;
} joined_cells[] = {
	{ 0, { P }, N, "no run has these releases in one network" },
	{ 1, { P }, P, NULL },
	{ 1, { F }, F, "why a" },
	{ 2, { P, P }, P, NULL },
	{ 2, { P, F }, L, "passed in a; failed in b: why b" },
	{ 3,
	  { F, P, P },
	  L,
	  "passed in 2 runs, first in b; failed in a: why a" },
	{ 2, { F, F }, F, "failed in 2 runs, first in a: why a" },
	{ 2, { F, U }, F, "failed in a: why a" },
	{ 2, { L, F }, F, "failed in b: why b" },
	{ 3, { P, L, F }, L, "passed in a; failed in c: why c" },
	{ 2, { P, L }, L, "flaky in b: why b" },
	{ 2, { U, P }, P, "undecided in a: why a" },
	{ 2, { N, P }, P, "not run in a: why a" },
	{ 2, { U, N }, U, "undecided in a: why a" },
	{ 2, { N, N }, N, "why a" },
	{ 2, { S, S }, S, "why a" },
	{ 2, { S, P }, P, NULL },
	{ 2, { S, F }, F, "failed in b: why b" },
	{ 2, { S, N }, N, "why b" },
	{ 1, { K }, K, "why a" },
	{ 2, { P, K }, K, "is a known failure in b: why b" },
	{ 2, { K, K }, K, "is a known failure in 2 runs, first in a: why a" },
	{ 2, { K, U }, K, "is a known failure in a: why a" },
	{ 2, { K, F }, F, "failed in b: why b" },
	{ 2, { L, K }, L, "flaky in a: why a" },
};

static void a_verdict_comes_of_all_runs(void **state)
{
	static const struct source runs[] = { { .run = "a" },
					      { .run = "b" },
					      { .run = "c" } };
	static const char *const whys[] = { "why a", "why b", "why c" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(joined_cells); i++) {
		cleanup(arena_release) struct arena arena = ARENA_INIT(ROOM);
		struct cell_part parts[3] = { 0 };
		struct cell cell = { .parts = parts,
				     .part_count = joined_cells[i].count };
		struct error err = { 0 };

		for (size_t k = 0; k < joined_cells[i].count; k++)
			parts[k] = (struct cell_part){
				.source = &runs[k],
				.verdict = joined_cells[i].parts[k],
				.judged = joined_cells[i].parts[k],
				.required = joined_cells[i].parts[k] != S,
				.reason = joined_cells[i].parts[k] == P
						  ? NULL
						  : whys[k],
			};
		assert_ok(merge_verdict(&cell, &arena, &err), err);
		if (cell.verdict != joined_cells[i].joined)
			fail_msg("case %zu: verdict %d", i, cell.verdict);
		assert_int_equal(cell.judged, joined_cells[i].joined);
		if (!joined_cells[i].reason)
			assert_null(cell.reason);
		else
			assert_string_equal(cell.reason,
					    joined_cells[i].reason);
		assert_int_equal(cell.required,
				 joined_cells[i].count &&
					 joined_cells[i].joined != S);
	}
}

#undef P
#undef F
#undef L
#undef U
#undef N
#undef S
#undef K

/* ---- runs ---- */

static void parts_of_a_matrix_make_the_whole(void **state)
{
	struct merge_story *s = *state;
	const struct js *cell;
	struct js *root;

	judge_run(s, "green", "one");
	judge_run(s, "red", "two");
	root = joined(s, "one", "two");
	assert_int_equal(s->exit_code, 1);
	assert_string_equal(js_str(root, "run"), "out");
	assert_int_equal(js_count(js_get(root, "cells")), 25);
	assert_int_equal(js_count(js_get(root, "releases")), 6);
	assert_int_equal(js_count(js_get(root, "merged")), 2);
	assert_string_equal(
		js_str(js_at(js_get(root, "merged"), 1), "directory"), "two");
	cell = paid_cell(root, RED_PAYER);
	assert_string_equal(js_str(cell, "verdict"), "fail");
	assert_int_equal(js_count(js_get(cell, "findings")), 6);
	assert_string_equal(js_str(js_at(js_get(cell, "runs"), 0), "run"),
			    "two");
	cell = js_at(js_get(root, "cells"), 3); /* 4.0 pays 4.0+finance-4.0 */
	assert_string_equal(js_str(cell, "verdict"), "not-run");
	assert_string_equal(js_str(cell, "absence"), "apart");
	assert_false(js_bool(cell, "required", true));
	/* The evidence is in the run that has it. */
	assert_text(s, "look: medley show tx 4E074085 two\n");
	assert_text(s, "again: medley report --merge one two -o out");
	assert_text(s, "note: joined from 2 runs: one (PASS), two (FAIL: ");
	js_free(root);
}

static void repeats_add_up(void **state)
{
	struct merge_story *s = *state;
	const struct js *once, *twice;
	struct js *root, *single;

	judge_run(s, "green", "one");
	judge_run(s, "green", "two");
	root = joined(s, "one", "two");
	single = results_of("one");
	assert_int_equal(s->exit_code, 0);
	assert_string_equal(js_str(root, "answer"), "PASS");
	once = paid_cell(single, "4.0");
	twice = paid_cell(root, "4.0");
	assert_int_equal(js_int(twice, "settled", 0),
			 2 * js_int(once, "settled", 0));
	assert_int_equal(js_int(js_get(twice, "latency_ms"), "count", 0),
			 2 * js_int(js_get(once, "latency_ms"), "count", 0));
	assert_true(js_num(js_get(twice, "latency_ms"), "max", 0) ==
		    js_num(js_get(once, "latency_ms"), "max", -1));
	assert_int_equal(js_int(twice, "first_us", 0),
			 js_int(once, "first_us", -1));
	assert_int_equal(js_int(js_get(root, "issues"), "ok", 0),
			 2 * js_int(js_get(single, "issues"), "ok", -1));
	assert_true(js_num(root, "seconds", 0) ==
		    2 * js_num(single, "seconds", -1));
	js_free(root);
	js_free(single);
}

static void passed_and_failed_is_flaky(void **state)
{
	struct merge_story *s = *state;
	const struct js *cell;
	struct js *root;

	judge_run(s, "red", "bad");
	judge_run(s, "red", "good");
	mend("good");
	root = joined(s, "bad", "good");
	assert_int_equal(s->exit_code, 2);
	assert_string_equal(js_str(root, "answer"), "UNDECIDED");
	cell = paid_cell(root, RED_PAYER);
	assert_string_equal(js_str(cell, "verdict"), "flaky");
	assert_string_equal(js_str(cell, "reason"),
			    "passed in good; failed in bad: not-recorded, 6 of "
			    "6 payments");
	assert_int_equal(js_int(cell, "payments", 0), 12);
	assert_int_equal(js_count(js_get(cell, "findings")), 6);
	assert_string_equal(js_str(js_at(js_get(root, "findings"), 0), "run"),
			    "bad");
	js_free(root);
}

/* Deploy failed in one: it is told, and the other's cells have passed. */
static void a_run_that_ended_is_the_answer(void **state)
{
	static const char line[] =
		"{\"phase\":\"deploy\",\"seconds\":3,\"summary\":\"FAILED\","
		"\"ok\":false,\"error\":\"no room\",\"kind\":\"deploy\"}\n";
	struct merge_story *s = *state;
	struct error err = { 0 };
	const struct js *cell;
	struct js *root;
	char xml[PATH_ROOM];
	cleanup(buf_release) struct buf junit = BUF_INIT(ROOM);
	int code;

	judge_run(s, "green", "one");
	judge_run(s, "green", "two");
	assert_int_equal(unlink("two/history.jsonl"), 0);
	assert_int_equal(unlink("two/settlements.jsonl"), 0);
	assert_ok(file_write("two/phases.jsonl", line, strlen(line), 0644,
			     &err),
		  err);
	assert_ok(report_write("two", NULL, &s->text, &code, &err), err);
	assert_int_equal(code, ERROR_DEPLOY);
	root = joined(s, "one", "two");
	assert_int_equal(s->exit_code, ERROR_DEPLOY);
	assert_string_equal(js_str(root, "answer"), "DEPLOY FAILED");
	assert_string_equal(js_str(root, "reason"),
			    "two: DEPLOY FAILED: no room");
	cell = paid_cell(root, "4.0");
	assert_string_equal(js_str(cell, "verdict"), "pass");
	assert_string_equal(js_str(cell, "reason"),
			    "not run in two: deploy failed: no room");
	assert_ok(file_read(path_join(xml, "out", "junit.xml"), &junit, &err),
		  err);
	assert_null(xml_fault(buf_text(&junit)));
	assert_non_null(strstr(buf_text(&junit),
			       "<error message=\"two: DEPLOY FAILED: no room\" "
			       "type=\"undecided\"/>"));
	js_free(root);
}

/* What is doubted proves nothing, neither good nor bad. */
static void a_run_with_a_broken_record_proves_nothing(void **state)
{
	static const struct {
		const char *doubted, *verdict;
		bool told; /* older files have no member `doubt` */
	} cases[] = { { "good", "fail", true },
		      { "bad", "pass", true },
		      { "bad", "pass", false } };
	struct merge_story *s = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct js *root;

		judge_run(s, "red", "good");
		judge_run(s, "red", "bad");
		mend("good");
		root = results_of(cases[i].doubted);
		js_set_int(root, "exit_code", 2);
		js_set_str(root, "answer", "UNDECIDED");
		js_set_str(root, "reason", "a file is cut");
		js_set_str(root, "doubt", "a file is cut");
		keep_results(cases[i].doubted, root);
		if (!cases[i].told)
			replace(cases[i].doubted, "\"doubt\":", "\"other\":");
		root = joined(s, "bad", "good");
		assert_string_equal(js_str(paid_cell(root, RED_PAYER),
					   "verdict"),
				    cases[i].verdict);
		if (!strcmp(cases[i].verdict, "pass"))
			assert_string_equal(js_str(root, "reason"),
					    "bad: UNDECIDED: a file is cut");
		assert_int_equal(s->exit_code,
				 strcmp(cases[i].verdict, "pass") ? 1 : 2);
		js_free(root);
	}
}

static void different_versions_are_noted(void **state)
{
	struct merge_story *s = *state;
	struct js *root;

	judge_run(s, "green", "one");
	judge_run(s, "green", "two");
	root = results_of("two");
	js_set_str(root, "medley", "0.0.9");
	js_set_int(root, "seed", 77);
	js_set_str(root, "engine", "kubernetes");
	keep_results("two", root);
	root = joined(s, "one", "two");
	assert_int_equal(s->exit_code, 0);
	assert_text(s, "note: the runs were judged by different versions of "
		       "medley: one by ");
	assert_text(s, ", two by 0.0.9");
	assert_true(js_is_null(js_get(root, "seed")));
	assert_true(js_is_null(js_get(root, "engine")));
	js_free(root);
}

#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_verdict_comes_of_all_runs),
		T(parts_of_a_matrix_make_the_whole),
		T(repeats_add_up),
		T(passed_and_failed_is_flaky),
		T(a_run_that_ended_is_the_answer),
		T(a_run_with_a_broken_record_proves_nothing),
		T(different_versions_are_noted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
