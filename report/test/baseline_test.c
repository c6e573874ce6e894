/* SPDX-License-Identifier: Apache-2.0 */
/* baseline_test.c - each change of verdicts, releases and findings between two
 * runs is found, is called by its name, and no other is. */
#include "report/baseline.h"

#include "base/plain.h"
#include "report/test/baseline_story.h"

/* ---- verdicts ---- */

static void equal_runs_do_not_differ(void **state)
{
	struct story *s = *state;

	compare(s);
	assert_only(s, CELL_SAME, 0);
	assert_int_equal(s->b.cell_count, 9);
	assert_int_equal(s->b.finding_count, 0);
	assert_int_equal(s->b.condition_count, 0);
	assert_int_equal(s->b.paces[PACE_SAME], 6);
	assert_int_equal(s->b.paces[PACE_SLOWER] + s->b.paces[PACE_FASTER], 0);
	assert_says(s, "against run was (PASS): no differences\n");
}

/* Every pair of verdicts, and what became of the cell. */
static void verdicts_change(void **state)
{
	static const struct {
		const char *was, *is;
		enum cell_change change;
		const char *word;
	} rows[] = {
		{ "pass", "fail", CELL_NEW_FAILURE, "new failure" },
		{ "undecided", "fail", CELL_NEW_FAILURE, "new failure" },
		{ "flaky", "fail", CELL_NEW_FAILURE, "new failure" },
		{ "unsupported", "fail", CELL_NEW_FAILURE, "new failure" },
		{ "known-failure", "fail", CELL_NEW_FAILURE, "new failure" },
		{ "pass", "known-failure", CELL_NEW_FAILURE, "new failure" },
		{ "fail", "known-failure", CELL_STILL_FAILING,
		  "still failing" },
		{ "known-failure", "known-failure", CELL_STILL_FAILING,
		  "still failing" },
		{ "known-failure", "pass", CELL_FIXED, "fixed" },
		{ "pass", "flaky", CELL_NEWLY_FLAKY, "newly flaky" },
		{ "fail", "flaky", CELL_NEWLY_FLAKY, "newly flaky" },
		{ "not-run", "flaky", CELL_NEWLY_FLAKY, "newly flaky" },
		{ "fail", "fail", CELL_STILL_FAILING, "still failing" },
		{ "fail", "pass", CELL_FIXED, "fixed" },
		{ "flaky", "pass", CELL_FIXED, "fixed" },
		{ "pass", "not-run", CELL_LOST, "coverage lost" },
		{ "pass", "undecided", CELL_LOST, "coverage lost" },
		{ "fail", "unsupported", CELL_LOST, "coverage lost" },
		{ "flaky", "undecided", CELL_LOST, "coverage lost" },
		{ "not-run", "pass", CELL_GAINED, "newly judged" },
		{ "unsupported", "pass", CELL_GAINED, "newly judged" },
		{ "flaky", "flaky", CELL_SAME, "no differences" },
		{ "undecided", "not-run", CELL_SAME, "no differences" },
	};
	struct story *s = *state;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		plan_cell(&s->was, "4.0", "4.10")->cell.verdict = rows[i].was;
		plan_cell(&s->is, "4.0", "4.10")->cell.verdict = rows[i].is;
		buf_clear(&s->text);
		compare(s);
		assert_only(s, rows[i].change, 1);
		assert_says(s, rows[i].word);
		results_release(&s->before);
		results_release(&s->now);
	}
}

static void a_new_failure_says_where_and_why(void **state)
{
	struct story *s = *state;
	struct planned_cell *c = plan_cell(&s->is, "4.10", "4.5");

	c->cell.verdict = "fail";
	c->cell.reason = "3 payments lost";
	compare(s);
	assert_says(s, "  new failure    4.10 -> 4.5 (notary 4.8): was pass, "
		       "is fail: 3 payments lost\n");
}

/* ---- releases ---- */

