/* SPDX-License-Identifier: Apache-2.0 */
/* stored.c - one transaction as the nodes' databases have it. */
#include "vault/stored.h"

#include <stdio.h>
#include <string.h>

#include "corda/signed_data.h"
#include "corda/transaction.h"
#include "sys/clock.h"
#include "vault/check.h"
#include "vault/stored_json.h"

enum {
	ARENA_MAX = 256 * 1024 * 1024,
	BLOB_MAX = 64 * 1024 * 1024,
	KEYS_MAX = 64 * 1024 * 1024 /* of all participants, as text */
};

struct stored {
	struct check check; /* network, database, secrets, arena alone */
	struct pg_value id;
	struct buf room; /* of the transaction */
	struct transaction tx;
	struct js *shown; /* NULL: not found yet; owned */
	const char *node; /* whose database is open */
	struct error *err;
};

/* ---- rows ---- */

static int take_blob(const struct pg_row *row, void *ctx)
{
	struct stored *s = ctx;
	const uint8_t *blob;
	size_t len;

	blob = pg_bytes(row, 0, &len);
	if (!s->shown) {
		if (!blob ||
		    transaction_read(blob, len, &s->room, &s->check.arena,
				     &s->tx, s->err) < 0)
			return blob ? -1 : 0;
		s->shown = stored_json(&s->tx);
	}
	js_append_str(js_edit(s->shown, "stored_by"), s->node);
	return 0;
}

static struct js *output_at(const struct stored *s, int64_t index)
{
	const struct js *outputs = js_get(s->shown, "outputs");

	if (index < 0 || (size_t)index >= js_count(outputs))
		return NULL;
	return (struct js *)js_at(outputs, (size_t)index);
}

/* A time in microseconds; null where there is none. */
static void set_time(struct js *to, const char *key, int64_t us)
{
	char room[CLOCK_TEXT];

	js_set_str(to, key, us ? clock_text(room, us) : NULL);
}

/* output_index, state_status, owner_name, recorded, consumed, lock_id, locked
 */
static int take_vault_row(const struct pg_row *row, void *ctx)
{
	struct stored *s = ctx;
	struct js *output = output_at(s, pg_int(row, 0, -1));
	struct js *one;

	if (!output)
		return 0;
	one = js_object();
	js_set_str(one, "node", s->node);
	js_set_str(one, "status",
		   pg_int(row, 1, 0) == ROW_CONSUMED ? "consumed"
						     : "unconsumed");
	js_set_str(one, "owner", pg_text(row, 2));
	set_time(one, "recorded", pg_int(row, 3, 0));
	set_time(one, "consumed", pg_int(row, 4, 0));
	js_set_str(one, "lock", pg_text(row, 5));
	/* Nodes keep the time of a lock that they have released. */
	set_time(one, "locked", pg_text(row, 5) ? pg_int(row, 6, 0) : 0);
	js_append(js_edit(output, "vaults"), one);
	return 0;
}

static const char vault_rows[] =
	"select v.output_index, v.state_status, c.owner_name,"
	" (extract(epoch from v.recorded_timestamp)*1000000)::bigint,"
	" (extract(epoch from v.consumed_timestamp)*1000000)::bigint,"
	" v.lock_id, (extract(epoch from v.lock_timestamp)*1000000)::bigint"
	" from vault_states v left join contract_cash_states c"
	" using (transaction_id, output_index)"
	" where transaction_id=$1 and relevancy_status=0"
	" order by v.output_index";

static int read_vault(struct stored *s, const struct database *db,
		      struct error *err)
{
	if (!database_has(db, "vault_states") ||
	    !database_has(db, "contract_cash_states"))
		return 0;
	return pg_each_with(db->pg, vault_rows, &s->id, 1, take_vault_row, s,
			    err);
}

/* ---- who has spent an output ---- */

static void add_consumer(struct stored *s, int64_t index, const char *tx)
{
	struct js *output = output_at(s, index);
	struct js *one;

	if (!output)
		return;
	one = js_object();
	js_set_str(one, "tx", tx);
	js_set_str(one, "node", s->node);
	js_append(js_edit(output, "consumed_by"), one);
}

/* output_index, consuming_transaction_id */
static int take_commit(const struct pg_row *row, void *ctx)
{
	add_consumer(ctx, pg_int(row, 0, -1), pg_text(row, 1));
	return 0;
}

/* output_index, the id of the consumer as a blob */
static int take_raft_commit(const struct pg_row *row, void *ctx)
{
	struct stored *s = ctx;
	char id[FACT_TEXT];
	uint8_t tx[FACT_ID];
	const uint8_t *blob;
	size_t len;

	blob = pg_bytes(row, 1, &len);
	if (secure_hash_read(blob, len, &s->check.arena, tx, s->err) < 0)
		return error_wrap(s->err, "node_raft_committed_states");
	add_consumer(s, pg_int(row, 0, -1), fact_text(id, tx));
	return 0;
}

static const struct {
	const char *table, *sql;
	int (*row)(const struct pg_row *row, void *stored);
} commits[] = {
	{ "node_notary_committed_states",
	  "select output_index, consuming_transaction_id"
	  " from node_notary_committed_states where transaction_id=$1",
	  take_commit },
	{ "node_bft_committed_states",
	  "select output_index, consuming_transaction_id"
	  " from node_bft_committed_states where transaction_id=$1",
	  take_commit },
	{ "node_raft_committed_states",
	  "select substring(id from '[0-9]+$')::int, lo_get(state_value)"
	  " from node_raft_committed_states"
	  " where starts_with(id, $1::text || ':')",
	  take_raft_commit },
};

