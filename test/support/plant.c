/* SPDX-License-Identifier: Apache-2.0 */
/* plant.c - runs a table of plants: a test for each of them and each cell. */
#include "test/support/plant.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "test/support/test.h"

enum { TEXT_MAX = 16 * 1024 * 1024, TESTS_MAX = 1024 };

static const char default_run[] = "two-releases";

/* ---- what must be found ---- */

static bool same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static const char *label_of(const struct planting *p, unsigned node)
{
	const struct network *net = &p->trial.net;

	return net->releases[net->nodes[node].release].label;
}

static bool names_release(const struct planting *p, const struct finding *f,
			  const char *role, unsigned node)
{
	return same(js_str(js_get(f->evidence, role), "release"),
		    label_of(p, node));
}

static bool names_cell(const struct planting *p, const struct finding *f)
{
	const struct network_node *nodes = p->trial.net.nodes;

	return same(f->payer, nodes[p->payer].name) &&
	       same(f->payee, nodes[p->payee].name) &&
	       same(f->notary, nodes[p->notary].name) &&
	       names_release(p, f, "payer", p->payer) &&
	       names_release(p, f, "payee", p->payee) &&
	       names_release(p, f, "notary", p->notary);
}

static bool is_about(const struct planting *p, const struct wanted *w,
		     const struct finding *f)
{
	cleanup(buf_release) struct buf tx = BUF_INIT(TEXT_MAX);

	if (!w->tx)
		return same(f->tx, p->op->tx) && names_cell(p, f);
	planting_words(p, w->tx, &tx);
	if (!tx.len)
		return !f->tx && !f->payer && !f->payee && !f->notary;
	return same(f->tx, buf_text(&tx));
}

static bool fits(const struct planting *p, const struct wanted *w,
		 const struct finding *f)
{
	cleanup(buf_release) struct buf part = BUF_INIT(TEXT_MAX);

	planting_words(p, w->part, &part);
	return f->kind == w->kind && f->note == w->note &&
	       same(f->node, w->at ? planting_node(p, w->at)->name : NULL) &&
	       is_about(p, w, f) && strstr(f->summary, buf_text(&part));
}

static void compare_findings(const struct planting *p)
{
	const struct wanted *wanted = p->plant->wanted;
	bool seen[PLANT_WANTED] = { false };

	for (size_t i = 0; i < p->trial.found_count; i++) {
		const struct finding *f = &p->trial.found[i];
		size_t w = 0;

		while (w < PLANT_WANTED && wanted[w].part &&
		       (seen[w] || !fits(p, &wanted[w], f)))
			w++;
		if (w == PLANT_WANTED || !wanted[w].part)
			fail_msg("not wanted: %s of %s at %s: %s",
				 finding_name(f->kind), f->tx ? f->tx : "-",
				 f->node ? f->node : "-", f->summary);
		seen[w] = true;
	}
	for (size_t w = 0; w < PLANT_WANTED && wanted[w].part; w++)
		if (!seen[w])
			fail_msg("not found: %s, \"%s\"",
				 finding_name(wanted[w].kind), wanted[w].part);
}

/* ---- what the report must fail ---- */

static bool is_cell(const struct planting *p, const struct js *cell)
{
	return same(js_str(cell, "payer"), label_of(p, p->payer)) &&
	       same(js_str(cell, "payee"), label_of(p, p->payee)) &&
	       same(js_str(cell, "notary"), label_of(p, p->notary));
}

static void compare_verdicts(const struct planting *p)
{
	const struct js *cells = js_get(p->trial.results, "cells");

	assert_true(js_count(cells) > 0);
	for (size_t i = 0; i < js_count(cells); i++) {
		const struct js *cell = js_at(cells, i);
		bool fails = p->plant->harm == HARM_CELL && is_cell(p, cell);
		const char *verdict = js_str(cell, "verdict");

		if (js_bool(cell, "required", true) &&
		    !same(verdict, fails ? "fail" : "pass"))
			fail_msg("%s -> %s by %s: %s", js_str(cell, "payer"),
				 js_str(cell, "payee"), js_str(cell, "notary"),
				 verdict);
	}
	assert_int_equal(p->trial.exit_code, p->plant->harm != HARM_NONE);
}

