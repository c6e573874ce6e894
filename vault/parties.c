/* SPDX-License-Identifier: Apache-2.0 */
/* parties.c - whose a state is, by the names and keys in the vaults' rows. */
#include "vault/state_view.h"

/*
 * A vault has the states of its own node, so that each name in it is the
 * node's. An output may have its owner's key alone, without the name; then some
 * releases may leave the name out (known-conduct.yaml).
 */
static bool name_differs(const struct state *s, const struct fact *row)
{
	return row->flags & ROW_NAME_OTHER ||
	       (row->flags & ROW_NAME_NONE && s->owned->flags & OUTPUT_NAMED);
}

static void check_names(const struct state *s, const struct range *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		if (name_differs(s, &rows->at[i]))
			state_problem(s, s->any->key, rows->at[i].node,
				      PROBLEM_ROW_NAME, NULL);
}

static bool is_the_owner(const struct state *s, const struct fact *party)
{
	return same_other(party, s->owned) && !name_differs(s, party);
}

/* Cash has one participant, its owner. */
static bool has_its_party(const struct state *s, unsigned node)
{
	size_t count = 0, right = 0;

	for (size_t i = 0; i < s->parties.count; i++) {
		const struct fact *party = &s->parties.at[i];

		if (party->node != node)
			continue;
		count++;
		right += is_the_owner(s, party);
	}
	return count == 1 && right == 1;
}

static bool has_row(const struct state *s, unsigned node)
{
	for (size_t i = 0; i < s->rows.count; i++)
		if (s->rows.at[i].node == node)
			return true;
	return false;
}

static void check_strays(const struct state *s)
{
	for (size_t i = 0; i < s->parties.count; i++)
		if (!has_row(s, s->parties.at[i].node))
			state_problem(s, s->any->key, s->parties.at[i].node,
				      PROBLEM_ROW_PARTY, NULL);
}

void state_check_parties(const struct state *s)
{
	check_strays(s);
	/* A new contract may have other participants, and need not keep the
	 * tables of cash. */
	if (!s->owned || !(s->owned->flags & OUTPUT_CASH) ||
	    s->owned->flags & OUTPUT_UPGRADED)
		return;
	check_names(s, &s->cash);
	check_names(s, &s->fungible);
	for (size_t i = 0; i < s->rows.count; i++) {
		const struct fact *row = &s->rows.at[i];

		if (row->flags & ROW_PARTIES && !has_its_party(s, row->node))
			state_problem(s, s->any->key, row->node,
				      PROBLEM_ROW_PARTY, NULL);
	}
}