static void a_release_that_is_gone_takes_its_cells_along(void **state)
{
	struct story *s = *state;

	plan_drop(&s->is, "4.5");
	compare(s);
	/* 4.5 -> 4.5 had not been judged: one bank */
	assert_only(s, CELL_LOST, 4);
	assert_int_equal(s->b.cell_count, 9);
	assert_null(cell_of(s, "4.5", "4.0")->is);
	assert_says(s, "  release gone   4.5: 4 cells had been judged\n");
	/* One line, not one for each cell. */
	assert_null(strstr(buf_text(&s->text), "coverage lost"));
}

static void a_new_release_has_new_cells(void **state)
{
	struct story *s = *state;

	plan_drop(&s->was, "4.5");
	compare(s);
	assert_only(s, CELL_GAINED, 4);
	assert_says(s, "  new release    4.5: maven:4.5\n");
	assert_says(s, "newly judged   4.0 -> 4.5");
}

static void commits_and_images_change(void **state)
{
	struct story *s = *state;

	s->was.releases[1].commit = "1111111111111111111111111111111111111111";
	s->is.releases[1].commit = "2222222222222222222222222222222222222222";
	s->is.releases[2].digest = "sha256:abcdef0123456789";
	s->is.releases[0].failure = "gradle failed";
	compare(s);
	assert_int_equal(s->b.releases[1].change, LIST_CHANGED);
	assert_says(s, "commit 111111111111 -> 222222222222\n");
	assert_says(s, "-> abcdef012345\n");
	assert_says(s, "build failed\n");
	assert_int_equal(s->b.releases[3].change, LIST_SAME);
}

/* ---- findings ---- */

#define FOUND(kind, node, tx)                                                  \
	"{\"kind\":\"" kind "\",\"node\":\"" node "\",\"tx\":\"" tx            \
	"\",\"summary\":\"why\",\"cell\":null}"
#define FOUND_IN(kind, payer)                                                  \
	"{\"kind\":\"" kind "\",\"cell\":{\"payer\":\"" payer                  \
	"\",\"payee\":\"4.5\",\"notary\":\"4.8\"}}"
#define NOTE "{\"kind\":\"behind\",\"note\":true,\"node\":\"n\",\"cell\":null}"

static void findings_are_matched_without_their_transactions(void **state)
{
	struct story *s = *state;

	s->was.findings = "[" FOUND("lost", "a", "1") "," FOUND(
		"stuck-flow", "a", "2") "," FOUND_IN("doubled", "4.0") "]";
	s->is.findings =
		"[" FOUND("lost", "a", "3") "," FOUND("lost", "b", "4") "," FOUND_IN(
			"doubled",
			"4.0") "," FOUND_IN("doubled",
					    "4.10") "," FOUND_IN("doubled",
								 "4.0") "," NOTE
									"]";
	compare(s);
	assert_int_equal(s->b.finding_count, 4);
	assert_says(s, "new finding    lost the network, b: 1, was 0: why\n");
	assert_says(s, "new finding    doubled 4.10 -> 4.5 (notary 4.8): 1, "
		       "was 0\n");
	assert_says(s, "more findings  doubled 4.0 -> 4.5 (notary 4.8): 2, "
		       "was 1\n");
	assert_says(s, "finding gone   stuck-flow the network, a: 0, was 1\n");
	assert_null(strstr(buf_text(&s->text), "network, a: 1"));
	assert_null(strstr(buf_text(&s->text), "behind"));
}

/* ---- contradictions ---- */

static void results_that_contradict_themselves(void **state)
{
	struct story *s = *state;
	struct error err = { 0 };

	s->was.cells[1].cell.payee = s->was.cells[2].cell.payee;
	assert_error(try_compare(s, &err), err,
		     "the results of run was have the cell");
	assert_int_equal(err.kind, ERROR_INPUT);
}

/* ---- what others wrote ---- */

#define BAD                                                                    \
	"\033]0;x\a\xC2\x9B"                                                   \
	"31m\xE2\x80\xAE<script>\"'&lt;@all #12 |`*_~$![a](b)"

