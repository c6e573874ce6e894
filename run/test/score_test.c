/* SPDX-License-Identifier: Apache-2.0 */
/* score_test.c - scores of parts make that of the whole, and are read back. */
#include "run/score.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "run/results.h"
#include "test/support/test.h"

enum { ROOM = 16 * 1024 * 1024, PAYMENTS = 400, PARTS = 4 };

/* Chance that a seed repeats. */
static uint64_t chance(uint64_t *seed, uint64_t below)
{
	uint64_t z = *seed += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return (z ^ z >> 31) % below;
}

struct payment {
	struct operation op;
	enum fate fate;
};

static struct payment payment(uint64_t id, enum op_outcome outcome,
			      enum fate fate)
{
	return (struct payment){ { .id = id,
				   .kind = OP_PAY,
				   .payer = "bank-4.0-0",
				   .payee = "bank-4.10-0",
				   .notary = "notary-4.8-0",
				   .currency = "USD",
				   .outcome = outcome,
				   .intended_us = 1000,
				   .sent_us = 2000,
				   .done_us = 3000 },
				 fate };
}

/* Payments as they never come: all outcomes and fates, often due at once. */
static size_t invent(struct payment *ret, uint64_t *seed, bool refusals)
{
	size_t n = chance(seed, PAYMENTS);
	int64_t due = 1000000;

	for (size_t i = 0; i < n; i++) {
		unsigned kind = (unsigned)chance(seed, refusals ? 5 : 4);
		unsigned often = (unsigned)chance(seed, 4);
		struct operation *op = &ret[i].op;

		/* Now and then one settles, which closes refusals. */
		ret[i] = payment(i + 1, (enum op_outcome)chance(seed, 3),
				 kind == FATE_SETTLED && often ? FATE_UNSETTLED
				 : kind == 3		       ? FATE_MISSING
				 : kind == 4		       ? FATE_REFUSED
					     : (enum fate)kind);
		due += (int64_t)chance(seed, 3);
		op->intended_us = due;
		op->sent_us = due + (int64_t)chance(seed, 100000);
		op->done_us = op->sent_us + (int64_t)chance(seed, 30000000);
		if (op->outcome == OUTCOME_UNKNOWN && chance(seed, 2))
			op->error_class = "timeout";
	}
	return n;
}

static void feed(struct score *s, const struct payment *p)
{
	const struct settlement said = { .op = p->op.id,
					 .payer_has = p->op.id % 2,
					 .notary_has = p->op.id % 3 };
	struct error err = { 0 };

	assert_ok(score_add(s, &p->op, p->op.id % 4 ? &said : NULL, p->fate,
			    &err),
		  err);
}

/* As results.json has it; with examples or without. */
static void print(const struct score *s, bool examples, struct buf *out)
{
	cleanup(js_freep) struct js *o = js_object();
	struct error err = { 0 };

	score_set(o, s);
	if (!examples)
		js_set(o, "examples", js_array());
	assert_ok(js_print(o, JS_PRETTY, out, &err), err);
}

static void assert_same(const struct score *a, const struct score *b,
			bool examples)
{
	cleanup(buf_release) struct buf x = BUF_INIT(ROOM), y = BUF_INIT(ROOM);

	print(a, examples, &x);
	print(b, examples, &y);
	assert_string_equal(buf_text(&x), buf_text(&y));
}

/* By the words of docs/verdicts.md, with all payments at hand. */
static size_t refused_of(const struct payment *all, size_t n)
{
	size_t refused = 0, last = 0; /* settled, by position */

	for (size_t i = 0; i < n; i++)
		if (all[i].fate == FATE_SETTLED)
			last = i;
	for (size_t i = 0; i < last; i++)
		refused += all[i].fate == FATE_REFUSED;
	return refused;
}

/* Lost or failed, and not refused in the end. */
static void assert_examples(const struct score *s, const struct payment *all,
			    size_t n)
{
	const struct example *examples[EXAMPLES_MAX];
	size_t count = score_examples(s, examples), last = 0;

	for (size_t i = 0; i < n; i++)
		if (all[i].fate == FATE_SETTLED)
			last = i;
	for (size_t i = 0; i < count; i++) {
		size_t at = examples[i]->op.id - 1;

		assert_in_range(at, 0, n - 1);
		if (all[at].fate != FATE_MISSING)
			assert_true(all[at].fate == FATE_REFUSED && at >= last);
		if (i)
			assert_true(at > examples[i - 1]->op.id - 1);
	}
}

static void shuffle(size_t *order, size_t n, uint64_t *seed)
{
	for (size_t i = 0; i < n; i++)
		order[i] = i;
	for (size_t i = n; i > 1; i--) {
		size_t k = chance(seed, i), kept = order[i - 1];

		order[i - 1] = order[k];
		order[k] = kept;
	}
}

