/* SPDX-License-Identifier: Apache-2.0 */
/* bisect_next.c - which commit a bisection tests next, by what it knows. */
#include "build-and-publish/bisect_next.h"

#include <string.h>

#include "build-and-publish/clone_range.h"

struct choosing {
	struct clone *clone;
	const struct bisect_state *state;
	struct arena *arena;
	struct bisect_next *ret;
	struct error *err;
};

/* ---- the ends ---- */

static int test_end(struct choosing *x, const char *commit, const char *what)
{
	*x->ret = (struct bisect_next){
		.step = BISECT_TEST_END,
		.commit = commit,
		.subject = clone_subject(x->clone, commit, x->arena),
		.what = what,
	};
	return 1;
}

static int wrong_end(struct choosing *x, const struct bisect_end *end,
		     const struct bisect_test *test, const char *name)
{
	const char *run = test->run ?: "no run";

	if (test->verdict == BISECT_SKIP)
		return error_set(x->err, ERROR_INPUT,
				 "%s, %s (%.10s), cannot be tested: %s (%s); "
				 "name another commit",
				 name, end->word, end->commit,
				 test->reason ?: "no reason", run);
	return error_set(x->err, ERROR_INPUT,
			 "%s, %s (%.10s), is %s: cell %s %s in %s; name "
			 "another commit",
			 name, end->word, end->commit,
			 bisect_word(test->verdict), x->state->cell,
			 test->verdict == BISECT_BAD ? "failed" : "passed",
			 run);
}

/* 1: the end has to be tested, 0: its test was as expected. */
static int check_end(struct choosing *x, const struct bisect_end *end,
		     enum bisect_verdict want, const char *name,
		     const char *what)
{
	const struct bisect_test *test =
		bisect_state_find(x->state, end->commit);

	if (!test)
		return test_end(x, end->commit, what);
	return test->verdict == want ? 0 : wrong_end(x, end, test, name);
}

/* ---- ancestors of both ---- */

static int check_base(struct choosing *x, const char *base)
{
	const struct bisect_state *s = x->state;
	const struct bisect_test *test = bisect_state_find(s, base);

	if (!test)
		return test_end(x, base, "a merge base");
	if (test->verdict != BISECT_BAD)
		return 0;
	return error_set(x->err, ERROR_INPUT,
			 "the merge base %.10s is bad: the cell was fixed "
			 "between it and %s, and was not broken between it and "
			 "%s",
			 base, s->good.word, s->bad.word);
}

static int check_bases(struct choosing *x)
{
	const struct bisect_state *s = x->state;
	const char **bases;
	unsigned count;
	int rc = 0;

	if (clone_is_ancestor(x->clone, s->good.commit, s->bad.commit))
		return 0;
	if (clone_merge_bases(x->clone, s->bad.commit, s->good.commit, x->arena,
			      &bases, &count, x->err) < 0)
		return -1;
	for (unsigned i = 0; i < count && !rc; i++)
		rc = check_base(x, bases[i]);
	return rc;
}

/* ---- between them ---- */

/* Each test is of an ancestor of the bad commit of its time. */
static const struct bisect_test *current_bad(const struct bisect_state *s)
{
	const struct bisect_test *bad = NULL;

	for (size_t i = 0; i < s->test_count; i++)
		if (s->tests[i].verdict == BISECT_BAD)
			bad = &s->tests[i];
	return bad;
}

static int range_of(struct choosing *x, const char *bad,
		    struct commit_range *ret)
{
	const struct bisect_state *s = x->state;
	const char **goods =
		arena_array(x->arena, s->test_count + 1, sizeof(*goods));
	unsigned count = 0;

	if (!goods)
		return error_nomem(x->err);
	for (size_t i = 0; i < s->test_count; i++)
		if (s->tests[i].verdict == BISECT_GOOD)
			goods[count++] = s->tests[i].commit;
	if (clone_range(x->clone, bad, goods, count, x->arena, ret, x->err) < 0)
		return -1;
	if (!ret->count)
		return error_set(x->err, ERROR_INPUT,
				 "%.10s is bad, but a commit after it is good",
				 bad);
	for (size_t i = 0; i < s->test_count; i++) {
		const int at = s->tests[i].verdict == BISECT_SKIP
				       ? range_find(ret, s->tests[i].commit)
				       : -1;

		if (at >= 0)
			ret->graph[at].skipped = true;
	}
	return 0;
}

