/* SPDX-License-Identifier: Apache-2.0 */
/* baseline_story.h - two runs, planned from a stored real one, altered by a
 * test and compared. */
#ifndef REPORT_TEST_BASELINE_STORY_H
#define REPORT_TEST_BASELINE_STORY_H

#include "report/baseline_lines.h"
#include "report/test/baseline_run.h"
#include "report/test/green_run.h"

enum { HISTORY = 5, OUTPUT_MAX = 1 << 20 };

struct story {
	struct arena arena;
	struct results stored;
	struct planned_run was, is;
	struct results before, now, history[HISTORY];
	size_t history_count;
	struct baseline b;
	struct buf text;
};

/* Reports a stored run, and reads its results. */
static inline void read_stored(struct story *s)
{
	void *state;
	struct error err = { 0 };
	char path[PATH_ROOM];

	assert_int_equal(green_begin(&state), 0);
	report(state);
	path_join(path, ((struct green_run *)state)->at.dir, "results.json");
	assert_ok(results_read(path, &s->arena, &s->stored, &err), err);
	green_end(&state);
}

static inline int begin(void **state)
{
	struct story *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	arena_init(&s->arena, RUN_ROOM);
	read_stored(s);
	plan_begin(&s->was, &s->stored, "was", 1);
	plan_begin(&s->is, &s->stored, "is", 2);
	s->text = (struct buf)BUF_INIT(OUTPUT_MAX);
	*state = s;
	return 0;
}

static inline int end(void **state)
{
	struct story *s = *state;

	results_release(&s->stored);
	results_release(&s->before);
	results_release(&s->now);
	for (size_t i = 0; i < s->history_count; i++)
		results_release(&s->history[i]);
	buf_release(&s->text);
	arena_release(&s->arena);
	free(s);
	return 0;
}

static inline int try_compare(struct story *s, struct error *err)
{
	plan_read(&s->was, &s->arena, &s->before);
	plan_read(&s->is, &s->arena, &s->now);
	return baseline_compare(&s->before, &s->now, s->history,
				s->history_count, &s->arena, &s->b, err);
}

static inline void compare(struct story *s)
{
	struct error err = { 0 };

	assert_ok(try_compare(s, &err), err);
	baseline_text(&s->text, &s->b, &(struct text_look){ .width = 100 });
}

static inline void assert_says(const struct story *s, const char *part)
{
	if (!strstr(buf_text(&s->text), part))
		fail_msg("\"%s\" is not in %s", part, buf_text(&s->text));
}

static inline void assert_only(const struct story *s, enum cell_change change,
			       size_t count)
{
	for (int i = CELL_NEW_FAILURE; i < CELL_CHANGES; i++)
		if (s->b.counts[i] != (i == (int)change ? count : 0))
			fail_msg("%s: %zu", cell_change_word(i),
				 s->b.counts[i]);
}

static const struct compared_cell *cell_of(const struct story *s,
					   const char *payer, const char *payee)
{
	for (size_t i = 0; i < s->b.cell_count; i++)
		if (!strcmp(s->b.cells[i].payer, payer) &&
		    !strcmp(s->b.cells[i].payee, payee))
			return &s->b.cells[i];
	fail_msg("no cell %s -> %s", payer, payee);
	return NULL;
}

/* Earlier runs that differ a little, as on a machine of their own. */
static inline void add_history(struct story *s, double run_sd, double cell_sd)
{
	static const char *const names[HISTORY] = { "h1", "h2", "h3", "h4",
						    "h5" };

	s->was.run_sd = s->is.run_sd = run_sd;
	s->was.cell_sd = s->is.cell_sd = cell_sd;
	for (size_t i = 0; i < HISTORY; i++) {
		struct planned_run p;

		plan_begin(&p, &s->stored, names[i], 100 + i);
		p.run_sd = run_sd;
		p.cell_sd = cell_sd;
		plan_read(&p, &s->arena, &s->history[s->history_count++]);
	}
}

#define T(t) cmocka_unit_test_setup_teardown(t, begin, end)

#endif