static int read_commits(struct stored *s, const struct database *db,
			struct error *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(commits); i++)
		if (database_has(db, commits[i].table) &&
		    pg_each_with(db->pg, commits[i].sql, &s->id, 1,
				 commits[i].row, s, err) < 0)
			return -1;
	return 0;
}

/* ---- whose keys the participants have ---- */

static void name_participants(struct stored *s, const char *hash,
			      const char *node)
{
	const struct js *outputs = js_get(s->shown, "outputs");

	for (size_t i = 0; i < js_count(outputs); i++) {
		const struct js *all =
			js_get(js_at(outputs, i), "participants");

		for (size_t j = 0; j < js_count(all); j++)
			if (!strcmp(js_str(js_at(all, j), "key"), hash))
				js_set_str((struct js *)js_at(all, j), "node",
					   node);
	}
}

/* hash of a key, legal name or NULL: the node's own */
static int take_key(const struct pg_row *row, void *ctx)
{
	struct stored *s = ctx;
	const char *name = pg_text(row, 1), *hash = pg_text(row, 0);
	uint16_t node;

	if (!name) {
		name_participants(s, hash, s->node);
		return 0;
	}
	node = check_node_by_name(&s->check, name);
	if (node != NODE_NONE)
		name_participants(s, hash, check_node_name(&s->check, node));
	return 0;
}

/* "DL…,DL…" */
static void list_keys(const struct stored *s, struct buf *out)
{
	const struct js *outputs = js_get(s->shown, "outputs");
	const char *before = "";

	for (size_t i = 0; i < js_count(outputs); i++) {
		const struct js *all =
			js_get(js_at(outputs, i), "participants");

		for (size_t j = 0; j < js_count(all); j++) {
			buf_addf(out, "%s%s", before,
				 js_str(js_at(all, j), "key"));
			before = ",";
		}
	}
}

static int read_keys(struct stored *s, const struct database *db,
		     struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(KEYS_MAX);
	struct pg_value keys;

	list_keys(s, &text);
	if (buf_check(&text, err) < 0)
		return -1;
	keys = (struct pg_value){ buf_text(&text), text.len };
	if (database_has(db, "node_info_party_cert") &&
	    pg_each_with(db->pg,
			 "select owning_key_hash, party_name"
			 " from node_info_party_cert"
			 " where owning_key_hash=any(string_to_array($1::text, "
			 "','))",
			 &keys, 1, take_key, s, err) < 0)
		return -1;
	if (!database_has(db, "node_our_key_pairs"))
		return 0;
	return pg_each_with(
		db->pg,
		"select public_key_hash, null::text"
		" from node_our_key_pairs"
		" where public_key_hash=any(string_to_array($1::text, ','))",
		&keys, 1, take_key, s, err);
}

/* ---- all databases ---- */

static int read_blob(struct stored *s, const struct database *db,
		     struct error *err)
{
	if (!database_has(db, "node_transactions"))
		return 0;
	return pg_each_with(db->pg,
			    "select lo_get(transaction_value)"
			    " from node_transactions where tx_id=$1",
			    &s->id, 1, take_blob, s, err);
}

static int read_rows(struct stored *s, const struct database *db,
		     struct error *err)
{
	if (read_vault(s, db, err) < 0 || read_commits(s, db, err) < 0)
		return -1;
	return read_keys(s, db, err);
}

static int read_node(struct stored *s, uint16_t node,
		     int (*read)(struct stored *s, const struct database *db,
				 struct error *err),
		     struct error *err)
{
	struct database db;
	int rc;

	if (database_open(&s->check, node, &db, err) < 0)
		return -1;
	s->node = s->check.net.nodes[node].name;
	s->err = err;
	rc = read(s, &db, err);
	database_close(&db);
	return rc < 0 ? error_wrap(err, "%s", s->node) : 0;
}

static int read_nodes(struct stored *s,
		      int (*read)(struct stored *s, const struct database *db,
				  struct error *err),
		      struct error *err)
{
	for (unsigned i = 0; i < s->check.net.node_count; i++)
		if (check_covers(&s->check, i) &&
		    read_node(s, (uint16_t)i, read, err) < 0)
			return -1;
	return 0;
}

static int load(struct check *c, struct error *err)
{
	if (network_load(c->run_dir, &c->arena, &c->net, err) < 0 ||
	    endpoint_load(c->run_dir, NULL, &c->arena, &c->database, err) < 0)
		return -1;
	return secrets_load(c->run_dir, &c->arena, &c->secrets, err);
}

/* Rows are about the outputs of the transaction, which the first node may not
 * have: the transaction is read from all nodes before. */
static int read_all(struct stored *s, struct error *err)
{
	if (load(&s->check, err) < 0 || read_nodes(s, read_blob, err) < 0)
		return -1;
	return s->shown ? read_nodes(s, read_rows, err) : 0;
}

int vault_stored(const char *run_dir, const char *tx, struct js **ret,
		 struct error *err)
{
	struct stored s = { .check = { .run_dir = run_dir,
				       .arena = ARENA_INIT(ARENA_MAX) },
			    .id = { tx, strlen(tx) },
			    .room = BUF_INIT(BLOB_MAX) };
	int rc = read_all(&s, err);

	if (rc == 0)
		*ret = s.shown;
	else
		js_free(s.shown);
	buf_release(&s.room);
	arena_release(&s.check.arena);
	return rc;
}
