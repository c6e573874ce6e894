/* SPDX-License-Identifier: Apache-2.0 */
/* state_view.h - all that is known of one state, in the second round. */
#ifndef VAULT_STATE_VIEW_H
#define VAULT_STATE_VIEW_H

#include <string.h>

#include "vault/check.h"

struct range {
	const struct fact *at;
	size_t count;
};

/* Nodes whose row of a state is told to be wrong, or to be missing. More of
 * them than there is room for are not in it. */
enum { TOLD_MAX = 8 };
struct told {
	uint16_t nodes[TOLD_MAX];
	unsigned count;
};

struct state {
	struct check *check;
	struct told *told;
	const struct fact *any; /* for key and index */
	const struct fact *owned; /* the decoded output, or NULL: owners.at */
	struct range owners; /* FACT_OWNED, one for each participant */
	bool inherited;
	struct range spent, committed, rows, cash, fungible, parties;
	/* In `other`, by the rule of state_find_spender(); NULL: unspent. */
	const struct fact *spender;
	bool claimed; /* a notary alone names the spender */
};

static inline bool same_other(const struct fact *a, const struct fact *b)
{
	return memcmp(a->other, b->other, FACT_ID) == 0;
}

/* Adds a fact about the transaction `key` to the third round. */
void state_tell(struct check *c, struct fact *f, enum fact_type type,
		const uint8_t key[FACT_ID]);
void state_problem(const struct state *s, const uint8_t tx[FACT_ID],
		   unsigned node, enum problem what, const uint8_t *other);
/*
 * The same for the one that a notary alone names as the spender. Whether a
 * vault has that transaction, and the notary is wrong, is known in the round
 * of claims (join_claims.c).
 */
void state_claim(const struct state *s, struct fact *f, enum fact_type type);

/* ---- who spent it, and what each notary has of that (spenders.c) ---- */

void state_find_spender(struct state *s);
void state_check_spenders(const struct state *s);

/* ---- where it comes from (origin.c) ---- */

/*
 * Of a spent state that nobody's transaction made: if a vault, the notary or
 * the history knows it, its transaction is gone; else whoever spends it does
 * not belong here.
 */
void state_check_origin(const struct state *s);
/* Nodes keep the whole chain of what they store. */
void state_tell_needed(const struct state *s);

/* ---- whose it is, by names and keys in the vaults (parties.c) ---- */

void state_check_parties(const struct state *s);

#endif