/* One score of all in order, one of all in any order, and one that is merged of
 * parts in any order. */
static void try_once(uint64_t *seed, bool refusals)
{
	cleanup(arena_release) struct arena a = ARENA_INIT(ROOM);
	struct score whole = SCORE_INIT(&a), mixed = SCORE_INIT(&a);
	struct score parts[PARTS], merged = SCORE_INIT(&a);
	struct payment all[PAYMENTS];
	size_t n = invent(all, seed, refusals), order[PAYMENTS];
	struct error err = { 0 };

	for (size_t i = 0; i < PARTS; i++)
		parts[i] = (struct score)SCORE_INIT(&a);
	for (size_t i = 0; i < n; i++) {
		feed(&whole, &all[i]);
		feed(&parts[chance(seed, PARTS)], &all[i]);
	}
	shuffle(order, n, seed);
	for (size_t i = 0; i < n; i++)
		feed(&mixed, &all[order[i]]);
	shuffle(order, PARTS, seed);
	for (size_t i = 0; i < PARTS; i++)
		assert_ok(score_merge(&merged, &parts[order[i]], &err), err);
	assert_int_equal(whole.counts.payments, n);
	assert_int_equal(whole.counts.refused, refused_of(all, n));
	assert_same(&whole, &mixed, !refusals);
	assert_same(&whole, &merged, !refusals);
	assert_int_equal(whole.open_count, merged.open_count);
	assert_examples(&whole, all, n);
	assert_examples(&merged, all, n);
}

static void merged_parts_are_the_whole(void **state)
{
	uint64_t seed = 1;

	(void)state;
	for (int round = 0; round < 300; round++)
		try_once(&seed, round % 2);
}

/* ---- refusals ---- */

static void a_refusal_is_open_until_a_later_one_settles(void **state)
{
	cleanup(arena_release) struct arena a = ARENA_INIT(ROOM);
	struct payment before = payment(1, OUTCOME_OK, FATE_SETTLED);
	struct payment refused = payment(2, OUTCOME_FAIL, FATE_REFUSED);
	struct payment later = payment(3, OUTCOME_OK, FATE_SETTLED);
	struct score s = SCORE_INIT(&a), region = SCORE_INIT(&a);
	const struct example *examples[EXAMPLES_MAX];
	struct error err = { 0 };

	(void)state;
	feed(&s, &refused);
	feed(&s, &before);
	assert_int_equal(s.counts.failed, 1);
	assert_int_equal(s.counts.refused, 0);
	assert_int_equal(score_examples(&s, examples), 1);
	assert_int_equal(examples[0]->op.id, 2);
	/* In another region, say. */
	feed(&region, &later);
	assert_ok(score_merge(&s, &region, &err), err);
	assert_int_equal(s.counts.failed, 1);
	assert_int_equal(s.counts.refused, 1);
	assert_int_equal(score_examples(&s, examples), 0);
	/* Known by then to be before one that settled. */
	feed(&s, &refused);
	assert_int_equal(s.counts.refused, 2);
	assert_int_equal(s.open_count, 0);
}

/* As one that was never given a time to be due at. */
static void what_was_not_due_is_ordered_by_sending(void **state)
{
	cleanup(arena_release) struct arena a = ARENA_INIT(ROOM);
	struct payment settled = payment(1, OUTCOME_OK, FATE_SETTLED);
	struct payment refused = payment(2, OUTCOME_FAIL, FATE_REFUSED);
	struct score s = SCORE_INIT(&a);

	(void)state;
	refused.op.intended_us = 0;
	feed(&s, &refused);
	feed(&s, &settled);
	assert_int_equal(s.counts.refused, 0);
	assert_int_equal(s.open_count, 1);
}

/* ---- examples ---- */

static void the_first_are_examples_whatever_their_kind(void **state)
{
	static const uint64_t ids[] = { 9, 4, 7, 2, 8, 1, 3 };
	static const uint64_t firsts[EXAMPLES_MAX] = { 1, 2, 3, 4, 7 };
	cleanup(arena_release) struct arena a = ARENA_INIT(ROOM);
	struct score s = SCORE_INIT(&a);
	const struct example *examples[EXAMPLES_MAX];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		struct payment p =
			payment(ids[i], OUTCOME_FAIL,
				ids[i] % 2 ? FATE_MISSING : FATE_REFUSED);

		feed(&s, &p);
	}
	assert_int_equal(score_examples(&s, examples), EXAMPLES_MAX);
	for (size_t i = 0; i < EXAMPLES_MAX; i++)
		assert_int_equal(examples[i]->op.id, firsts[i]);
}

