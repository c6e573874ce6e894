/* SPDX-License-Identifier: Apache-2.0 */
/* report_fault_test.c - a report is whole, or is an error, whatever fails.
 *
 * A page that lacks a finding because memory ran out would be a false verdict.
 */
#include "report/expect.h"
#include "report/report.h"

#include "base/cleanup.h"
#include "run/score.h"
#include "report/text.h"
#include "test/support/fault_loop.h"
#include "test/support/scratch.h"

enum { ROOM = 16 * 1024 * 1024 };

struct reporting {
	struct scratch *at;
	bool shuffled; /* settlements in another order than the history */
	const char *declared; /* expected.yaml, or NULL */
	const char *earlier; /* results to compare with, or NULL */
	char vectors[PATH_ROOM];
	char run[PATH_ROOM];
	struct buf text;
	int exit_code;
};

static int copy_one(const char *name, void *ctx)
{
	struct reporting *r = ctx;
	char from[PATH_ROOM], to[PATH_ROOM];

	path_join(from, r->vectors, name);
	assert_ok(file_copy(from, path_join(to, r->run, name), 0644,
			    &r->at->err),
		  r->at->err);
	return 0;
}

/* The first line of settlements becomes the last. */
static void shuffle(struct reporting *r)
{
	cleanup(buf_release) struct buf text = BUF_INIT(ROOM);
	cleanup(buf_release) struct buf other = BUF_INIT(ROOM);
	struct error *err = &r->at->err;
	char path[PATH_ROOM];
	size_t first;

	path_join(path, r->run, "settlements.jsonl");
	assert_ok(file_read(path, &text, err), *err);
	first = strcspn(buf_text(&text), "\n") + 1;
	buf_add(&other, text.data + first, text.len - first);
	buf_add(&other, text.data, first);
	assert_ok(file_write(path, other.data, other.len, 0644, err), *err);
}

static void as_before(void *ctx)
{
	struct reporting *r = ctx;

	dir_remove(r->run, NULL);
	assert_ok(dir_make(r->run, 0755, &r->at->err), r->at->err);
	dir_each(r->vectors, copy_one, r, &r->at->err);
	if (r->shuffled)
		shuffle(r);
	if (r->declared)
		scratch_write(r->at, "run/expected.yaml", r->declared);
	r->text = (struct buf)BUF_INIT(ROOM);
	r->exit_code = -1;
}

static int report(void *ctx, struct error *err)
{
	struct reporting *r = ctx;

	buf_clear(&r->text);
	return report_write_against(r->run, NULL,
				    &(struct against){ "runs", &r->earlier,
						       r->earlier ? 1 : 0 },
				    &r->text, &r->exit_code, err);
}

static void show(void *ctx, struct buf *out)
{
	static const char *const names[] = { "results.json", "junit.xml",
					     "matrix.md", "report.html" };
	struct reporting *r = ctx;
	char path[PATH_ROOM];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (file_exists(path_join(path, r->run, names[i])))
			assert_ok(file_read(path, out, &r->at->err),
				  r->at->err);
	buf_addf(out, "%sexit code %d\n", buf_text(&r->text), r->exit_code);
}

static void release(void *ctx)
{
	struct reporting *r = ctx;

	buf_release(&r->text);
}

/* Four files are written one after the other: some may be new, others old.
 * Without Jansson's own allocations: its lexer fails an assertion where it
 * cannot keep a long word. */
static void try(void **state, const char *vectors, bool shuffled,
		const char *declared, const char *earlier)
{
	struct fault_story story = {
		.name = earlier ?: vectors,
		.kinds = shuffled || earlier
				 ? FAULTS_MEMORY
				 : FAULTS_MEMORY | FAULTS_READ | FAULTS_WRITE |
					   FAULTS_FULL,
		.prepare = as_before,
		.run = report,
		.show = show,
		.release = release,
		.trace = TRACE_ANY,
		.places = shuffled || earlier ? 50 : 150,
	};
	struct reporting r = { .at = *state,
			       .shuffled = shuffled,
			       .declared = declared,
			       .earlier = earlier };

	path_printf(r.vectors, "test/vectors/report/%s", vectors);
	path_join(r.run, r.at->dir, "run");
	fault_loop(&story, &r);
}

static void of_a_good_run(void **state)
{
	try(state, "green", false, NULL, NULL);
}

static void of_a_run_with_findings(void **state)
{
	try(state, "red", false, NULL, NULL);
}

static void of_settlements_in_another_order(void **state)
{
	try(state, "red", true, NULL, NULL);
}

/* An entry that memory did not suffice for would fail a cell that is excused,
 * or leave a remark out. */
static void of_declared_cells(void **state)
{
	try(state, "red", false,
	    "known_failures:\n"
	    "- {payer: 4.10+finance-4.10, payee: 4.0+finance-4.0, "
	    "reason: a, owner: b, finding: not-recorded, message: hospital}\n"
	    "- {payer: 4.10+finance-4.10, payee: 4.0+finance-4.0, "
	    "reason: a, expires: 2026-01-01}\n"
	    "- {payer: 4.0+finance-4.0, payee: 4.10+finance-4.10, "
	    "reason: c}\n"
	    "unsupported:\n- {payer: d, payee: e, reason: f}\n",
	    NULL);
}

/* ---- an entry more in expected.yaml ---- */

