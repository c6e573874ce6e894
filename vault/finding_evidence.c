/* SPDX-License-Identifier: Apache-2.0 */
/* finding_evidence.c - what a finding shows: rows, releases, jars, flows. */
#include <stdio.h>

#include "vault/tx_view.h"

enum { SQL_MAX = 512, ROWS_MAX = 16 };

/* Each row comes as the database's own JSON. */
static int take_row(const struct pg_row *row, void *ctx)
{
	struct js *rows = ctx, *value;
	size_t len;
	const uint8_t *text = pg_bytes(row, 0, &len);

	if (js_count(rows) >= ROWS_MAX)
		return 1;
	if (text && js_parse("row", text, len, &value, NULL) == 0)
		js_append(rows, value);
	return 0;
}

/* Rows of `table` whose `column` is the transaction; none when it fails: the
 * finding stands without them. */
static void add_rows(struct database *db, const char *table, const char *column,
		     const char *tx, struct js *to)
{
	struct js *rows;
	char sql[SQL_MAX];

	if (!database_has(db, table))
		return;
	rows = js_array();
	/* The id is hex and colon: fact_text() or tx_id_text() made it. */
	snprintf(sql, sizeof(sql),
		 "select row_to_json(t)::text from %s t where %s='%s'", table,
		 column, tx);
	(void)pg_each(db->pg, sql, take_row, rows, NULL);
	js_set(to, table, rows);
}

static struct js *describe(struct check *c, unsigned node)
{
	struct js *side = js_object();
	const struct network_node *n;
	const struct release *r;

	js_set_str(side, "node", check_node_name(c, node));
	if (node >= c->net.node_count)
		return side;
	n = &c->net.nodes[node];
	r = &c->net.releases[n->release];
	js_set_str(side, "release", r->label);
	js_set_str(side, "contracts", r->contracts);
	js_set_str(side, "cordapps", r->cordapps);
	return side;
}

struct js *evidence_side(struct check *c, unsigned node, const char *tx,
			 bool has, bool look_up)
{
	struct js *side = describe(c, node), *rows;
	struct database db;

	js_set_bool(side, "has", has);
	if (!look_up || !check_covers(c, node) ||
	    database_open(c, (uint16_t)node, &db, NULL) < 0)
		return side;
	rows = js_object();
	add_rows(&db, "node_transactions", "tx_id", tx, rows);
	add_rows(&db, "vault_states", "transaction_id", tx, rows);
	add_rows(&db, "contract_cash_states", "transaction_id", tx, rows);
	add_rows(&db, "vault_fungible_states", "transaction_id", tx, rows);
	add_rows(&db, "state_party", "transaction_id", tx, rows);
	js_set(side, "rows", rows);
	database_close(&db);
	return side;
}

struct js *evidence_notary(struct check *c, unsigned node, const char *tx,
			   bool committed, bool look_up)
{
	struct js *side = describe(c, node), *rows;
	struct database db;

	js_set_bool(side, "committed", committed);
	if (!look_up || !check_covers(c, node) ||
	    database_open(c, (uint16_t)node, &db, NULL) < 0)
		return side;
	rows = js_object();
	add_rows(&db, "node_notary_committed_txs", "transaction_id", tx, rows);
	add_rows(&db, "node_notary_committed_states",
		 "consuming_transaction_id", tx, rows);
	add_rows(&db, "node_raft_committed_txs", "transaction_id", tx, rows);
	add_rows(&db, "node_bft_committed_states", "consuming_transaction_id",
		 tx, rows);
	add_rows(&db, "node_bft_committed_txs", "transaction_id", tx, rows);
	js_set(side, "rows", rows);
	database_close(&db);
	return side;
}

struct js *evidence_flow(struct check *c, const struct flow_left *flow)
{
	struct js *v = js_object();

	js_set_str(v, "node", check_node_name(c, flow->node));
	js_set_str(v, "flow", flow->id);
	js_set_str(v, "name", flow->name);
	js_set_str(v, "status", flow->status);
	js_set_str(v, "error", flow->error);
	return v;
}

int check_found(struct check *c, struct finding *f, struct error *err)
{
	int rc = finding_append(c->run_dir, f, err);

	js_free(f->evidence);
	f->evidence = NULL;
	if (f->note)
		c->notes++;
	else
		c->findings++;
	return rc;
}