/* What a person reads of a cell that fails: the releases, and the payment. */
static void compare_text(const struct planting *p)
{
	cleanup(buf_release) struct buf way = BUF_INIT(TEXT_MAX);
	const char *text = buf_text(&p->trial.text);
	char tx[9];

	if (p->plant->harm != HARM_CELL)
		return;
	buf_addf(&way, "%s -> %s", label_of(p, p->payer),
		 label_of(p, p->payee));
	snprintf(tx, sizeof(tx), "%s", p->op->tx);
	if (!strstr(text, buf_text(&way)) || !strstr(text, tx))
		fail_msg("the report lacks %s or %s:\n%s", buf_text(&way), tx,
			 text);
}

/* ---- the tests ---- */

static void run(void **state)
{
	struct planting *p = *state;
	const struct plant *plant = p->plant;

	planting_begin(p);
	for (size_t i = 0; i < PLANT_STEPS && plant->steps[i].at; i++)
		planting_sql(p, plant->steps[i].at, plant->steps[i].sql);
	if (plant->act)
		plant->act(p);
	trial_judge(&p->trial);
	compare_findings(p);
	compare_verdicts(p);
	compare_text(p);
}

static int end(void **state)
{
	planting_end(*state);
	return 0;
}

/* All tests of a program. */
struct tests {
	struct arena arena;
	struct CMUnitTest list[TESTS_MAX];
	size_t count;
};

/* "payee_forgets_4_0_to_4_10_by_4_8" */
static char *test_name(struct tests *t, const struct plant *plant,
		       const struct network *net, const unsigned nodes[3])
{
	char *name =
		arena_printf(&t->arena, "%s_%s_to_%s_by_%s", plant->name,
			     net->releases[net->nodes[nodes[0]].release].label,
			     net->releases[net->nodes[nodes[1]].release].label,
			     net->releases[net->nodes[nodes[2]].release].label);

	for (char *c = name; c && *c; c++)
		*c = isalnum((unsigned char)*c) ? (char)tolower(*c) : '_';
	return name;
}

static int add_test(struct tests *t, const struct plant *plant,
		    const struct kept_run *kept, const unsigned nodes[3],
		    struct error *err)
{
	struct planting *p = arena_new(&t->arena, struct planting);
	char *name = test_name(t, plant, &kept->net, nodes);

	if (!p || !name || t->count == TESTS_MAX)
		return error_set(err, ERROR_INTERNAL, "too many plants");
	*p = (struct planting){ .plant = plant,
				.run = kept->name,
				.payer = nodes[0],
				.payee = nodes[1],
				.notary = nodes[2] };
	t->list[t->count++] = (struct CMUnitTest){ .name = name,
						   .test_func = run,
						   .teardown_func = end,
						   .initial_state = p };
	return 0;
}

static bool is_bank(const struct network *net, unsigned node)
{
	return net->nodes[node].role == NODE_BANK;
}

/* Each ordered pair of banks by each notary. */
static bool is_way(const struct network *net, const unsigned nodes[3])
{
	return nodes[0] != nodes[1] && is_bank(net, nodes[0]) &&
	       is_bank(net, nodes[1]) && !is_bank(net, nodes[2]) &&
	       network_notary(net, &net->nodes[nodes[2]]) ==
		       &net->nodes[nodes[2]];
}

static int add_plant(struct tests *t, const struct plant *plant,
		     struct error *err)
{
	struct kept_run *kept;
	unsigned n[3], count;

	if (kept_run_find(plant->run ? plant->run : default_run, &kept, err) <
	    0)
		return -1;
	count = kept->net.node_count;
	for (n[0] = 0; n[0] < count; n[0]++)
		for (n[1] = 0; n[1] < count; n[1]++)
			for (n[2] = 0; n[2] < count; n[2]++)
				if (is_way(&kept->net, n) &&
				    add_test(t, plant, kept, n, err) < 0)
					return -1;
	return 0;
}

int plants_main(int argc, char **argv, const struct plant *plants, size_t count)
{
	static struct tests tests = { .arena = ARENA_INIT(TEXT_MAX) };
	struct error err = { 0 };
	int rc;

	for (size_t i = 0; i < count; i++)
		if (add_plant(&tests, &plants[i], &err) < 0) {
			fprintf(stderr, "%s: %s\n", plants[i].name, err.text);
			return 1;
		}
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	rc = _cmocka_run_group_tests("plants", tests.list, tests.count,
				     kept_runs_start, kept_runs_stop);
	arena_release(&tests.arena);
	return rc;
}