struct parents {
	const struct bisect_state *state;
	const struct bisect_test *good;
};

static int good_parent(const char *parent, void *ctx)
{
	struct parents *p = ctx;
	const struct bisect_test *test = bisect_state_find(p->state, parent);

	if (!test || test->verdict != BISECT_GOOD)
		return 0;
	p->good = test;
	return 1;
}

/* Of a parent, else the last one that was good. */
static const struct bisect_test *last_good(struct choosing *x,
					   const char *commit)
{
	const struct bisect_state *s = x->state;
	struct parents p = { .state = s };

	if (clone_each_parent(x->clone, commit, good_parent, &p))
		return p.good;
	for (size_t i = 0; i < s->test_count; i++)
		if (s->tests[i].verdict == BISECT_GOOD)
			p.good = &s->tests[i];
	return p.good;
}

static int list_suspects(struct choosing *x, const struct commit_range *range)
{
	x->ret->suspects =
		arena_array(x->arena, range->count, sizeof(*x->ret->suspects));
	if (!x->ret->suspects)
		return error_nomem(x->err);
	for (unsigned i = 0; i < range->count; i++)
		x->ret->suspects[i] = range->list[i].id;
	x->ret->suspect_count = range->count;
	return 0;
}

static int halve(struct choosing *x)
{
	static const enum bisect_step steps[] = {
		[HALVING_TEST] = BISECT_TEST,
		[HALVING_FOUND] = BISECT_FOUND,
		[HALVING_SKIPPED] = BISECT_ONLY_SKIPPED,
	};
	const struct bisect_test *bad = current_bad(x->state);
	struct commit_range range;
	struct halving h;

	if (range_of(x, bad->commit, &range) < 0 ||
	    halving_choose(range.graph, range.count,
			   (unsigned)range_find(&range, bad->commit),
			   bisect_state_streak(x->state), x->arena, &h,
			   x->err) < 0)
		return -1;
	*x->ret = (struct bisect_next){
		.step = steps[h.kind],
		.commit = range.list[h.next].id,
		.subject = range.list[h.next].subject,
		.left = h.left,
		.steps = h.steps,
		.bad = bad,
		.good = last_good(x, bad->commit),
	};
	return h.kind == HALVING_SKIPPED ? list_suspects(x, &range) : 0;
}

int bisect_check(struct clone *c, const struct bisect_state *s,
		 struct arena *arena, struct error *err)
{
	const char **bases;
	unsigned count;

	if (!strcmp(s->good.commit, s->bad.commit))
		return error_set(err, ERROR_INPUT,
				 "GOOD, %s, and BAD, %s, are the same commit "
				 "%.10s",
				 s->good.word, s->bad.word, s->bad.commit);
	if (clone_is_ancestor(c, s->bad.commit, s->good.commit))
		return error_set(err, ERROR_INPUT,
				 "BAD, %s, is an ancestor of GOOD, %s; medley "
				 "looks for the commit that breaks a cell, not "
				 "for the one that fixes it",
				 s->bad.word, s->good.word);
	if (clone_merge_bases(c, s->bad.commit, s->good.commit, arena, &bases,
			      &count, err) < 0)
		return -1;
	if (count)
		return 0;
	return error_set(err, ERROR_INPUT,
			 "%s and %s have no common ancestor, so there is "
			 "nothing to bisect",
			 s->good.word, s->bad.word);
}

int bisect_next(struct clone *c, const struct bisect_state *s,
		struct arena *arena, struct bisect_next *ret, struct error *err)
{
	struct choosing x = { c, s, arena, ret, err };
	int rc;

	rc = check_end(&x, &s->bad, BISECT_BAD, "BAD", "the bad commit");
	if (!rc)
		rc = check_end(&x, &s->good, BISECT_GOOD, "GOOD",
			       "the good commit");
	if (!rc)
		rc = check_bases(&x);
	if (rc)
		return rc < 0 ? -1 : 0;
	return halve(&x);
}