static void an_example_is_a_copy_and_a_long_text_is_cut(void **state)
{
	cleanup(arena_release) struct arena a = ARENA_INIT(ROOM);
	cleanup(buf_release) struct buf out = BUF_INIT(ROOM);
	struct score s = SCORE_INIT(&a);
	struct payment p = payment(1, OUTCOME_FAIL, FATE_MISSING);
	const struct example *examples[EXAMPLES_MAX];
	char text[6000], name[] = "bank-4.0-0";

	(void)state;
	for (size_t i = 0; i + 2 < sizeof(text); i += 2)
		memcpy(text + i, "\xC3\xA9", 3); /* cut within a character */
	p.op.payer = name;
	p.op.error_text = text;
	feed(&s, &p);
	memset(text, 'x', sizeof(text) - 1);
	name[0] = 'x';
	assert_int_equal(score_examples(&s, examples), 1);
	assert_string_equal(examples[0]->op.payer, "bank-4.0-0");
	assert_memory_equal(examples[0]->op.error_text, "\xC3\xA9", 2);
	assert_in_range(strlen(examples[0]->op.error_text), 1000, 2048);
	print(&s, true, &out);
}

/* Refused and settled in turns: nothing of it is kept. */
static void memory_does_not_grow_with_the_payments(void **state)
{
	cleanup(arena_release) struct arena a = ARENA_INIT(ROOM);
	struct score s = SCORE_INIT(&a);
	size_t used = 0;

	(void)state;
	for (uint64_t id = 1; id <= 100000; id++) {
		struct payment p = payment(id, OUTCOME_FAIL, FATE_REFUSED);

		if (id % 4 == 0)
			p = payment(id, OUTCOME_OK, FATE_SETTLED);
		if (id % 1000 == 1)
			p = payment(id, OUTCOME_FAIL, FATE_MISSING);
		feed(&s, &p);
		if (id == 20000)
			used = a.used;
	}
	assert_int_equal(a.used, used);
	assert_in_range(used, 1, 64 * 1024);
}

/* ---- results.json ---- */

static void read_scores(const char *text, struct arena *a,
			struct scored_cell **ret, size_t *ret_count)
{
	struct error err = { 0 };

	assert_ok(scores_parse("results.json", text, strlen(text), a, ret,
			       ret_count, &err),
		  err);
}

static void an_older_results_json_has_counts(void **state)
{
	cleanup(buf_release) struct buf v2 =
		test_vector("results/version-2.json");
	cleanup(arena_release) struct arena a = ARENA_INIT(ROOM);
	char *version = strstr((char *)v2.data, "\"version\": 2");
	struct scored_cell *cells;
	size_t count;

	(void)state;
	for (char digit = '2'; digit >= '1'; digit--) {
		version[strlen("\"version\": ")] = digit;
		read_scores(buf_text(&v2), &a, &cells, &count);
		assert_int_equal(count, 4);
		assert_string_equal(cells[2].payer, "4.10+finance-4.10");
		assert_string_equal(cells[2].notary, "4.8");
		assert_int_equal(cells[2].score.counts.payments, 6);
		assert_int_equal(cells[2].score.counts.lost, 6);
		assert_int_equal(cells[2].score.latency.count, 0);
	}
}

/* An old one, the same of today, and a run of payments make one score. */
static void what_is_read_merges_with_what_is_fed(void **state)
{
	cleanup(buf_release) struct buf v2 =
		test_vector("results/version-2.json");
	cleanup(buf_release) struct buf v3 =
		test_vector("results/version-3.json");
	cleanup(arena_release) struct arena a = ARENA_INIT(ROOM);
	struct payment p = payment(1, OUTCOME_FAIL, FATE_MISSING);
	struct scored_cell *old, *new;
	const struct example *examples[EXAMPLES_MAX];
	struct error err = { 0 };
	struct score *s;
	size_t count;

	(void)state;
	read_scores(buf_text(&v2), &a, &old, &count);
	read_scores(buf_text(&v3), &a, &new, &count);
	s = &old[2].score;
	assert_ok(score_merge(s, &new[2].score, &err), err);
	feed(s, &p);
	assert_int_equal(s->counts.lost, 12);
	assert_int_equal(s->counts.failed, 1);
	assert_int_equal(s->service.count, 6);
	assert_int_equal(s->service.max, 1407715);
	assert_int_equal(s->service.sum, 5512083);
	assert_int_equal(score_examples(s, examples), EXAMPLES_MAX);
	assert_int_equal(examples[0]->op.id, 1);
	assert_int_equal(examples[1]->op.id, 3);
	assert_string_equal(examples[1]->op.payee, "bank-4.0-finance-4.0-0");
	assert_int_equal(examples[1]->op.outcome, OUTCOME_OK);
}

