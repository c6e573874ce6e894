/* SPDX-License-Identifier: Apache-2.0 */
/* scan.c - streams the tables of every node's database into facts. */
#include "vault/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corda/signed_data.h"
#include "sys/interrupt.h"
#include "vault/attachments.h"
#include "vault/key_hashes.h"

/* What each row needs: where it comes from, and whose it is. */
struct source {
	struct check *check;
	struct database *db;
	const char *table;
	bool parties; /* there is a table of them */
	struct arena arena; /* of one row */
	struct error *err;
};

enum { ROW_MAX = 1024 * 1024 };

static void source_release(struct source *s)
{
	arena_release(&s->arena);
}

struct table {
	const char *needs; /* table or column that must be there */
	const char *sql;
	int (*row)(const struct pg_row *row, void *source);
};

static void own_key(struct check *c, const char *hash, uint16_t node)
{
	struct fact f = { .type = FACT_KEY_OWNER, .node = node };

	if (!hash || node == NODE_NONE)
		return;
	key_hash_fact(hash, f.key);
	spool_add(c->keys, &f);
}

/* Keys that the node made: for change, and for anonymous recipients. */
static int take_own_key(const struct pg_row *row, void *source)
{
	struct source *s = source;

	own_key(s->check, pg_text(row, 0), s->db->node);
	return 0;
}

/* The main key of each node of the network map. */
static int take_party(const struct pg_row *row, void *source)
{
	struct source *s = source;

	own_key(s->check, pg_text(row, 1),
		check_node_by_name(s->check, pg_text(row, 0)));
	return 0;
}

/* Of a state, or of none: `key` NULL. */
static int take_odd(const struct source *s, const char *text,
		    const uint8_t *key, uint32_t index)
{
	const struct odd_place at = { .node = s->db->node,
				      .table = s->table,
				      .key = key,
				      .index = index };

	return odd_add(&s->check->odd, &at, text, s->err);
}

/* A row about a state: its first two columns are id and index. 0 if the first
 * is not an id, 1 if it is. */
static int state_fact(const struct pg_row *row, const struct source *s,
		      enum fact_type type, struct fact *ret)
{
	*ret = (struct fact){ .type = (uint8_t)type,
			      .node = s->db->node,
			      .index = (uint32_t)pg_int(row, 1, 0),
			      .asset = ASSET_NONE };
	if (fact_key(pg_text(row, 0), ret->key))
		return 1;
	return take_odd(s, pg_text(row, 0), NULL, 0);
}

static bool writes_names(const struct source *s, const char *column)
{
	const struct network *net = &s->check->net;
	const struct network_node *node = &net->nodes[s->db->node];

	return conduct_names_owner(&s->check->conduct, column,
				   net->releases[node->release].platform);
}

/* Whether a row names the node as the owner, which is so of all in a vault. */
static uint8_t owner_flags(const struct source *s, const char *column,
			   const char *name)
{
	if (!name)
		return writes_names(s, column) ? ROW_NAME_OTHER : ROW_NAME_NONE;
	return check_node_by_name(s->check, name) == s->db->node
		       ? 0
		       : ROW_NAME_OTHER;
}

/* id, index, consumed, has a time, locked, class, notary, constraint, time,
 * constraint's data */
static int take_vault_row(const struct pg_row *row, void *source)
{
	struct source *s = source;
	struct fact f;
	int rc = state_fact(row, s, FACT_VAULT_ROW, &f);
	const uint8_t *constraint;
	size_t len;

	if (rc != 1)
		return rc;
	f.flags = (uint8_t)((pg_int(row, 2, 0) ? ROW_CONSUMED : 0) |
			    (pg_int(row, 3, 0) ? ROW_CONSUMED_TIME : 0) |
			    (pg_int(row, 4, 0) ? ROW_LOCKED : 0) |
			    (s->parties ? ROW_PARTIES : 0));
	constraint = pg_bytes(row, 9, &len);
	f.extra = check_row_hash(pg_text(row, 5), pg_text(row, 6),
				 (int)pg_int(row, 7, 0), constraint,
				 constraint ? len : 0);
	f.time = pg_int(row, 8, 0);
	spool_add(s->check->states, &f);
	return 0;
}