static int declare(void *ctx, struct error *err)
{
	struct reporting *r = ctx;
	const struct declaration what = {
		.kind = EXPECTED_KNOWN,
		.cell = "4.10+finance-4.10:4.0+finance-4.0",
		.reason = "one jar",
	};
	struct declared declared;
	char path[PATH_ROOM];

	buf_clear(&r->text);
	return expect_write(r->run, &what,
			    path_join(path, r->at->dir, "mine.yaml"), &declared,
			    &r->text, err);
}

static void as_before_with_mine(void *ctx)
{
	struct reporting *r = ctx;

	as_before(ctx);
	scratch_write(r->at, "mine.yaml", "# mine\nunsupported: # none\n");
}

static void show_mine(void *ctx, struct buf *out)
{
	struct reporting *r = ctx;
	char path[PATH_ROOM];

	path_join(path, r->at->dir, "mine.yaml");
	assert_ok(file_read(path, out, &r->at->err), r->at->err);
}

/* The file is the old or the new one. */
static void of_an_entry_that_is_added(void **state)
{
	struct fault_story story = {
		.name = "expect",
		.kinds = FAULTS_MEMORY | FAULTS_READ | FAULTS_WRITE |
			 FAULTS_FULL,
		.prepare = as_before_with_mine,
		.run = declare,
		.show = show_mine,
		.release = release,
		.trace = TRACE_ANY,
		.places = 150,
	};
	struct reporting r = { .at = *state };

	path_printf(r.vectors, "test/vectors/report/red");
	path_join(r.run, r.at->dir, "run");
	fault_loop(&story, &r);
}

static void against_an_earlier_run(void **state)
{
	try(state, "red", false, NULL, "test/vectors/baseline/earlier.json");
}

/* ---- what a person reads ---- */

/* A run that is judged beforehand. */
struct writing {
	struct arena arena;
	struct record record;
	struct judgement j;
	struct buf text;
};

static int write_text(void *ctx, struct error *err)
{
	struct writing *w = ctx;

	buf_clear(&w->text);
	text_write(&w->j, NULL, &w->text);
	return buf_check(&w->text, err);
}

static void show_text(void *ctx, struct buf *out)
{
	struct writing *w = ctx;

	if (!w->text.failed)
		buf_add_str(out, buf_text(&w->text));
}

static void forget_text(void *ctx)
{
	struct writing *w = ctx;

	buf_release(&w->text);
}

/* Every place: a column that was measured without memory is too narrow for a
 * text that is there later. */
static void of_the_text_alone(void **state)
{
	struct fault_story story = { .name = "text",
				     .kinds = FAULTS_MEMORY,
				     .run = write_text,
				     .show = show_text,
				     .release = forget_text,
				     .trace = TRACE_ANY,
				     .places = 100000 };
	struct writing w = { .arena = ARENA_INIT(ROOM),
			     .text = BUF_INIT(ROOM) };
	struct error err = { 0 };

	(void)state;
	assert_ok(record_load("test/vectors/report/red", &w.arena, &w.record,
			      &err),
		  err);
	assert_ok(judge(&w.record, &w.arena, &w.j, &err), err);
	fault_loop(&story, &w);
	record_release(&w.record);
	arena_release(&w.arena);
}

/* ---- scores of several results.json ---- */

struct scoring {
	struct buf texts[2];
	struct arena arena;
	struct scored_cell *cells; /* of the first, with the second in it */
	size_t count;
};

static int merge_all(struct scored_cell *to, const struct scored_cell *from,
		     size_t count, struct error *err)
{
	for (size_t i = 0; i < count; i++)
		if (score_merge(&to[i].score, &from[i].score, err) < 0)
			return -1;
	return 0;
}

static int read_and_merge(void *ctx, struct error *err)
{
	struct scoring *s = ctx;
	struct scored_cell *cells[2];
	size_t count;

	for (int i = 0; i < 2; i++)
		if (scores_parse("results.json", s->texts[i].data,
				 s->texts[i].len, &s->arena, &cells[i], &count,
				 err) < 0)
			return -1;
	if (merge_all(cells[0], cells[1], count, err) < 0)
		return -1;
	s->cells = cells[0];
	s->count = count;
	return 0;
}

static void show_scores(void *ctx, struct buf *out)
{
	struct scoring *s = ctx;

	for (size_t i = 0; i < s->count; i++) {
		cleanup(js_freep) struct js *o = js_object();
		struct error err = { 0 };

		score_set(o, &s->cells[i].score);
		assert_ok(js_print(o, JS_PRETTY, out, &err), err);
	}
}

static void forget_scores(void *ctx)
{
	struct scoring *s = ctx;

	arena_release(&s->arena);
	s->arena = (struct arena)ARENA_INIT(ROOM);
	s->count = 0;
}

static void of_two_results_that_are_merged(void **state)
{
	struct fault_story story = { .name = "scores",
				     .kinds = FAULTS_MEMORY,
				     .run = read_and_merge,
				     .show = show_scores,
				     .release = forget_scores };
	struct scoring s = { .arena = ARENA_INIT(ROOM) };

	(void)state;
	s.texts[0] = test_vector("results/version-2.json");
	s.texts[1] = test_vector("results/version-3.json");
	fault_loop(&story, &s);
	buf_release(&s.texts[0]);
	buf_release(&s.texts[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(of_a_good_run),
		SCRATCH_TEST(of_a_run_with_findings),
		SCRATCH_TEST(of_settlements_in_another_order),
		SCRATCH_TEST(of_declared_cells),
		SCRATCH_TEST(of_an_entry_that_is_added),
		SCRATCH_TEST(against_an_earlier_run),
		cmocka_unit_test(of_the_text_alone),
		cmocka_unit_test(of_two_results_that_are_merged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