static void assert_plain(const char *text)
{
	size_t len;

	for (; *text; text += len)
		if (!plain_next(text, &len) && *text != '\n' &&
		    strncmp(text, "\xE2\x80\x8B", 3))
			fail_msg("not plain: %.60s", text);
}

static void write_narrow(struct buf *out, const struct baseline *b)
{
	baseline_text(out, b, &(struct text_look){ .width = 80 });
}

/* Neither a terminal nor a browser nor GitHub obeys the texts of a file. */
static void hostile_texts_are_text(void **state)
{
	static const char *const markup[] = { "<script", "'&lt;@", "@all",
					      "#12" };
	void (*const outputs[])(struct buf *, const struct baseline *) = {
		write_narrow, baseline_markdown, baseline_page
	};
	struct story *s = *state;

	s->was.run = BAD;
	s->is.releases[0].commit = s->is.releases[0].digest = BAD;
	s->was.releases[1].label = BAD;
	s->is.engine = BAD;
	for (size_t i = 0; i < s->is.cell_count; i++)
		s->is.cells[i].cell.reason = BAD;
	s->is.cells[1].cell.verdict = "fail";
	s->is.cells[2].cell.verdict = BAD;
	s->was.cells[3].cell.payee = BAD "1";
	s->was.findings = "[{\"kind\":\"lost\",\"node\":\"\\u001b<script>\","
			  "\"cell\":null}]";
	compare(s);
	assert_plain(buf_text(&s->text));
	for (size_t i = 0; i < ARRAY_SIZE(outputs); i++) {
		buf_clear(&s->text);
		outputs[i](&s->text, &s->b);
		assert_plain(buf_text(&s->text));
		assert_non_null(strstr(buf_text(&s->text), "new failure"));
		for (size_t k = 0; i && k < (i == 1 ? 4 : 2); k++)
			if (strstr(buf_text(&s->text), markup[k]))
				fail_msg("%s is in %s", markup[k],
					 buf_text(&s->text));
	}
}

/* ---- as JSON ---- */

static void json_has_all_of_it(void **state)
{
	struct story *s = *state;
	cleanup(js_freep) struct js *json = NULL;
	const struct js *cell;

	add_history(s, 0.02, 0.01);
	plan_cell(&s->is, "4.0", "4.10")->slower = 2;
	plan_cell(&s->is, "4.0", "4.10")->cell.verdict = "fail";
	s->is.releases[0].digest = "sha256:0";
	s->is.findings = "[" FOUND("lost", "a", "1") "]";
	compare(s);
	json = baseline_js(&s->b);
	assert_string_equal(js_str(json, "run"), "was");
	assert_int_equal(js_int(js_get(json, "counts"), "new-failure", 0), 1);
	assert_int_equal(js_int(js_get(json, "counts"), "slower", 0), 1);
	assert_int_equal(js_count(js_get(js_get(json, "times"), "runs")), 6);
	assert_int_equal(js_count(js_get(json, "cells")), 9);
	assert_int_equal(js_count(js_get(json, "releases")), 1);
	assert_string_equal(
		js_str(js_get(js_at(js_get(json, "releases"), 0), "is"),
		       "digest"),
		"sha256:0");
	assert_string_equal(
		js_str(js_at(js_get(json, "findings"), 0), "change"), "new");
	cell = js_at(js_get(json, "cells"), 2);
	assert_string_equal(js_str(cell, "change"), "new-failure");
	assert_string_equal(js_str(cell, "pace"), "slower");
	assert_true(js_num(cell, "ratio", 0) > 1.5);
	assert_true(js_num(cell, "smallest", 0) > 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(equal_runs_do_not_differ),
		T(verdicts_change),
		T(a_new_failure_says_where_and_why),
		T(a_release_that_is_gone_takes_its_cells_along),
		T(a_new_release_has_new_cells),
		T(commits_and_images_change),
		T(findings_are_matched_without_their_transactions),
		T(results_that_contradict_themselves),
		T(hostile_texts_are_text),
		T(json_has_all_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