/* id, index, pennies, currency, issuer's key hash, reference, owner */
static int take_cash_row(const struct pg_row *row, void *source)
{
	struct source *s = source;
	const char *currency = pg_text(row, 3), *issuer = pg_text(row, 4);
	const uint8_t *ref;
	size_t len;
	struct fact f;
	int rc = state_fact(row, s, FACT_CASH_ROW, &f);

	if (rc != 1 || !currency || !issuer)
		return rc < 0 ? -1 : 0;
	ref = pg_bytes(row, 5, &len);
	f.amount = pg_int(row, 2, 0);
	f.flags = owner_flags(s, "contract_cash_states.owner_name",
			      pg_text(row, 6));
	f.asset = assets_find(&s->check->assets, currency, issuer, ref, len,
			      NULL);
	spool_add(s->check->states, &f);
	return 0;
}

/* id, index, quantity, issuer, reference, owner */
static int take_fungible_row(const struct pg_row *row, void *source)
{
	struct source *s = source;
	struct fact f;
	int rc = state_fact(row, s, FACT_FUNGIBLE_ROW, &f);
	const uint8_t *ref;
	size_t len;

	if (rc != 1)
		return rc;
	f.amount = pg_int(row, 2, 0);
	ref = pg_bytes(row, 4, &len);
	f.extra = assets_issuer_hash(pg_text(row, 3), ref, ref ? len : 0);
	f.flags = owner_flags(s, "vault_fungible_states.owner_name",
			      pg_text(row, 5));
	spool_add(s->check->states, &f);
	return 0;
}

/* id, index, key's hash, name */
static int take_party_row(const struct pg_row *row, void *source)
{
	struct source *s = source;
	const char *hash = pg_text(row, 2);
	struct fact f;
	int rc = state_fact(row, s, FACT_PARTY_ROW, &f);

	if (rc != 1)
		return rc;
	key_hash_fact(hash ? hash : "", f.other);
	f.flags = owner_flags(s, "state_party.x500_name", pg_text(row, 3));
	spool_add(s->check->states, &f);
	return 0;
}

static int take_committed_state(const struct pg_row *row, void *source)
{
	struct source *s = source;
	struct fact f;
	int rc = state_fact(row, s, FACT_COMMITTED, &f);

	if (rc != 1)
		return rc;
	if (!fact_key(pg_text(row, 2), f.other)) {
		f.flags = COMMIT_ODD;
		rc = take_odd(s, pg_text(row, 2), f.key, f.index);
	}
	spool_add(s->check->states, &f);
	return rc < 0 ? -1 : 0;
}

/*
 * A cluster's node: "transaction:index", its place in the log, and who spent it
 * as a blob of its own. One that cannot be read would look like one that was
 * not committed.
 */
static int take_raft_state(const struct pg_row *row, void *source)
{
	struct source *s = source;
	const char *text = pg_text(row, 0), *id = text ? text : "";
	const char *colon = strrchr(id, ':');
	struct fact f = { .type = FACT_COMMITTED,
			  .node = s->db->node,
			  .amount = pg_int(row, 1, 0),
			  .asset = ASSET_NONE };
	int64_t *end = &s->check->log_ends[s->db->node];
	char tx[FACT_TEXT + 64];
	const uint8_t *blob;
	size_t len;

	snprintf(tx, sizeof(tx), "%.*s", colon ? (int)(colon - id) : 0, id);
	if (!fact_key(tx, f.key))
		return error_set(s->err, ERROR_INTERNAL,
				 "expected TRANSACTION:INDEX, not '%.300s'",
				 id);
	f.index = (uint32_t)strtoul(colon + 1, NULL, 10);
	blob = pg_bytes(row, 2, &len);
	arena_clear(&s->arena);
	if (secure_hash_read(blob, len, &s->arena, f.other, s->err) < 0)
		return error_wrap(s->err, "state_value of %s", id);
	if (f.amount > *end)
		*end = f.amount;
	spool_add(s->check->states, &f);
	return 0;
}

static int take_committed_tx(const struct pg_row *row, void *source)
{
	struct source *s = source;
	struct fact f = { .type = FACT_COMMITTED_TX, .node = s->db->node };

	s->check->listed[s->db->node]++;
	if (!fact_key(pg_text(row, 0), f.key))
		return take_odd(s, pg_text(row, 0), NULL, 0);
	spool_add(s->check->transactions, &f);
	return 0;
}

