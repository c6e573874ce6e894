/* SPDX-License-Identifier: Apache-2.0 */
/* spenders.c - who spent a state, and what each notary has of that. */
#include "vault/state_view.h"

/*
 * docs/verdicts.md, "Which transaction a finding names", has the rules. Only
 * the last rule compares ids; it applies if no other rule prefers one of two
 * transactions.
 */

/* Whether a node of a notary has committed it to this spender. */
static bool committed_by(const struct state *s, unsigned node,
			 const struct fact *spender)
{
	for (size_t i = 0; i < s->committed.count; i++)
		if (same_other(&s->committed.at[i], spender) &&
		    s->committed.at[i].node == node)
			return true;
	return false;
}

/* How many nodes of a notary have committed it to this spender. */
static unsigned count_commits(const struct state *s, unsigned notary,
			      const struct fact *spender)
{
	unsigned have = 0;

	for (size_t i = 0; i < s->committed.count; i++)
		have += same_other(&s->committed.at[i], spender) &&
			check_notary(s->check, s->committed.at[i].node) ==
				notary;
	return have;
}

/* By any notary, by enough of its nodes. */
static bool is_committed(const struct state *s, const struct fact *spender)
{
	for (size_t i = 0; i < s->committed.count; i++) {
		unsigned node = s->committed.at[i].node;
		unsigned notary = check_notary(s->check, node);

		if (check_is_commit(s->check, node,
				    count_commits(s, notary, spender)))
			return true;
	}
	return false;
}

/* ---- the right one ---- */

/* A committed one before one that is not, an earlier before a later one. */
static bool is_better(const struct state *s, const struct fact *a,
		      const struct fact *b)
{
	bool committed = is_committed(s, a);

	if (committed != is_committed(s, b))
		return committed;
	if (a->time && b->time && a->time != b->time)
		return a->time < b->time;
	return memcmp(a->other, b->other, FACT_ID) < 0;
}

static const struct fact *best_of(const struct state *s,
				  const struct range *range)
{
	const struct fact *best = NULL;

	for (size_t i = 0; i < range->count; i++)
		if (!(range->at[i].flags & COMMIT_ODD) &&
		    (!best || is_better(s, &range->at[i], best)))
			best = &range->at[i];
	return best;
}

/* Two transactions, neither of which a vault has spend it. */
static const struct fact *rival_of(const struct state *s,
				   const struct fact *spender)
{
	for (size_t i = 0; i < s->committed.count; i++) {
		const struct fact *f = &s->committed.at[i];

		if (!(f->flags & COMMIT_ODD) && !same_other(f, spender) &&
		    is_committed(s, f))
			return f;
	}
	return NULL;
}

/* A transaction that a vault has spend it before one that a notary names. */
void state_find_spender(struct state *s)
{
	s->spender = best_of(s, &s->spent);
	if (s->spender)
		return;
	s->spender = best_of(s, &s->committed);
	s->claimed = s->spender != NULL;
	if (s->spender && rival_of(s, s->spender)) {
		s->spender = NULL;
		s->claimed = false;
	}
}

/* ---- a spender and its notary ---- */

/*
 * A node of a cluster that has read the log beyond the commit must know it. One
 * that is behind, say since it is down, need not, unless it lists the spender:
 * that is seen in the third round. `place` is the commit's, 0 without a log.
 */
static void check_memory(const struct state *s, const struct fact *spent,
			 int64_t place)
{
	const struct check *c = s->check;

	for (unsigned i = 0; i < c->net.node_count; i++) {
		struct fact behind = { .node = (uint16_t)i,
				       .index = s->any->index };

		if (check_notary(c, i) != spent->extra ||
		    committed_by(s, i, spent))
			continue;
		if (place && c->log_ends[i] >= place)
			state_problem(s, spent->other, i, PROBLEM_FORGOTTEN,
				      NULL);
		else
			state_tell(s->check, &behind, FACT_BEHIND,
				   spent->other);
	}
}

/* In the log of the notary's cluster, 0: it has none. */
static int64_t place_of(const struct state *s, const struct fact *spent)
{
	int64_t place = 0;

	for (size_t i = 0; i < s->committed.count; i++)
		if (same_other(&s->committed.at[i], spent) &&
		    check_notary(s->check, s->committed.at[i].node) ==
			    spent->extra)
			place = s->committed.at[i].amount;
	return place;
}

/* By the notary that the spender names: by enough of its nodes. */
static void check_committed(const struct state *s, const struct fact *spent)
{
	unsigned of = check_notary_nodes(s->check, spent->extra);
	unsigned have = count_commits(s, spent->extra, spent);

	if (!check_is_commit(s->check, spent->extra, have))
		state_problem(s, spent->other, spent->extra,
			      PROBLEM_NOT_COMMITTED, NULL);
	else if (have < of)
		check_memory(s, spent, place_of(s, spent));
}

/* ---- what a notary has ---- */

static bool is_spent_by(const struct state *s, const struct fact *commit)
{
	for (size_t i = 0; i < s->spent.count; i++)
		if (same_other(&s->spent.at[i], commit))
			return true;
	return false;
}

/* It is told beside the right spender, so not once more as one that is lost. */
static void emit_rival(const struct state *s, const struct fact *commit)
{
	struct fact told = { .node = commit->node };

	state_tell(s->check, &told, FACT_TOLD, commit->other);
}

/* A vault has another one spend the state. */
static void check_rival(const struct state *s, const struct fact *commit)
{
	bool both = committed_by(s, commit->node, s->spender);

	state_problem(s, s->spender->other, commit->node,
		      both || is_committed(s, commit) ? PROBLEM_DOUBLED_COMMIT
						      : PROBLEM_FORGOTTEN,
		      commit->other);
	emit_rival(s, commit);
}

/* No vault has any of them spend it: that is told of the state's maker. */
static void check_rivals(const struct state *s, const struct fact *commit)
{
	state_problem(s, s->any->key, commit->node, PROBLEM_DOUBLED_OUTPUT,
		      commit->other);
	emit_rival(s, commit);
}

/* Of a state that no transaction made there is no maker to tell of. */
static void claim_commit(const struct state *s, const struct fact *commit)
{
	struct fact f = { .node = commit->node,
			  .flags = s->owned || s->inherited ? CLAIM_MADE : 0 };

	state_claim(s, &f, FACT_CONSUMER);
}

static void check_commit(const struct state *s, const struct fact *commit)
{
	struct fact consumer = { .node = commit->node };

	if (commit->flags & COMMIT_ODD)
		state_problem(s, s->spender ? s->spender->other : s->any->key,
			      commit->node, PROBLEM_ODD_COMMIT, s->any->key);
	else if (!s->spender)
		check_rivals(s, commit);
	else if (s->claimed && same_other(commit, s->spender))
		claim_commit(s, commit);
	else if (s->claimed || !is_spent_by(s, commit))
		check_rival(s, commit);
	else
		state_tell(s->check, &consumer, FACT_CONSUMER, commit->other);
}

void state_check_spenders(const struct state *s)
{
	for (size_t i = 0; i < s->spent.count; i++) {
		const struct fact *f = &s->spent.at[i];

		if (!same_other(f, s->spender))
			state_problem(s, f->other, f->node, PROBLEM_DOUBLED,
				      s->spender->other);
		if (f->extra != NODE_NONE && check_covers(s->check, f->extra))
			check_committed(s, f);
	}
	state_tell_needed(s);
	for (size_t i = 0; i < s->committed.count; i++)
		check_commit(s, &s->committed.at[i]);
	if (s->spender && !s->claimed && !s->owned && !s->inherited)
		state_check_origin(s);
}
