/* SPDX-License-Identifier: Apache-2.0 */
/* check.h - one check of a run's vaults: what its steps share. */
#ifndef VAULT_CHECK_H
#define VAULT_CHECK_H

#include <stdatomic.h>

#include "base/arena.h"
#include "base/progress.h"
#include "data/pg.h"
#include "run/network.h"
#include "run/records.h"
#include "run/run.h"
#include "vault/assets.h"
#include "vault/conduct.h"
#include "vault/fact.h"
#include "vault/lineage.h"
#include "vault/members.h"
#include "vault/odd.h"
#include "vault/ops.h"
#include "vault/spool.h"

/* A flow that has not ended: a row of node_checkpoints. */
struct flow_left {
	uint16_t node;
	const char *id;
	const char *name; /* class of the flow, or NULL: not told */
	const char *status; /* "hospitalized" …, or NULL: not told */
	const char *error; /* type and message of its exception, or NULL */
	bool told; /* in a finding's evidence */
};

struct check {
	const char *run_dir;
	struct progress *progress;
	struct arena arena; /* network, flows */
	struct network net;
	struct endpoint database;
	struct secrets secrets;
	struct ops *ops; /* owned */
	struct conduct conduct; /* what releases are known to do */

	struct spool *keys, *states, *claims, *attachments, *transactions;
	struct assets assets;
	struct lineage *lineage;
	struct members members;
	struct odd_list odd;
	struct flow_left *flows;
	size_t flow_count;

	int64_t quiet_us; /* when the vaults were quiet, or not waited for */
	double quiet_seconds; /* waited for that */
	struct motion *motion; /* not quiet: what still runs; NULL: quiet */
	struct flow_left *flows_before; /* the scan; where it is not quiet */
	size_t flow_before_count;
	size_t in_flight; /* payments */
	atomic_size_t stored; /* transactions read */
	atomic_size_t signatures; /* that are good */
	atomic_size_t repeated; /* of these, seen in another vault before */
	struct verified *verified;
	size_t expected; /* transactions, for progress */
	unsigned databases, findings, notes;
	unsigned looked_up; /* findings whose rows were fetched */
	bool no_committed_txs; /* a notary keeps no such list */
	bool ask; /* the nodes, too (witness.c) */
	bool may_repeat; /* another reading may follow this one */
	bool repeat; /* it is to follow */
	struct js *asked; /* owned; what the nodes answered, or NULL */
	int64_t *log_ends; /* a node: how far it has read its cluster's log */
	int64_t *listed; /* a node: transactions that it lists as committed */
};

/* ---- databases (databases.c) ---- */

struct database {
	struct pg *pg;
	uint16_t node;
	struct buf columns; /* "\ntable\ntable.column\n…" */
};

/* Connects to a node's database and learns its tables. */
int database_open(struct check *c, uint16_t node, struct database *ret,
		  struct error *err);
void database_close(struct database *db);
/* "vault_states" or "node_transactions.status" */
bool database_has(const struct database *db, const char *name);
/* A snapshot that stays the same while the transaction is open; others join
 * it by its name, which is in `room`. */
enum { SNAPSHOT_ROOM = 64 };
int database_freeze(struct database *db, char room[SNAPSHOT_ROOM],
		    struct error *err);
int database_join(struct database *db, const char *snapshot, struct error *err);

/* True if the node's database is to be looked at. */
static inline bool check_covers(const struct check *c, unsigned node)
{
	return node < c->net.node_count &&
	       network_node_runs(&c->net, &c->net.nodes[node]);
}

/* The node with this legal name, the one that stands for the notary with this
 * name, or NODE_NONE. */
uint16_t check_node_by_name(const struct check *c, const char *legal_name);
/* The node that stands for a notary, of any of its nodes; else NODE_NONE. */
uint16_t check_notary(const struct check *c, unsigned node);
/* How many nodes the notary is that the node belongs to. */
unsigned check_notary_nodes(const struct check *c, unsigned node);
/* True if its notary has committed what so many of its nodes have. */
bool check_is_commit(const struct check *c, unsigned node, unsigned have);
/* The node's name, or "an unknown node". */
const char *check_node_name(const struct check *c, unsigned node);
/* Of class, notary and constraint: what a vault row must have in common with
 * its output. */
uint32_t check_row_hash(const char *class_name, const char *notary,
			int constraint_type, const void *constraint,
			size_t len);
/* The notary's part in it, which is joined to the rest by XOR. */
uint32_t check_notary_hash(const char *notary);
/* An id as text; of a longer one than SHA-256 its first 32 bytes. */
enum { FACT_TEXT = 2 * FACT_ID + 8 };
const char *fact_text(char room[FACT_TEXT], const uint8_t id[FACT_ID]);
/* The key of an id given as text; false if it is none. */
bool fact_key(const char *text, uint8_t ret[FACT_ID]);

/* ---- the steps, in this order ---- */

/* Waits until nothing changes any more, but not without bound: timeouts.settle,
 * or more where the nodes were slow (patience.h). Then c->motion is set. */
int check_await_quiet(struct check *c, struct error *err);
/* Reads every database, writes facts (scan.c, transactions.c, flows.c). */
int check_scan(struct check *c, struct error *err);
int check_scan_transactions(struct check *c, const struct database *db,
			    const char *snapshot, struct error *err);
int check_scan_flows(struct check *c, struct database *db, struct error *err);
/* The rounds; that of attachments is in attachments.h. */
int check_join_keys(struct check *c, struct error *err);
int check_join_states(struct check *c, struct error *err);
int check_join_claims(struct check *c, struct error *err);
int check_join_transactions(struct check *c, struct error *err);
/* What no transaction explains: flows and sums (unexplained.c). */
int check_rest(struct check *c, struct error *err);
/* What each vault holds of each kind of money, and the sums (balances.c). */
int check_write_balances(struct check *c, struct error *err);
/* Asks each bank's node what it holds, and compares (witness.c). Where they
 * differ and may_repeat, finds nothing and sets `repeat`. */
int check_ask_nodes(struct check *c, struct error *err);
/* Rows without a transaction id (odd.c). */
int check_report_odd(struct check *c, struct error *err);

#endif