#define MICROSECONDS(column) "(extract(epoch from " column ")*1000000)::bigint"

static const struct table tables[] = {
	{ "node_our_key_pairs",
	  "select public_key_hash from node_our_key_pairs", take_own_key },
	{ "node_info_party_cert",
	  "select party_name, owning_key_hash from node_info_party_cert",
	  take_party },
	{ "vault_states",
	  "select transaction_id, output_index, state_status,"
	  " consumed_timestamp is not null, lock_id is not null,"
	  " contract_state_class_name, notary_name, constraint_type,"
	  " " MICROSECONDS("recorded_timestamp") ", constraint_data"
						 " from vault_states"
						 " where relevancy_status=0",
	  take_vault_row },
	{ "contract_cash_states",
	  "select transaction_id, output_index, pennies, ccy_code,"
	  " issuer_key_hash, issuer_ref, owner_name"
	  " from contract_cash_states",
	  take_cash_row },
	{ "vault_fungible_states",
	  "select transaction_id, output_index, quantity, issuer_name,"
	  " issuer_ref, owner_name from vault_fungible_states",
	  take_fungible_row },
	{ "state_party",
	  "select transaction_id, output_index, public_key_hash, x500_name"
	  " from state_party",
	  take_party_row },
	{ "node_notary_committed_states",
	  "select transaction_id, output_index, consuming_transaction_id"
	  " from node_notary_committed_states",
	  take_committed_state },
	{ "node_notary_committed_txs",
	  "select transaction_id from node_notary_committed_txs",
	  take_committed_tx },
	{ "node_raft_committed_states",
	  "select id, state_index, lo_get(state_value)"
	  " from node_raft_committed_states",
	  take_raft_state },
	{ "node_raft_committed_txs",
	  "select transaction_id from node_raft_committed_txs",
	  take_committed_tx },
	{ "node_bft_committed_states",
	  "select transaction_id, output_index, consuming_transaction_id"
	  " from node_bft_committed_states",
	  take_committed_state },
	{ "node_bft_committed_txs",
	  "select transaction_id from node_bft_committed_txs",
	  take_committed_tx },
};

static int scan_tables(struct check *c, struct database *db, struct error *err)
{
	cleanup(source_release) struct source s = {
		.check = c,
		.db = db,
		.parties = database_has(db, "state_party"),
		.arena = ARENA_INIT(ROW_MAX),
		.err = err
	};

	if (c->net.nodes[db->node].role == NODE_NOTARY &&
	    !database_has(db, "node_notary_committed_txs") &&
	    !database_has(db, "node_raft_committed_txs") &&
	    !database_has(db, "node_bft_committed_txs"))
		c->no_committed_txs = true;
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
		s.table = tables[i].needs;
		if (database_has(db, tables[i].needs) &&
		    pg_each(db->pg, tables[i].sql, tables[i].row, &s, err) < 0)
			return error_wrap(err, "%s", tables[i].needs);
	}
	return 0;
}

static int scan_database(struct check *c, struct database *db,
			 struct error *err)
{
	char snapshot[SNAPSHOT_ROOM];

	if (database_freeze(db, snapshot, err) < 0 ||
	    scan_tables(c, db, err) < 0 ||
	    check_scan_attachments(c, db, err) < 0 ||
	    check_scan_flows(c, db, err) < 0)
		return -1;
	return check_scan_transactions(c, db, snapshot, err);
}

int check_scan(struct check *c, struct error *err)
{
	for (uint16_t i = 0; i < c->net.node_count; i++) {
		struct database db;
		int rc;

		if (!check_covers(c, i))
			continue;
		progress_say(c->progress, atomic_load(&c->stored), c->expected,
			     0, "reading %s", c->net.nodes[i].name);
		if (interrupt_check(err) < 0 ||
		    database_open(c, i, &db, err) < 0)
			return -1;
		rc = scan_database(c, &db, err);
		database_close(&db);
		if (rc < 0)
			return error_wrap(err, "vault of %s",
					  c->net.nodes[i].name);
		c->databases++;
	}
	return 0;
}
