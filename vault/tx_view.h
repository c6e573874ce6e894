/* SPDX-License-Identifier: Apache-2.0 */
/* tx_view.h - all that is known of one transaction, and what is wrong. */
#ifndef VAULT_TX_VIEW_H
#define VAULT_TX_VIEW_H

#include "vault/check.h"

struct trouble {
	enum problem what;
	uint16_t node;
	uint32_t index;
	const uint8_t *other; /* or NULL */
};

/* More are not told; the weightiest are kept. */
enum { TROUBLES_MAX = 48 };

struct tx_value {
	int32_t asset;
	MONEY_SUM in, out, exit;
};

struct tx_view {
	struct check *check;
	const uint8_t *id;
	const struct fact *facts; /* sorted by type */
	size_t count;

	bool stored; /* somewhere, readable or not */
	bool readable; /* somewhere */
	uint8_t flags; /* STORED_…, of all copies */
	uint32_t kind; /* enum tx_kind, of a readable copy */
	uint16_t notary; /* node, or NODE_NONE */
	uint32_t committed_at; /* by its nodes' ordinals, a bit each */
	bool committed; /* at enough of them: check_is_commit() */
	int64_t time; /* recorded first; 0: unknown */

	/* Who pays whom: by the owners of inputs and outputs. */
	uint16_t payer, payee;
	MONEY_SUM amount; /* what the payee gets */
	int32_t asset;
	struct tx_value *values; /* room for `count`: a fact has one asset */
	size_t value_count;
	bool value_unknown; /* an input's value is not known */

	/* The operation that names its id; else, once it is settled, the one
	 * that could have made it; else NULL. */
	const struct op_record *op;
	struct op_record op_room;
	size_t op_at; /* in the history */
	struct trouble troubles[TROUBLES_MAX];
	size_t trouble_count;
};

/* True if the node's database has the transaction. */
bool tx_view_has(const struct tx_view *v, unsigned node);
void tx_view_drop(struct tx_view *v, enum problem what);
void tx_view_trouble(struct tx_view *v, enum problem what, unsigned node,
		     uint32_t index, const uint8_t *other);

/* The operation that names its id: to be called first. */
void tx_view_find_op(struct tx_view *v);
/* The operation it belongs to, by id or else by what it moves; keeps what is
 * settled of it (settle.c). */
void tx_view_settle(struct tx_view *v);

/* Names the owners that follow from the transaction alone, in its facts (which
 * are v's own) and troubles (owners.c). To be called when all facts were seen.
 */
void tx_view_find_owners(struct tx_view *v, struct fact *facts);
/* Its notary's two lists agree: that of transactions and that of states
 * (commits.c). To be called when its presence was checked. */
void tx_view_check_commits(struct tx_view *v);

/* One finding for all its troubles (transaction_findings.c). */
int tx_view_report(struct tx_view *v, struct error *err);

/* ---- evidence (finding_evidence.c) ---- */

/* Node, release, contracts jar, and the rows it has of the transaction. */
struct js *evidence_side(struct check *c, unsigned node, const char *tx,
			 bool has, bool look_up);
struct js *evidence_notary(struct check *c, unsigned node, const char *tx,
			   bool committed, bool look_up);
struct js *evidence_flow(struct check *c, const struct flow_left *flow);
/* Writes it and counts it. */
int check_found(struct check *c, struct finding *f, struct error *err);

#endif