/* `{"version":3,"cells":[…]}` with the score as its cell. */
static void print_results(const struct score *s, struct buf *out)
{
	cleanup(js_freep) struct js *root = js_object();
	struct js *cells = js_array(), *cell = js_object();
	struct error err = { 0 };

	js_set_int(root, "version", RESULTS_VERSION);
	js_set_str(cell, "payer", "4.0");
	js_set_str(cell, "payee", "4.10");
	js_set_str(cell, "notary", "4.8");
	score_set(cell, s);
	js_append(cells, cell);
	js_set(root, "cells", cells);
	assert_ok(js_print(root, JS_LINE, out, &err), err);
}

/* Whatever order payments come in, and whatever parts are merged. */
static void the_first_payment_is_known(void **state)
{
	struct operation late = { .sent_us = 7000, .outcome = OUTCOME_FAIL };
	struct operation early = { .intended_us = 5000 };
	cleanup(arena_release) struct arena a = ARENA_INIT(ROOM);
	struct score s = SCORE_INIT(&a), other = SCORE_INIT(&a);
	struct error err = { 0 };

	(void)state;
	assert_ok(score_add(&s, &late, NULL, FATE_UNCHECKED, &err), err);
	assert_int_equal(s.first_us, 7000);
	assert_ok(score_merge(&s, &other, &err), err);
	assert_int_equal(s.first_us, 7000);
	assert_ok(score_add(&other, &early, NULL, FATE_UNCHECKED, &err), err);
	assert_ok(score_merge(&s, &other, &err), err);
	assert_int_equal(s.first_us, 5000);
}

static void what_is_written_is_read_again(void **state)
{
	uint64_t seed = 2;

	(void)state;
	for (int round = 0; round < 50; round++) {
		cleanup(arena_release) struct arena a = ARENA_INIT(ROOM);
		cleanup(buf_release) struct buf text = BUF_INIT(ROOM);
		struct score s = SCORE_INIT(&a);
		struct payment all[PAYMENTS];
		struct scored_cell *cells;
		size_t n = invent(all, &seed, round % 2), count;

		for (size_t i = 0; i < n; i++)
			feed(&s, &all[i]);
		print_results(&s, &text);
		read_scores(buf_text(&text), &a, &cells, &count);
		assert_int_equal(count, 1);
		assert_same(&s, &cells[0].score, true);
	}
}

static void another_text_is_refused(void **state)
{
#define CELL "\"payer\":\"a\",\"payee\":\"b\",\"notary\":\"c\""
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "{}", "version 0" },
		{ "{\"version\":4}", "reads 1 to 3" },
		{ "{\"version\":3,\"cells\":[{}]}", "cells[0]: not a score" },
		{ "{\"version\":3,\"cells\":[{" CELL ",\"ok\":-1}]}",
		  "out of range" },
		{ "{\"version\":3,\"cells\":[{" CELL ",\"first_us\":-1}]}",
		  "first_us is not" },
		{ "{\"version\":3,\"cells\":[{" CELL ",\"ok\":1}]}",
		  "not the sum" },
		{ "{\"version\":3,\"cells\":[{" CELL
		  ",\"latency_ms\":{\"histogram\":\"1 1\"}}]}",
		  "latency_ms: not a histogram" },
		{ "{\"version\":3,\"cells\":[{" CELL
		  ",\"latency_ms\":{\"histogram\":\"1 1 1 1\"}}]}",
		  "more times than payments with the answer ok" },
		{ "{\"version\":3,\"cells\":[{" CELL
		  ",\"examples\":[{\"outcome\":\"good\"}]}]}",
		  "an example without" },
		{ "{\"version\":3,\"cells\":[{" CELL
		  ",\"examples\":[{\"outcome\":\"ok\",\"payer\":\"a\","
		  "\"payee\":\"b\",\"currency\":\"USD\",\"sent_us\":-1}]}]}",
		  "out of range" },
	};
#undef CELL

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		cleanup(arena_release) struct arena a = ARENA_INIT(ROOM);
		struct scored_cell *cells;
		struct error err = { 0 };
		size_t count;

		assert_error(scores_parse("results.json", cases[i].text,
					  strlen(cases[i].text), &a, &cells,
					  &count, &err),
			     err, cases[i].why);
	}
}

#define T(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(merged_parts_are_the_whole),
		T(a_refusal_is_open_until_a_later_one_settles),
		T(what_was_not_due_is_ordered_by_sending),
		T(the_first_are_examples_whatever_their_kind),
		T(an_example_is_a_copy_and_a_long_text_is_cut),
		T(memory_does_not_grow_with_the_payments),
		T(an_older_results_json_has_counts),
		T(what_is_read_merges_with_what_is_fed),
		T(the_first_payment_is_known),
		T(what_is_written_is_read_again),
		T(another_text_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
